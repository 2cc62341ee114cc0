using Pedigree.Evidence;

namespace Pedigree.Cli.Rendering;

/// <summary>What the blocks of a report are written to: a terminal, an HTML page, a Markdown file. All text may come from strangers; each page makes it safe in its own way.</summary>
internal interface IPage
{
    /// <summary>Where a reader finds what a block leaves out, as a phrase.</summary>
    string More { get; }

    /// <summary>The characters to draw with.</summary>
    Glyphs Glyphs { get; }

    /// <summary>A heading of the first order.</summary>
    void Opening(string text);

    /// <summary>A heading of the second order with what it means for the reader.</summary>
    void Section(string title, string meaning);

    /// <summary>A heading of the third order with a quiet note.</summary>
    void Heading(string text, string note);

    /// <summary>The word of a verdict with its reason.</summary>
    void Verdict(string word, string reason, bool isFound);

    /// <summary>A paragraph.</summary>
    void Prose(string text, Tone tone = Tone.Plain);

    /// <summary>Text beside a label; without a label it goes on under the last one.</summary>
    void Field(string label, string text, Tone tone = Tone.Plain);

    /// <summary>Text after a mark.</summary>
    void Item(string mark, string text, Tone markTone = Tone.Quiet, Tone tone = Tone.Plain);

    /// <summary>A table.</summary>
    void Table(IReadOnlyList<PageColumn> columns, IEnumerable<IReadOnlyList<string>> rows);

    /// <summary>The hits of every layer, one strip a test.</summary>
    void Strips(IReadOnlyList<EvidenceItem> items);

    /// <summary>Room between blocks.</summary>
    void Blank();
}
