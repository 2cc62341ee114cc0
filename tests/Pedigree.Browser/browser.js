// The browser of the tests: the Chromium that the system has, without anything that asks the network by itself.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const places = [process.env.PEDIGREE_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function launch() {
  const executablePath = places.find((place) => place && existsSync(place));
  if (!executablePath) {
    throw new Error('No Chromium was found; PEDIGREE_CHROMIUM names one.');
  }

  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });
}
