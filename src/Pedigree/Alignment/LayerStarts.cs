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
    /// <param name="step">Called after each layer.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static IReadOnlyList<(string Name, ResidualMap Map)> Of(
        AlignmentInput suspect, AlignmentInput reference, IReadOnlyList<int> fit, int threads, Action<string> step, CancellationToken cancellation)
    {
        var found = new List<(int Agreeing, int Order, string Name, ResidualMap Map)>();
        foreach (var layer in Spread(fit, MostFit).Where(layer => suspect.Layers[layer].Judged.Count > 0))
        {
            var own = MomentAlignment.Moments(suspect, [layer], threads);
            var rows = (Layer: layer, Mlps: (IReadOnlyList<StandardRows>)[.. suspect.Layers[layer].Judged.Select(StandardRows.Of)]);
            // Layers at the same relative depth come first.
            var depth = (layer + 0.5) / suspect.Layers.Count * reference.Layers.Count;
            foreach (var other in Enumerable.Range(0, reference.Layers.Count).OrderBy(other => Math.Abs(other + 0.5 - depth)).Take(MostReference).Order()
                .Where(other => reference.Layers[other].Pool is not null))
            {
                var single = reference with { Layers = [reference.Layers[other]] };
                var moments = MomentAlignment.Moments(reference, [other], threads);
                foreach (var (_, map) in MomentAlignment.Of(moments, reference.Width, own, suspect.Width, Rounds, threads, cancellation))
                {
                    if (RowRefinement.Round(map, [(rows.Mlps, single.Layers[0].Pool!.Rows)], threads, cancellation) is { } sharper)
                    {
                        var agreeing = LayerAgreement.Of([rows], single, sharper, threads, cancellation).Total;
                        found.Add((agreeing, found.Count, "second moments of one layer", sharper));
                    }
                }
            }

            step("aligning layer by layer");
        }

        return [.. found.OrderByDescending(start => start.Agreeing).ThenBy(start => start.Order).Take(Kept).Select(start => (start.Name, start.Map))];
    }

    private static IEnumerable<int> Spread(IReadOnlyList<int> layers, int most) => layers.Count <= most
        ? layers : Enumerable.Range(0, most).Select(i => layers[(int)((i + 0.5) * layers.Count / most)]);
}
