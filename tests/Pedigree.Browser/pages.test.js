// Opens every page of the gallery, and those that the .NET tests leave in PEDIGREE_PAGES, as readers do.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { launch } from './browser.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const gallery = fileURLToPath(new URL('../../docs/gallery', import.meta.url));
const folders = [gallery, process.env.PEDIGREE_PAGES].filter(Boolean);
const files = folders.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.html')).sort().map((name) => join(folder, name)));
assert.ok(files.length >= 5, 'the gallery has five pages');

let browser;
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

// A page with what it said and asked for while it was open.
async function open(file, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const said = [];
  const asked = [];
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => { said.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(file).href, { waitUntil: 'load' });
  return { page, said, asked, close: () => context.close() };
}

const unfold = (page) => page.evaluate(() => document.querySelectorAll('details').forEach((each) => { each.open = true; }));

async function rulesBroken(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  assert.ok(found.passes.length > 10, 'axe-core ran its rules');
  return found.violations.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.html.slice(0, 120)).slice(0, 3).join(' | ')}`);
}

for (const file of files) {
  describe(basename(file), { concurrency: false }, () => {
    let day;
    let night;
    before(async () => { [day, night] = [await open(file), await open(file, { colorScheme: 'dark' })]; });
    after(async () => { await day.close(); await night.close(); });

    test('is read with the keyboard', async () => {
      const { page } = day;
      await page.keyboard.press('Tab');
      assert.match(await page.evaluate(() => document.activeElement.textContent), /^Skip to/);
      const summaries = await page.locator('summary').count();
      const reached = new Set();
      for (let press = 0; press < 300 && reached.size < summaries; press++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => [...document.querySelectorAll('summary')].indexOf(document.activeElement));
        if (at >= 0) {
          reached.add(at);
          assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'none');
          await page.keyboard.press('Enter');
          assert.ok(await page.evaluate(() => document.activeElement.parentElement.open), 'Enter opens what is folded');
          await page.keyboard.press('Enter');
        }
      }

      assert.equal(reached.size, summaries);
    });

    test('breaks no rule of accessibility by day', async () => {
      await unfold(day.page);
      assert.deepEqual(await rulesBroken(day.page), []);
    });

    test('breaks no rule of accessibility by night', async () => {
      await unfold(night.page);
      assert.deepEqual(await rulesBroken(night.page), []);
    });

    test('never scrolls sideways, and shows its headline first', async () => {
      const { page } = day;
      await unfold(page);
      for (const width of [320, 375, 768, 1280]) {
        await page.setViewportSize({ width, height: 812 });
        await page.evaluate(() => window.scrollTo(0, 0));
        const [inside, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
        assert.ok(inside <= shown, `at ${width} pixels the page is ${inside} wide`);
        const headline = await page.locator('h1').boundingBox();
        assert.ok(headline.y + headline.height < 812 && headline.x + headline.width <= width, `at ${width} pixels the headline does not fit the first screen`);
      }
    });

    test('prints in black on white', async () => {
      const { page } = night;
      const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true });
      assert.equal(pdf.subarray(0, 5).toString('latin1'), '%PDF-');
      const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
      assert.ok(sheets >= 1 && sheets <= 200, `${sheets} sheets`);
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
    });

    test('asked for nothing but itself and said nothing all the while', () => {
      for (const { said, asked } of [day, night]) {
        assert.deepEqual(said, []);
        assert.deepEqual(asked.filter((url) => !url.startsWith('data:,')), [pathToFileURL(file).href]);
      }

      assert.ok(statSync(file).size < 2_000_000);
    });

    test('is the same page without scripts', async () => {
      const { page, close } = await open(file, { javaScriptEnabled: false });
      assert.equal(await page.locator('h1').innerText(), await day.page.locator('h1').innerText());
      await close();
    });
  });
}
