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

            foreach (var two in pair.Reference.Layers[choice.Reference].Mlps)
            {
                var one = pair.Suspect.Layers[choice.Suspect].Mlps.FirstOrDefault(mlp => mlp.Expert == two.Expert) ?? pair.Suspect.Layers[choice.Suspect].Mlps[0];
                // Experts of the reference that share one MLP of the suspect would count it twice; the first of them stands for all.
                if (one.Expert == two.Expert || ReferenceEquals(two, pair.Reference.Layers[choice.Reference].Mlps[0]))
                {
                    groups.AddRange(Blocks(one, two, map, choice.Suspect, choice.Reference, threads));
                }
            }
        }

        return groups;
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
