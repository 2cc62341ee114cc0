namespace Pedigree.Alignment;

/// <summary>Divides a model's layers into two halves, one to fit on and one to judge, so that no layer is judged under a map that saw a copy of it.</summary>
/// <remarks>
/// Layers that were repeated (depth growth) hold the same neurons. If a map was fitted on one of them, fitting alone makes the other agree: in a repeated layer of a stranger
/// we saw 27 % of the neurons. Layers of one model that agree with each other on more than <see cref="Kin"/> of their neurons therefore share a half. What still leaks is
/// at most that share of what fitting gains, which is less than any layer needs. A suspect that inherited every other layer only would have them all in one half, with nothing
/// to fit on in the other. So layers that agree under a start which no layer shaped are dealt out first.
/// </remarks>
internal static class LayerHalves
{
    /// <summary>Agreeing share from which two layers of one model count as kin.</summary>
    public const double Kin = 0.1;

    /// <summary>The half of each layer, 0 or 1.</summary>
    /// <param name="layers">The model's layers, standardised.</param>
    /// <param name="model">The same model, as read.</param>
    /// <param name="seen">For each layer, the largest agreeing share with a layer of the reference under starts that no layer shaped.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static int[] Of(
        IReadOnlyList<(int Layer, IReadOnlyList<StandardRows> Mlps)> layers, AlignmentInput model, IReadOnlyList<double> seen, int threads, CancellationToken cancellation)
    {
        var own = LayerAgreement.Of(layers, model, ResidualMap.Identity(model.Width), threads, cancellation);
        var family = Enumerable.Range(0, layers.Count).ToArray();
        for (var one = 0; one < layers.Count; one++)
        {
            for (var two = 0; two < one; two++)
            {
                if (family[one] != family[two] && Math.Max(own.Share(one, two), own.Share(two, one)) > Kin)
                {
                    var (kept, gone) = (Math.Min(family[one], family[two]), Math.Max(family[one], family[two]));
                    family = [.. family.Select(member => member == gone ? kept : member)];
                }
            }
        }

        // Families that agree first, otherwise in order of their first layer, each to the smaller half: without kin, layers alternate.
        var halves = new int[layers.Count];
        var sizes = new int[2];
        foreach (var members in Enumerable.Range(0, layers.Count).GroupBy(layer => family[layer])
            .OrderByDescending(group => group.Any(layer => seen[layer] > Kin)).ThenBy(group => group.Key))
        {
            var half = sizes[1] < sizes[0] ? 1 : 0;
            foreach (var layer in members)
            {
                halves[layer] = half;
                sizes[half] += layers[layer].Mlps.Count > 0 ? 1 : 0;
            }
        }

        return halves;
    }
}
