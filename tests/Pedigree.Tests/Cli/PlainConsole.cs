using System.Text;
using Spectre.Console;

namespace Pedigree.Tests.Cli;

/// <summary>A console of a given width that keeps what is written to it.</summary>
internal sealed class PlainConsole
{
    private readonly StringBuilder written = new();

    public PlainConsole(int width, bool unicode = true, bool colour = false)
    {
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(new StringWriter(written)),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        Console.Profile.Width = width;
        Console.Profile.Encoding = Encoding.UTF8;
        Console.Profile.Capabilities.Unicode = unicode;
    }

    public IAnsiConsole Console { get; }

    public string Text => written.ToString();

    public static string Render(int width, Action<IAnsiConsole> write, bool unicode = true, bool colour = false)
    {
        var console = new PlainConsole(width, unicode, colour);
        write(console.Console);
        return console.Text;
    }
}
