using System.CommandLine;
using System.CommandLine.Invocation;

namespace Pedigree.Cli.Commands;

/// <summary>Prints the name and version of the program.</summary>
internal sealed class VersionLine : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"{Product.Command} {Product.Version}");
        return (int)ExitCode.NothingFound;
    }
}
