namespace Pedigree.Cli.Rendering.Html;

/// <summary>What the method cannot do, whatever the models, and the words of a report explained.</summary>
internal static class MethodLimits
{
    private static readonly string[] Limits =
    [
        "Weights do not show who came first. A declaration, a dated digest or a third relative does.",
        "Two runs of one script with one seed share their order without either being made from the other.",
        "Layers pruned, inserted or repeated, and neurons shuffled, rotated or rescaled are undone only as far as the bytes allowed reach; the report says when that was not tried.",
        "A model trained on the outputs of another (distillation) shares no weights with it, and none are found.",
        "It was tested on small models trained for the purpose and on public small models. Nobody has checked it on pairs of billions of parameters with a known history.",
    ];

    private static readonly (string Word, string Meaning)[] Glossary =
    [
        ("suspect, reference", "the model examined, and the model that may be its parent. The words accuse nobody."),
        ("neuron, unit", "one of many equal parts of a layer; a row of numbers. Heads, experts and residual dimensions are units too."),
        ("seat", "the place of a unit in its layer. Which unit has which seat is chance when a model is first trained."),
        ("hit", "a unit whose most similar unit in the other model sits in the same seat."),
        ("cosine", "how alike two rows of numbers are: 1 is equal up to scale, 0 is unrelated."),
        ("log10 p", "the power of ten of a probability: -6 is one in a million. It answers: if nothing were shared, how often would chance look like this?"),
        ("null", "what models give that share nothing. A figure means something only beside its null."),
        ("control", "a model known to be unrelated that was put through the same test."),
        ("exact, calibrated, descriptive", "three kinds of evidence: proven from the order of units alone; measured against controls; shown for information, without weight."),
    ];

    public static Element Of() => Element.Of("section",
        Element.Of("h2", "Limits of the method"),
        Element.Of("ul", Limits.Select(limit => Element.Of("li", limit))),
        Element.Of("details", Element.Of("summary", "The words of this page"), Element.Of("dl", Glossary.SelectMany(entry => new[] { Element.Of("dt", entry.Word), Element.Of("dd", entry.Meaning) }))));
}
