using System.Globalization;

namespace Pedigree.Evidence.Descriptive.Vocabularies;

/// <summary>Where two token lists come from: what a known public list explains of their overlap, whether their merges were learned together, which marks of one maker
/// both have. A new tokenizer never clears weights and an old one never convicts, so none of it counts in a verdict.</summary>
internal static class VocabularyLineage
{
    /// <summary>What no figure about tokenizers says.</summary>
    public const string Caution = " A tokenizer can be adopted without weights and replaced without retraining from scratch.";

    private const string KnownNull = "44 pairs of independent lists among ten public vocabularies (our own computation): 0, because no list of a third was held by both";
    private const string MergeNull = "20 pairs of independent lists among seven public vocabularies (our own computation): rank correlation 0.32 to 0.84, at most 3 equal merges from the first on";
    private const string AddedNull = "44 pairs of independent lists among ten public vocabularies (our own computation): none";

    private const int LongestNamed = 5;

    // Of GPT-2, GPT-NeoX, Falcon, DBRX, DeepSeek-Coder, DeepSeek LLM and StarCoder 2, each pair but the two of DeepSeek, whose merges agree at 0.997.
    internal static readonly double[] MergeCorrelations =
        [0.3208, 0.3543, 0.4010, 0.4075, 0.4707, 0.6244, 0.6300, 0.6493, 0.6771, 0.7279, 0.7319, 0.7360, 0.7473, 0.7480, 0.7493, 0.7516, 0.7678, 0.7743, 0.7794, 0.8412];

    internal static readonly double[] MergePrefixes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 3, 3];

    /// <summary>The four items without figures.</summary>
    /// <param name="note">Why there are none.</param>
    public static IReadOnlyList<EvidenceItem> Absent(string note) => [Known(null, note), Order(null, note), Prefix(null, note), Added(null, note)];

    /// <summary>Four items: share of the tokens in common that a known list explains, rank correlation of merges, merges equal from the first on, added tokens in common.</summary>
    /// <param name="first">The list of the reference.</param>
    /// <param name="second">The list of the suspect.</param>
    /// <param name="common">The tokens in common.</param>
    public static IReadOnlyList<EvidenceItem> Compare(Vocabulary first, Vocabulary second, IReadOnlyList<string> common)
    {
        var merges = MergeOrder.Of(first.Merges, second.Merges);
        var order = merges is null
            ? "Not computed: a list of merges is missing."
            : string.Create(CultureInfo.InvariantCulture, $"{first.Merges.Count:N0} merges in the reference, {second.Merges.Count:N0} in the suspect, {merges.Shared:N0} in both.");
        return [Explained(first, second, common), Order(merges?.RankCorrelation, order), Prefix(merges?.EqualFromFirst, order), OfAdded(first, second)];
    }

    private static EvidenceItem Explained(Vocabulary first, Vocabulary second, IReadOnlyList<string> common)
    {
        if (common.Count == 0)
        {
            return Known(null, "Not computed: the lists have no token in common.");
        }

        if (KnownVocabulary.CommonAncestor(first, second) is not { } list || list.ShareOf(common) is not { } explained)
        {
            return Known(0, $"None of the {KnownVocabularies.All.Count} known lists is held by both, so the tokens in common have no known origin.");
        }

        var beyond = (int)Math.Round((1 - explained.Share) * common.Count);
        return Known(explained.Share, string.Create(CultureInfo.InvariantCulture,
            $"Both hold the public list of {list.Name} ({list.Tokens:N0} tokens). By a sample of {explained.Sampled} tokens, about {beyond:N0} of the {common.Count:N0} in common stand outside it."));
    }

    private static EvidenceItem OfAdded(Vocabulary first, Vocabulary second)
    {
        if (first.Added.Count == 0 || second.Added.Count == 0)
        {
            return Added(null, "Not computed: a list does not tell added tokens apart.");
        }

        var common = AddedTokens.InCommon(first.Added, second.Added);
        var named = string.Join(", ", common.Take(LongestNamed).Select(token => $"`{token}`"));
        return Added(common.Count, common.Count == 0
            ? "The added tokens that both have are used by many."
            : $"Both add {named}{(common.Count > LongestNamed ? " and more" : "")}; numbers within tokens count for nothing.");
    }

    private static EvidenceItem Known(double? share, string note) => Item(
        "tokenizer-known-list", "share of the tokens in common that a known public list explains", share, KnownNull, 0, share > 0 ? 1 : 0, note);

    private static EvidenceItem Order(double? correlation, string note) => Item(
        "tokenizer-merge-order", "rank correlation of the merges in common", correlation, MergeNull, Median(MergeCorrelations), ShareBelow(correlation, MergeCorrelations), note);

    private static EvidenceItem Prefix(double? equal, string note) => Item(
        "tokenizer-merge-prefix", "merges that are equal from the first on", equal, MergeNull, Median(MergePrefixes), ShareBelow(equal, MergePrefixes), note);

    private static EvidenceItem Added(double? count, string note) => Item(
        "tokenizer-added-tokens", "added tokens in common that few use", count, AddedNull, 0, count > 0 ? 1 : 0, note);

    private static EvidenceItem Item(string test, string statistic, double? value, string nullPhrase, double expectation, double percentile, string note) => new()
    {
        Test = test,
        Tier = Tier.Descriptive,
        Statistic = value,
        StatisticName = statistic,
        Null = nullPhrase,
        NullExpectation = expectation,
        NullPercentile = value is null ? null : percentile,
        Note = note + Caution,
    };

    private static double Median(double[] ascending) => (ascending[(ascending.Length - 1) / 2] + ascending[ascending.Length / 2]) / 2;

    private static double ShareBelow(double? value, double[] ascending) => (double)ascending.Count(known => known < value) / ascending.Length;
}
