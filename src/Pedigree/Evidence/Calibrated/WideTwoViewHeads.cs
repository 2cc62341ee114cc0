using Pedigree.Alignment;
using Pedigree.Numerics;

namespace Pedigree.Evidence.Calibrated;

/// <summary><see cref="TwoViewHeads"/> for models too large to be held whole: layers pass by one at a time and leave sketches of their heads.</summary>
/// <remarks>
/// The maps are the basis as stored and that of the vocabulary, which no layer shaped; of the two, each half of the layers is judged under the one that the other half agrees under more. A small pair is judged under
/// the best of a dozen maps, some of them sharpened on its layers, and its heads are looked for in the whole reference: there is less to choose among here, so what unrelated pairs reach there bounds what they reach here.
/// The control pairs, put through this search, reach 25 % as well (four heads a layer, of which chance gives one).
/// </remarks>
internal static class WideTwoViewHeads
{
    /// <summary>Judges two models.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="plan">What is read.</param>
    /// <param name="maps">Maps from the reference's basis to the suspect's that no layer shaped; null among them for the basis as stored.</param>
    /// <param name="unrelated">Shares of unrelated pairs, at least one.</param>
    /// <param name="seed">The comparison's seed.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="step">Called after each layer.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The result; null without a map.</returns>
    public static TwoViewHeads? Of(
        FoldedModel suspect, FoldedModel reference, WideHeadPlan plan, IReadOnlyList<ResidualMap?> maps, IReadOnlyList<double> unrelated, ulong seed, int threads, Action<string> step,
        CancellationToken cancellation)
    {
        if (maps.Count == 0)
        {
            return null;
        }

        var probes = HeadSketches.Draw(suspect.Width, seed);
        var sets = maps.Select(map => map is null ? probes : (TwoViewHeads.Mapped(map, probes.Left, threads), TwoViewHeads.Mapped(map, probes.Right, threads))).ToArray();
        var own = Sketched(suspect, plan.SuspectLayers, [probes]).Select(sketches => sketches[0]).ToArray();
        var others = Sketched(reference, plan.ReferenceLayers, sets);
        var rows = new List<JudgedHeads>();
        var found = new List<(int Layer, ResidualMap? Map, (int Suspect, int Layer, int Reference) Pair)>();
        for (var half = 0; half < 2; half++)
        {
            HeadSketches[] fit = [.. own.Where((_, i) => i % 2 != half)];
            HeadSketches[] judged = [.. own.Where((_, i) => i % 2 == half)];
            // Among equals the first stands.
            var (references, map) = maps.Select((map, i) => (References: others.Select(sketches => sketches[i]).ToArray(), Map: map))
                .MaxBy(start => HeadAgreement.Of(fit, start.References).AllAgreeing);
            JudgedHeads[] layers = [.. JudgedHeads.Of(HeadAgreement.Of(judged, references), judged, references, suspect.Stored.Anatomy.Heads!)];
            rows.AddRange(layers);
            found.AddRange(layers.SelectMany(layer => layer.Pairs.Select(pair => (layer.Layer, map, pair))));
        }

        var result = TwoViewHeads.Of(rows, reference.Stored.Anatomy.Heads!.Query, unrelated) with { Extent = plan.Extent(suspect.Layers, reference.Layers) };
        return result.Convicts ? result with { Starts = Starts(suspect, reference, found, threads, step, cancellation) } : result;

        HeadSketches[][] Sketched(FoldedModel model, IReadOnlyList<int> layers, IReadOnlyList<(float[], float[])> vectors) => [.. layers.Select(layer =>
        {
            var sketches = WideAttention.Of(model, layer)!.Sketch(vectors, threads, cancellation);
            step("comparing heads");
            return sketches;
        })];
    }

    // Multiplying out takes far longer than sketching, so some of the heads speak for all.
    private static IReadOnlyList<HeadStart> Starts(
        FoldedModel suspect, FoldedModel reference, IReadOnlyList<(int Layer, ResidualMap? Map, (int Suspect, int Layer, int Reference) Pair)> found, int threads, Action<string> step,
        CancellationToken cancellation)
    {
        var count = Math.Min(found.Count, WideHeadPlan.MultipliedOut);
        var spectra = new Dictionary<ProductShape, StartSpectra>();
        StartSpectra OfStart(ProductShape shape)
        {
            lock (spectra)
            {
                return spectra.TryGetValue(shape, out var known) ? known : spectra[shape] = shape.Start();
            }
        }

        var starts = new List<HeadStart>();
        foreach (var layers in Enumerable.Range(0, count).Select(i => found[(int)((i + 0.5) * found.Count / count)]).GroupBy(head => (head.Layer, head.Pair.Layer)))
        {
            var (one, two) = (WideAttention.Of(suspect, layers.Key.Item1)!, WideAttention.Of(reference, layers.Key.Item2)!);
            var heads = layers.ToArray();
            var measured = new HeadStart[heads.Length];
            Parallel.For(0, heads.Length, SharedThreads.Options(threads, cancellation), i =>
                measured[i] = HeadStart.Of(one.Products(heads[i].Pair.Suspect), two.Products(heads[i].Pair.Reference), heads[i].Map, OfStart));
            starts.AddRange(measured);
            step("comparing heads");
        }

        return starts;
    }
}
