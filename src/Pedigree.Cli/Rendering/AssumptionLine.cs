using Pedigree.Evidence;

namespace Pedigree.Cli.Rendering;

/// <summary>An assumption with the mark of its check.</summary>
internal static class AssumptionLine
{
    private const int MarkWidth = 15;

    public static void Write(Page page, Assumption assumption, bool isFirst)
    {
        if (!isFirst)
        {
            page.Blank();
        }

        var (mark, tone) = assumption.Status switch
        {
            AssumptionStatus.Held => (page.Glyphs.Held, Tone.Plain),
            AssumptionStatus.Failed => (page.Glyphs.Failed, Tone.Fault),
            _ => (page.Glyphs.Open, Tone.Attention),
        };
        page.Field($"{mark} {Sentences.Status(assumption.Status)}", assumption.Text, Tone.Plain, tone, MarkWidth);
        page.Field("", assumption.Check, Tone.Quiet, labelWidth: MarkWidth);
    }
}
