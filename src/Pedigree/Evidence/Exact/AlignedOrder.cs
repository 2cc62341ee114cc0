using Pedigree.Alignment;
using Pedigree.Units;

namespace Pedigree.Evidence.Exact;

/// <summary>The exact order test on neurons after alignment: the residual map and the layer map were chosen from content that does not change when neurons are relabelled,
/// so under the null hypothesis the order of the reference's neurons is still random.</summary>
internal static class AlignedOrder
{
    /// <summary>Identifier of the test.</summary>
    public const string Id = "mlp-neuron-order-aligned";

    /// <summary>Groups of neurons: each layer of the reference once, with the layer of the suspect that agrees with it most.</summary>
    /// <param name="pair">The aligned pair.</param>
    /// <param name="threads">Threads to use.</param>
    public static IReadOnlyList<UnitGroup> Groups(AlignedPair pair, int threads)
    {
        var held = pair.Fit.Held;
        var groups = new List<UnitGroup>();
        foreach (var choice in Enumerable.Range(0, held.Suspect.Count)
            .Where(row => held.Possible[row].Any(count => count > 0))
            .GroupBy(held.Best)
            .Select(rows => (Reference: rows.Key, Suspect: rows.MaxBy(row => held.Share(row, rows.Key))))
            .OrderBy(choice => choice.Reference))
        {
            if (pair.Fit.MapOf(choice.Suspect) is not { } map)
            {
                continue;
            }

            foreach (var (one, two) in Partners(pair, map, choice.Suspect, choice.Reference, threads))
            {
                groups.AddRange(Blocks(one, two, map, choice.Suspect, choice.Reference, threads));
            }
        }

        return groups;
    }

    // Which MLPs of two layers correspond: the judged one of the suspect in whose neurons two views agree most, each MLP of either model once. Without agreement the one of the
    // same expert, or the only one.
    private static IEnumerable<(MlpRows Suspect, MlpRows Reference)> Partners(AlignedPair pair, ResidualMap map, int suspectLayer, int referenceLayer, int threads)
    {
        var (suspect, reference) = (pair.Suspect.Layers[suspectLayer].Judged, pair.Reference.Layers[referenceLayer]);
        if (suspect.Count == 0 || reference.Pool is not { } pool)
        {
            yield break;
        }

        if (suspect.Count == 1 && reference.Mlps.Count == 1)
        {
            yield return (suspect[0], reference.Mlps[0]);
            yield break;
        }

        var agreeing = new int[suspect.Count, reference.Mlps.Count];
        var mapped = StandardRows.Of(pool.Rows.In(map, threads));
        for (var i = 0; i < suspect.Count; i++)
        {
            var one = StandardRows.Of(suspect[i]);
            var size = checked(one.Count * mapped.Count);
            var match = TwoViewMatch.Of(one, mapped, pool.Mlps, (new float[size], new float[size]));
            for (var row = 0; row < one.Count; row++)
            {
                if (match.Agreed[row])
                {
                    agreeing[i, pool.Mlps[mapped.Kept[match.First[row]]]]++;
                }
            }
        }

        var (ones, twos) = (new bool[suspect.Count], new bool[reference.Mlps.Count]);
        foreach (var (i, j) in from i in Enumerable.Range(0, suspect.Count)
                               from j in Enumerable.Range(0, reference.Mlps.Count)
                               orderby agreeing[i, j] descending, suspect[i].Expert == reference.Mlps[j].Expert descending, i, j
                               select (i, j))
        {
            if (!ones[i] && !twos[j] && (agreeing[i, j] > 0 || suspect[i].Expert == reference.Mlps[j].Expert || reference.Mlps.Count == 1 || suspect.Count == 1))
            {
                (ones[i], twos[j]) = (true, true);
                yield return (suspect[i], reference.Mlps[j]);
            }
        }
    }

    private static IEnumerable<UnitGroup> Blocks(MlpRows suspect, MlpRows reference, ResidualMap map, int suspectLayer, int referenceLayer, int threads)
    {
        int[] common = [.. suspect.Seats.Intersect(reference.Seats).Order()];
        var views = Math.Min(suspect.Views.Count, reference.Views.Count);
        if (common.Length < 2 || !suspect.Names.Take(views).SequenceEqual(reference.Names.Take(views), StringComparer.Ordinal))
        {
            yield break;
        }

        var mapped = reference.In(map, threads);
        var free = suspect.SignFree && reference.SignFree;
        var blocks = (common.Length + UnitGroup.LargestBlock - 1) / UnitGroup.LargestBlock;
        for (var block = 0; block < blocks; block++)
        {
            int[] seats = blocks == 1 ? common : [.. common.Where((_, i) => i / SeatSample.Run % blocks == block)];
            yield return new UnitGroup(
                suspectLayer, referenceLayer, reference.Expert, Math.Min(suspect.TotalSeats, reference.TotalSeats), seats,
                [.. Enumerable.Range(0, views).Select(v => new UnitView(suspect.Names[v], suspect.Width, Rows(suspect, v, seats), Rows(mapped, v, seats), free && v > 0))],
                StandardiseColumns: true, block);
        }
    }

    private static float[] Rows(MlpRows mlp, int view, int[] seats)
    {
        var result = new float[checked(seats.Length * mlp.Width)];
        for (int i = 0, at = 0; i < seats.Length; i++)
        {
            while (mlp.Seats[at] != seats[i])
            {
                at++;
            }

            mlp.Views[view].AsSpan(at * mlp.Width, mlp.Width).CopyTo(result.AsSpan(i * mlp.Width, mlp.Width));
        }

        return result;
    }
}
