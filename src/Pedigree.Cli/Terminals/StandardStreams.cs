using System.Text;
using Spectre.Console;

namespace Pedigree.Cli.Terminals;

/// <summary>Where the program writes: results on the standard output, everything else on the standard error.</summary>
internal sealed class StandardStreams
{
    private const int RedirectedWidth = 100;
    private const int UnwrappedWidth = 1 << 16;

    /// <summary>The bytes of the standard output, for JSON.</summary>
    public required Stream Output { get; init; }

    /// <summary>The standard output as text, for help and the version.</summary>
    public required TextWriter OutputText { get; init; }

    /// <summary>The standard output as a console, for pages.</summary>
    public required IAnsiConsole Page { get; init; }

    /// <summary>The standard error as a console, for messages and progress.</summary>
    public required IAnsiConsole Messages { get; init; }

    /// <summary>Whether somebody can watch progress on the standard error.</summary>
    public required bool ProgressCanBeSeen { get; init; }

    /// <summary>The streams of this process.</summary>
    public static StandardStreams Open()
    {
        var errorIsTerminal = !Console.IsErrorRedirected && !TerminalIsDumb;
        return new StandardStreams
        {
            Output = Console.OpenStandardOutput(),
            OutputText = Console.Out,
            Page = OpenConsole(Console.Out, Console.IsOutputRedirected, RedirectedWidth),
            Messages = OpenConsole(Console.Error, Console.IsErrorRedirected, UnwrappedWidth),
            ProgressCanBeSeen = errorIsTerminal,
        };
    }

    private static bool TerminalIsDumb => Environment.GetEnvironmentVariable("TERM") is "dumb";

    private static IAnsiConsole OpenConsole(TextWriter writer, bool isRedirected, int redirectedWidth)
    {
        var isPlain = isRedirected || TerminalIsDumb;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPlain || ColourIsUnwanted ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isPlain ? InteractionSupport.No : InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(writer),
            // The enrichers would turn colour back on inside build services.
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        if (isRedirected)
        {
            console.Profile.Width = redirectedWidth;
        }

        console.Profile.Capabilities.Unicode = writer.Encoding.CodePage == Encoding.UTF8.CodePage && !LocaleIsAscii;
        return console;
    }

    private static bool ColourIsUnwanted => Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };

    // The runtime writes UTF-8 in the C locale too, where a terminal may show something else.
    private static bool LocaleIsAscii =>
        (NonEmpty("LC_ALL") ?? NonEmpty("LC_CTYPE") ?? NonEmpty("LANG")) is "C" or "POSIX";

    private static string? NonEmpty(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
