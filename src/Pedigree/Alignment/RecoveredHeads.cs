using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Corresponding heads of a layer of attention, and the matrix by which each KV group differs from its counterpart inside.</summary>
/// <param name="SuspectLayer">Layer of the suspect.</param>
/// <param name="ReferenceLayer">Layer of the reference.</param>
/// <param name="SuspectHeads">Query heads of the suspect, ascending, whose groups correspond.</param>
/// <param name="ReferenceHeads">The query head of the reference of each, none twice.</param>
/// <param name="SuspectGroups">KV groups of the suspect, ascending.</param>
/// <param name="ReferenceGroups">The group of the reference of each, none twice.</param>
/// <param name="KeyMaps">For each group A, D × D: its keys are A times the reference's, its queries A⁻ᵀ times.</param>
/// <param name="ValueMaps">For each group B, D' × D': its values are B times the reference's, the columns of the output projection B⁻ᵀ times.</param>
internal sealed record RecoveredHeads(
    int SuspectLayer, int ReferenceLayer, int[] SuspectHeads, int[] ReferenceHeads, int[] SuspectGroups, int[] ReferenceGroups, float[] KeyMaps, float[] ValueMaps)
{
    // A map is no evidence: its probes need not depend on the models.
    private const ulong Seed = 0x6d6170;

    /// <summary>Recovers them under a map of the stream: heads that both of their products name (<see cref="HeadAgreement"/>).</summary>
    /// <param name="suspect">The suspect's layer.</param>
    /// <param name="reference">The reference's layer, in the suspect's basis.</param>
    /// <param name="layers">Layer of the suspect and of the reference.</param>
    /// <param name="threads">Threads to use.</param>
    /// <returns>The heads; null where none agree or heads differ in size.</returns>
    public static RecoveredHeads? Of(AttentionRows suspect, AttentionRows reference, (int Suspect, int Reference) layers, int threads)
    {
        var (size, valueSize) = (suspect.Heads.Dimension, suspect.ValueRows);
        if (size != reference.Heads.Dimension || valueSize != reference.ValueRows)
        {
            return null;
        }

        var probes = HeadSketches.Draw(suspect.Width, Seed);
        var (own, other) = (HeadSketches.Of(suspect.Input(), [0], probes, threads), HeadSketches.Of(reference.Input(), [0], probes, threads));
        if (own.Count == 0 || other.Count == 0)
        {
            return null;
        }

        var (group, otherGroup) = (suspect.Heads.Query / suspect.Heads.KeyValue, reference.Heads.Query / reference.Heads.KeyValue);
        var agreed = HeadAgreement.Of(own, other).Pairs[0];
        var taken = new HashSet<int>();
        var groups = new SortedDictionary<int, int>();
        foreach (var (pair, _) in agreed.GroupBy(head => (Own: head.Suspect / group, Other: head.Reference / otherGroup)).Select(heads => (heads.Key, heads.Count()))
            .OrderByDescending(pair => pair.Item2).ThenBy(pair => pair.Key))
        {
            if (!groups.ContainsKey(pair.Own) && taken.Add(pair.Other))
            {
                groups[pair.Own] = pair.Other;
            }
        }

        (int Own, int Other)[] heads = [.. agreed.Where(head => groups.TryGetValue(head.Suspect / group, out var at) && at == head.Reference / otherGroup)
            .Select(head => (head.Suspect, head.Reference)).Order()];
        if (heads.Length == 0)
        {
            return null;
        }

        var pairs = Pairs(suspect, reference, groups);
        (int Own, int Other)[] matched = [.. groups.Select(at => (at.Key, at.Value))];
        var (keys, values) = (new float[matched.Length][], new float[matched.Length][]);
        Parallel.For(0, matched.Length, SharedThreads.Options(threads), i =>
        {
            keys[i] = HeadBasis.Fit(
                Both(suspect.Keys, reference.Keys, [matched[i]], size), Both(suspect.Queries, reference.Queries, Of(matched[i].Own), size), size, suspect.Width, pairs);
            values[i] = HeadBasis.Fit(
                Both(suspect.Values, reference.Values, [matched[i]], valueSize), Both(suspect.Outputs, reference.Outputs, Of(matched[i].Own), valueSize), valueSize, suspect.Width,
                RotaryPairs.None);
        });
        return new RecoveredHeads(
            layers.Suspect, layers.Reference, [.. heads.Select(head => head.Own)], [.. heads.Select(head => head.Other)], [.. groups.Keys], [.. groups.Values],
            [.. keys.SelectMany(map => map)], [.. values.SelectMany(map => map)]);

        (int, int)[] Of(int own) => [.. heads.Where(head => head.Own / group == own)];

        (float[], float[]) Both(float[] one, float[] two, (int Own, int Other)[] units, int rows) => (
            [.. units.SelectMany(unit => Slice(one, unit.Own, rows, suspect.Width).ToArray())], [.. units.SelectMany(unit => Slice(two, unit.Other, rows, suspect.Width).ToArray())]);
    }

    /// <summary>Rows of one head.</summary>
    public static ReadOnlySpan<float> Slice(float[] rows, int head, int size, int width) => rows.AsSpan(checked(head * size * width), size * width);

    // The way of pairing that fits the keys of the layer as well as any matrix does: of hd·d' values noise leaves any matrix a residual smaller by the share hd/d', known to √(2/(hd·d')).
    private static RotaryPairs Pairs(AttentionRows suspect, AttentionRows reference, IReadOnlyDictionary<int, int> groups)
    {
        var (size, width) = (suspect.Heads.Dimension, suspect.Width);
        if (size % 2 != 0 || size >= width)
        {
            return RotaryPairs.None;
        }

        double Residual(RotaryPairs pairs)
        {
            double sum = 0;
            foreach (var (own, other) in groups)
            {
                var rows = Slice(suspect.Keys, own, size, width);
                var counterpart = Slice(reference.Keys, other, size, width);
                var fitted = HeadBasis.Apply(HeadBasis.Fit((rows.ToArray(), counterpart.ToArray()), ([], []), size, width, pairs), counterpart, size);
                for (var i = 0; i < fitted.Length; i++)
                {
                    sum += Math.Pow(rows[i] - fitted[i], 2);
                }
            }

            return sum;
        }

        // Rounding leaves a part in a billion of the squares where there is no noise at all.
        var floor = 1e-9 * groups.Keys.Sum(own => (double)FixedOrderSum.Products(Slice(suspect.Keys, own, size, width), Slice(suspect.Keys, own, size, width)));
        var any = floor + (Residual(RotaryPairs.None) / (1 - ((double)size / width)) * (1 + (3 * Math.Sqrt(2.0 / ((double)size * width * groups.Count)))));
        var (halves, neighbours) = (Residual(RotaryPairs.Halves), Residual(RotaryPairs.Neighbours));
        return Math.Min(halves, neighbours) > any ? RotaryPairs.None : halves <= neighbours ? RotaryPairs.Halves : RotaryPairs.Neighbours;
    }
}
