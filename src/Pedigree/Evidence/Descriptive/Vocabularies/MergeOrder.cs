using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive.Vocabularies;

/// <summary>How far two lists of merges agree. Byte-pair encoding lists its merges by how often the pair occurred in the text that it learned from, so that lists learned
/// from different text agree in rank too; one that was copied begins with the same merges.</summary>
/// <param name="Shared">Merges in both lists.</param>
/// <param name="RankCorrelation">Spearman's correlation of their ranks among these; null with fewer than ten.</param>
/// <param name="EqualFromFirst">Merges that are equal from the first on.</param>
internal sealed record MergeOrder(int Shared, double? RankCorrelation, int EqualFromFirst)
{
    /// <summary>Compares two lists; null where one has no merges.</summary>
    public static MergeOrder? Of(IReadOnlyList<(string Left, string Right)> first, IReadOnlyList<(string Left, string Right)> second)
    {
        if (first.Count == 0 || second.Count == 0)
        {
            return null;
        }

        var ranks = new Dictionary<(string, string), int>(second.Count);
        for (var rank = 0; rank < second.Count; rank++)
        {
            ranks.TryAdd(second[rank], rank);
        }

        List<double> x = [], y = [];
        for (var rank = 0; rank < first.Count; rank++)
        {
            // A merge that stands twice in a hostile list is counted where it stands first.
            if (ranks.Remove(first[rank], out var other))
            {
                x.Add(rank);
                y.Add(other);
            }
        }

        var equal = 0;
        while (equal < Math.Min(first.Count, second.Count) && first[equal] == second[equal])
        {
            equal++;
        }

        var correlation = x.Count < RankTests.FewestValues ? double.NaN : Correlation.Spearman([.. x], [.. y]);
        return new MergeOrder(x.Count, double.IsNaN(correlation) ? null : correlation, equal);
    }
}
