using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Alignment;

/// <summary>Query heads of a suspect matched among all query heads of a reference in two disjoint views, W_Qᵀ·W_K and W_O·W_V, and how often both name the same head.</summary>
/// <param name="Layers">Layers of the suspect.</param>
/// <param name="Judged">Heads of each of them.</param>
/// <param name="Pairs">For each, the agreeing heads: head of the suspect, layer and head of the reference.</param>
/// <param name="ReferenceHeads">Heads of a layer of the reference, the fewest.</param>
internal sealed record HeadAgreement(
    IReadOnlyList<int> Layers, IReadOnlyList<int> Judged, IReadOnlyList<IReadOnlyList<(int Suspect, int Layer, int Reference)>> Pairs, int ReferenceHeads)
{
    /// <summary>Heads judged.</summary>
    public int Total => Judged.Sum();

    /// <summary>The layer of the reference that holds most agreeing heads of a layer; -1 without any.</summary>
    public int Best(int row) => Pairs[row].Count == 0 ? -1 : Pairs[row].GroupBy(pair => pair.Layer).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;

    /// <summary>Agreeing heads of a layer in its best layer of the reference.</summary>
    public int Agreeing(int row) => Best(row) is >= 0 and var best ? Pairs[row].Count(pair => pair.Layer == best) : 0;

    /// <summary>Agreeing heads, each layer with its best.</summary>
    public int AllAgreeing => Enumerable.Range(0, Layers.Count).Sum(Agreeing);

    /// <summary>Agreeing heads that lie in other layers than the best.</summary>
    public int Elsewhere => Pairs.Sum(pairs => pairs.Count) - AllAgreeing;

    /// <summary>Measures layers of the suspect against the whole reference.</summary>
    /// <param name="suspect">The suspect's heads.</param>
    /// <param name="reference">The reference's heads, sketched with the mapped probes.</param>
    public static HeadAgreement Of(IReadOnlyList<HeadSketches> suspect, IReadOnlyList<HeadSketches> reference)
    {
        var places = reference.SelectMany(layer => layer.Heads.Select(head => (layer.Layer, head))).ToArray();
        var (one, two) = (Standard(suspect), Standard(reference));
        var probes = reference.Count == 0 ? 0 : reference[0].QueryKey.Length / reference[0].Heads.Length;
        var pairs = new List<IReadOnlyList<(int, int, int)>>();
        var at = 0;
        foreach (var layer in suspect)
        {
            var count = layer.Heads.Length;
            var (first, second) = (Match(one.QueryKey, two.QueryKey), Match(one.ValueOutput, two.ValueOutput));
            pairs.Add([.. Enumerable.Range(0, count).Where(i => first[i] >= 0 && first[i] == second[i] && one.Usable[at + i] && two.Usable[first[i]])
                .Select(i => (layer.Heads[i], places[first[i]].Layer, places[first[i]].head))]);
            at += count;

            int[] Match(float[] suspects, float[] references)
            {
                var products = new float[count * places.Length];
                RowProducts.Multiply(suspects.AsSpan(at * probes, count * probes), count, references, places.Length, probes, products);
                var match = new int[count];
                StableMatching.Match(products, count, places.Length, match);
                return match;
            }
        }

        return new HeadAgreement(
            [.. suspect.Select(layer => layer.Layer)], [.. suspect.Select(layer => layer.Heads.Length)], pairs, reference.Select(layer => layer.Heads.Length).DefaultIfEmpty(0).Min());
    }

    // What all heads have in common is taken out, then each has length 1. Heads whose product is zero or no number, or equal to that of a head before, are as like one head as another:
    // both views would break such a tie in the same way.
    private static (float[] QueryKey, float[] ValueOutput, bool[] Usable) Standard(IReadOnlyList<HeadSketches> layers)
    {
        bool[] usable = [.. layers.SelectMany(layer => layer.Heads.Select(_ => true))];
        return (Joined(layer => layer.QueryKey), Joined(layer => layer.ValueOutput), usable);

        float[] Joined(Func<HeadSketches, float[]> view)
        {
            float[] rows = [.. layers.SelectMany(view)];
            var count = usable.Length;
            if (count > 0)
            {
                // Products of attention that is sharp are much larger than others; each head counts alike in the mean.
                var probes = rows.Length / count;
                Standardisation.Rows(rows, count, probes, new double[count]);
                Standardisation.CentreColumns(rows, count, probes);
                var lengths = new double[count];
                Standardisation.Rows(rows, count, probes, lengths);
                var seen = new HashSet<ulong>();
                for (var head = 0; head < count; head++)
                {
                    usable[head] &= !double.IsNaN(lengths[head]) && seen.Add(RowHash.Of(rows.AsSpan(head * probes, probes), 0));
                }
            }

            return rows;
        }
    }
}
