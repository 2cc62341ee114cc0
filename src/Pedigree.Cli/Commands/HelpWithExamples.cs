using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Pedigree.Cli.Commands;

/// <summary>Adds examples and exit codes to the help of a command.</summary>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string[]> Examples = new(StringComparer.Ordinal)
    {
        ["compare"] =
        [
            "pedigree compare suspect/ reference/",
            "pedigree compare suspect.safetensors base-a/ base-b/ --output report.json",
            "pedigree compare suspect/ reference/ --html report.html",
            "pedigree compare suspect/ reference/ --published-first reference --budget 500M",
            "pedigree compare suspect/ reference/ --json | jq .results[0].verdict",
        ],
        ["inspect"] =
        [
            "pedigree inspect model/",
            "pedigree inspect model/ --tree --layers",
            "pedigree inspect model/ --stats --tensors '*.mlp.*'",
            "pedigree inspect model.safetensors --stats --json",
        ],
        ["check-map"] = ["pedigree check-map map.safetensors suspect/ reference/", "pedigree check-map map.safetensors suspect/ reference/ --json"],
        ["show"] = ["pedigree show report.json", "pedigree show report.json --html report.html", "pedigree show report.html --json | sha256sum"],
    };

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        inner.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var name = parseResult.CommandResult.Command.Name;
        var examples = Examples.TryGetValue(name, out var own) ? own : Examples.Values.Select(each => each[0]);
        output.WriteLine("Examples:");
        foreach (var example in examples)
        {
            output.WriteLine($"  {example}");
        }

        output.WriteLine();
        output.WriteLine("Exit codes:");
        foreach (var (code, meaning) in ExitCodes.Meanings)
        {
            output.WriteLine($"  {(int)code,3}  {meaning}");
        }

        return (int)ExitCode.NothingFound;
    }
}
