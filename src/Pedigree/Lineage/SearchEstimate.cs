using Pedigree.Alignment;

namespace Pedigree.Lineage;

/// <summary>What a search for a hidden origin will cost: where one is found at once, and where the search goes to its end and children are planted to say what it is worth.</summary>
/// <param name="Bytes">Bytes of all models that will be read.</param>
/// <param name="Least">Multiply-adds where an origin is found at once.</param>
/// <param name="Most">Multiply-adds where none is found.</param>
internal readonly record struct SearchEstimate(long Bytes, double Least, double Most)
{
    // A whole search passes about thirty times over all pairs of neurons, in wide models over a part of them, with matching and sorting besides. At widths of 96 to 512 it took
    // 1.0 to 1.2 µs of one core a pair to its end, 0.9 to 1.0 until a child was found, and 0.6 for each planted child: in multiply-adds, at 25 a nanosecond.
    private const double FoundAtOnce = 22_500;
    private const double ToTheEnd = 27_500;
    private const double PlantedChild = 15_000;

    // A child planted in a quick search costs the search but for reading: 52 s of 81 at width 5,120.
    private const double PlantedShare = 0.65;

    /// <summary>The estimate.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="quick">The search of large models, or that goes before the whole one; null for none.</param>
    /// <param name="whole">The whole search; null for none.</param>
    /// <param name="heads">What is read of attention where MLPs show nothing in the quick search; null for nothing.</param>
    /// <param name="controls">Models that go through the search in the suspect's place.</param>
    public static SearchEstimate Of(FoldedModel suspect, FoldedModel reference, WidePlan? quick, AlignmentReading? whole, WideHeadPlan? heads, int controls)
    {
        var pairs = whole?.Pairs(suspect, reference) ?? 0;
        var first = quick?.Multiplications(suspect, reference, found: true) ?? 0;
        var last = quick?.Multiplications(suspect, reference, found: false) ?? 0;
        // Children are planted in the quick search, unless that knows the stored basis alone. Without a vocabulary such a child goes through all of it.
        var planted = AlignmentFindings.MostPlanted * (quick is { CanPlant: true } ? (quick.ByInvariants ? 1 : PlantedShare) * last : PlantedChild * pairs);
        var attention = heads?.Multiplications ?? 0;
        var known = controls * (whole is null ? last + attention : ToTheEnd * pairs);
        var bytes = Math.Max((quick?.Bytes ?? 0) + (heads?.Bytes ?? 0), whole?.Bytes ?? 0) * (2 + controls);
        return new SearchEstimate(bytes, known + (quick is null ? FoundAtOnce * pairs : first), known + last + attention + (ToTheEnd * pairs) + planted);
    }
}
