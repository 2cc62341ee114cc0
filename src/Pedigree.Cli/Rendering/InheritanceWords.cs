using Pedigree.Lineage;

namespace Pedigree.Cli.Rendering;

/// <summary>In which ways parameters were inherited and what was done to them, in plain sentences.</summary>
internal static class InheritanceWords
{
    // Told by the sentence on experts.
    private const string DenseToExperts = "dense-to-experts";

    /// <summary>The sentences; what several tests show of the same units is told once, with the span of their figures.</summary>
    public static IReadOnlyList<string> Of(ComparisonReport report, int index) =>
    [
        .. report.Results[index].Kinds.Where(kind => kind.Kind is not DenseToExperts).GroupBy(kind => (kind.Kind, kind.Scope)).Select(same => Of(same.Key.Kind, same.Key.Scope, [.. same])),
        .. Experts(report.Suspect, report.References[index], report.Results[index]),
    ];

    private static IEnumerable<string> Experts(ModelSummary suspect, ModelSummary reference, ComparisonResult result)
    {
        var shown = result.LayerMap.Sum(link => (long)link.Experts.Count(expert => expert.SuspectExpert >= 0));
        if (shown > 0)
        {
            var from = reference.Experts > 0 ? "an expert of the reference" : "the one MLP that the reference has in that layer";
            var read = Math.Max(shown, (long)result.Kinds.Sum(kind => kind.Parameters.GetValueOrDefault("expertsRead")));
            var all = (long)suspect.Experts * result.LayerMap.Count;
            yield return $"The suspect divides each layer among {Figures.Count(suspect.Experts)} experts. {Figures.Count(read)} of the {Figures.Count(all)} were looked into, "
                + $"{(read < all ? "drawn by lot; they stand for the others, and " : "and ")}{(shown == read ? "all" : Figures.Count(shown))} of them come from {from}.";
        }
    }

    private static string Of(string kind, string scope, InheritanceKind[] same) => kind switch
    {
        "order-and-content-kept" => $"{Capital(scope)} kept their order and much of their content{Span(same, "hitShare", ": ", " sit in the same seat")}{Span(same, "meanRowCosine", ", at a mean cosine of ")}.",
        "residual-basis-rotated" => "The axes of the model were rotated: every stored number changes, and what the model says does not.",
        "residual-dimensions-permuted" => "The dimensions of the residual stream were put in another order, which changes nothing that the model says.",
        "neurons-reordered" => $"The neurons were put in another order, which changes nothing that the model says{Span(same, "keptSeatShare", ": ", " kept their seat")}.",
        "width-changed" => $"The width of the model was changed{Span(same, "referenceWidth", " from ")}{Span(same, "suspectWidth", " to ")}.",
        "some-layers" => $"Only some layers are shown to be inherited{Span(same, "layersShown", ": ")}{Span(same, "layers", " of ")}.",
        "layers-repeated" => $"Layers of the reference occur more than once{Span(same, "repeatedLayers", ": ")}.",
        "layers-dropped" => $"Layers of the reference were left out{Span(same, "skippedLayers", ": ")}.",
        "unchanged-values" => $"Values of the {scope} were taken over unchanged{Span(same, "bitEqualShare", ": ", " are equal bit for bit")}.",
        _ => $"{Capital(kind.Replace('-', ' '))}: {scope}.",
    };

    private static string Span(InheritanceKind[] kinds, string name, string before, string after = "")
    {
        double[] values = [.. kinds.Where(kind => kind.Parameters.ContainsKey(name)).Select(kind => kind.Parameters[name])];
        if (values.Length == 0)
        {
            return "";
        }

        var (least, most) = (Figure(name, values.Min()), Figure(name, values.Max()));
        return $"{before}{(string.Equals(least, most, StringComparison.Ordinal) ? least : $"{least} to {most}")}{after}";
    }

    private static string Figure(string name, double value) => name.EndsWith("Share", StringComparison.OrdinalIgnoreCase) ? Figures.Percent(value) : Figures.Measure(value);

    private static string Capital(string text) => text.Length == 0 ? text : $"{text[..1].ToUpperInvariant()}{text[1..]}";
}
