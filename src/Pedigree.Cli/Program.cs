using System.Runtime.InteropServices;
using Pedigree.Cli;
using Pedigree.Cli.Terminals;

var streams = StandardStreams.Open();
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await new Application(streams, Engine.Library).RunAsync(args, stop.Token);

// The first signal lets the work stop where it is safe; the second does not wait.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    if (stop.IsCancellationRequested)
    {
        streams.Messages.Cursor.Show(true);
        Environment.Exit((int)ExitCode.Cancelled);
    }

    stop.Cancel();
}
