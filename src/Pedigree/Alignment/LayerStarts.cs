using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Starts for an alignment from the second moments of one layer of either model at a time.</summary>
internal static class LayerStarts
{
    /// <summary>Largest width for which the search is made: it costs an alignment for each pair of layers, and at 512 took minutes.</summary>
    public const int MostWidth = 256;

    private const int MostFit = 4;
    private const int MostReference = 8;
    private const int Rounds = 12;

    // One round of matching neurons shows whether a start was right: the agreement of its own two layers then stands out.
    private const int Kept = 2;

    /// <summary>The best starts, those after which the two layers agree most.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="fit">Layers of the suspect that may take part.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="step">Called after each pair of layers.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static IReadOnlyList<(string Name, ResidualMap Map)> Of(
        AlignmentInput suspect, AlignmentInput reference, IReadOnlyList<int> fit, int threads, Action<string> step, CancellationToken cancellation)
    {
        int[] own = [.. Spread(fit, MostFit).Where(layer => suspect.Layers[layer].Judged.Count > 0)];
        var rows = own.Select(layer => (Layer: layer, Mlps: (IReadOnlyList<StandardRows>)[.. suspect.Layers[layer].Judged.Select(StandardRows.Of)])).ToArray();
        (int Own, int Other)[] cells = [.. Enumerable.Range(0, own.Length).SelectMany(i => Near(own[i]).Select(other => (i, other)))];
        var (moments, others) = (Moments(suspect, own), Moments(reference, [.. cells.Select(cell => cell.Other).Distinct()]));
        var found = new IReadOnlyList<(int Agreeing, ResidualMap Map)>[cells.Length];
        // Pairs of layers side by side: each holds a few maps.
        Parallel.For(0, cells.Length, SharedThreads.Options(threads, cancellation), cell =>
        {
            var (i, other) = cells[cell];
            var single = reference with { Layers = [reference.Layers[other]] };
            var sharpened = new List<(int, ResidualMap)>(2);
            foreach (var (_, map) in MomentAlignment.Of(others[other], moments[own[i]], Rounds, threads, cancellation))
            {
                if (RowRefinement.Round(map, [(rows[i].Mlps, single.Layers[0].Pool!)], threads, cancellation) is { } sharper)
                {
                    sharpened.Add((LayerAgreement.Of([rows[i]], single, sharper, threads, cancellation).Total, sharper));
                }
            }

            found[cell] = sharpened;
            step("aligning layer by layer");
        });

        // The order of sorting is stable: among equals the first pair of layers stands.
        return [.. found.SelectMany(starts => starts).OrderByDescending(start => start.Agreeing).Take(Kept).Select(start => ("second moments of one layer", start.Map))];

        // Layers at the same relative depth come first.
        IEnumerable<int> Near(int layer)
        {
            var depth = (layer + 0.5) / suspect.Layers.Count * reference.Layers.Count;
            return Enumerable.Range(0, reference.Layers.Count).OrderBy(other => Math.Abs(other + 0.5 - depth)).Take(MostReference).Order().Where(other => reference.Layers[other].Pool is not null);
        }

        Dictionary<int, SecondMoments> Moments(AlignmentInput model, int[] layers)
        {
            var each = new SecondMoments[layers.Length];
            Parallel.For(0, layers.Length, SharedThreads.Options(threads, cancellation), i => each[i] = SecondMoments.Of(model, [layers[i]], threads));
            return Enumerable.Range(0, layers.Length).ToDictionary(i => layers[i], i => each[i]);
        }
    }

    private static IEnumerable<int> Spread(IReadOnlyList<int> layers, int most) => layers.Count <= most
        ? layers : Enumerable.Range(0, most).Select(i => layers[(int)((i + 0.5) * layers.Count / most)]);
}
