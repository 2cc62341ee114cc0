using System.CommandLine;
using System.Globalization;

namespace Pedigree.Cli.Parsing;

/// <summary>The option <c>--threads</c>.</summary>
internal static class ThreadsOption
{
    private const int MostThreads = 1024;

    public static Option<int?> Create() => new("--threads")
    {
        Description = "Threads that may work at once. [default: one a processor]",
        HelpName = "N",
        CustomParser = result =>
        {
            if (!int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value is < 1 or > MostThreads)
            {
                result.AddError($"`--threads` takes a number from 1 to {MostThreads}.");
            }

            return value;
        },
    };
}
