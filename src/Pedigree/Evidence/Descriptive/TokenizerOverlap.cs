using System.Globalization;
using Pedigree.Evidence.Descriptive.Vocabularies;

namespace Pedigree.Evidence.Descriptive;

/// <summary>How much two vocabularies have in common. Tokenizers are often adopted without any weights, and new weights are trained on old tokenizers:
/// neither agreement nor difference says anything about weights.</summary>
public static class TokenizerOverlap
{
    private const string Null = "175 pairs of independent lists among 20 public vocabularies (our own computation): at most 0.5 % equal ids, Jaccard index 0.58, "
        + "86 % of the smaller in the larger";

    // Shares of the independent pairs that the quantiles below stand at.
    private static readonly double[] Probabilities = [0.05, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99, 1];
    private static readonly double[] EqualIds = [0, 0, 0, 0.0001, 0.0008, 0.0013, 0.0042, 0.0052];
    private static readonly double[] Jaccard = [0.0488, 0.0625, 0.1166, 0.2546, 0.3820, 0.5357, 0.5814, 0.5832];
    private static readonly double[] Containment = [0.1131, 0.1560, 0.2798, 0.4814, 0.7360, 0.8247, 0.8481, 0.8569];

    /// <summary>Seven items: share of the smaller list with equal ids, Jaccard index, share of the smaller list found in the larger, what a known list explains of that,
    /// agreement of merges in rank and from the first on, added tokens. Their statistics are null when a vocabulary is absent or unreadable.</summary>
    /// <param name="reference">The model that may be the parent.</param>
    /// <param name="suspect">The model examined.</param>
    public static IReadOnlyList<EvidenceItem> Compare(DescribedModel reference, DescribedModel suspect)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(suspect);
        var (first, second) = (Vocabulary.Of(reference.Source), Vocabulary.Of(suspect.Source));
        if (first is null || second is null)
        {
            var missing = (first, second) switch { (null, null) => "either model", (null, _) => "the reference", _ => "the suspect" };
            var note = $"Not computed: no readable tokenizer.json or vocab.json beside {missing}.";
            return [Ids(null, note), Overlap(null, note), Contained(null, note), .. VocabularyLineage.Absent(note)];
        }

        var common = new List<string>();
        var equal = 0;
        foreach (var (token, id) in first.Ids)
        {
            if (second.Ids.TryGetValue(token, out var other))
            {
                common.Add(token);
                equal += id == other ? 1 : 0;
            }
        }

        var shared = common.Count;

        var smaller = Math.Min(first.Ids.Count, second.Ids.Count);
        var all = (double)first.Ids.Count + second.Ids.Count - shared;
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{first.Ids.Count} tokens in the reference ({first.File}, {first.Marking}), {second.Ids.Count} in the suspect ({second.File}, {second.Marking}); {shared} shared by the bytes they stand for, {equal} with equal id.");
        return
        [
            Ids((double)equal / smaller, text), Overlap(shared / all, text), Contained((double)shared / smaller, text),
            .. VocabularyLineage.Compare(first, second, common),
        ];
    }

    private static EvidenceItem Ids(double? share, string note) => Item(
        "tokenizer-equal-ids", "share of the smaller vocabulary with equal ids", share, EqualIds, note);

    private static EvidenceItem Overlap(double? share, string note) => Item(
        "tokenizer-jaccard", "Jaccard index of the token sets", share, Jaccard, note);

    private static EvidenceItem Contained(double? share, string note) => Item(
        "tokenizer-containment", "share of the smaller vocabulary found in the larger", share, Containment, note);

    private static EvidenceItem Item(string test, string statistic, double? value, double[] quantiles, string note) => new()
    {
        Test = test,
        Tier = Tier.Descriptive,
        Statistic = value,
        StatisticName = statistic,
        Null = Null,
        NullExpectation = quantiles[2],
        NullPercentile = value is { } known ? ShareBelow(known, quantiles) : null,
        Note = note + VocabularyLineage.Caution,
    };

    private static double ShareBelow(double value, double[] quantiles)
    {
        if (value > quantiles[^1])
        {
            return 1;
        }

        var above = Array.FindIndex(quantiles, quantile => quantile > value);
        return above < 0 ? 1
            : above == 0 ? 0
            : Probabilities[above - 1] + ((Probabilities[above] - Probabilities[above - 1])
                * (value - quantiles[above - 1]) / (quantiles[above] - quantiles[above - 1]));
    }
}
