using Pedigree.Evidence;
using Pedigree.Evidence.Descriptive;
using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Lineage;

/// <summary>What describes a pair of models without a probability.</summary>
/// <param name="Components">Components side by side.</param>
/// <param name="Starts">Norm gains and biases.</param>
/// <param name="DepthCurves">Curves of attention over depth.</param>
/// <param name="Curves">All curves.</param>
/// <param name="Items">The evidence, in a fixed order.</param>
internal sealed record PairDescription(
    ComponentCosineResult Components, ConstantStartFigures Starts, IReadOnlyList<Curve> DepthCurves, IReadOnlyList<Curve> Curves, IReadOnlyList<EvidenceItem> Items)
{
    /// <summary>Describes a pair.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="join">Ids of shared tokens, or null.</param>
    /// <param name="plan">Budget and seed.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static PairDescription Of(
        ModelReader suspect, ModelReader reference, (int[] Suspect, int[] Reference)? join, ReadingPlan plan, int threads, CancellationToken cancellation)
    {
        var (a, b) = (Described(reference, threads), Described(suspect, threads));
        IReadOnlyList<EvidenceItem> rest = [];
        EvidenceItem[] kernels = new EvidenceItem[2];
        IReadOnlyList<EvidenceItem> spectra = [];
        ComponentCosineResult components = null!;
        DepthCurveResult depth = null!;
        ConstantStartFigures starts = null!;
        (IReadOnlyList<EvidenceItem> Items, IReadOnlyList<Curve> Curves) mlp = ([], []), vectors = ([], []);

        // None needs another, and each has loops of its own; what is held at once is at most the bytes that the plan allows for all.
        Parallel.Invoke(
            SharedThreads.Options(threads, cancellation),
            () => components = ComponentCosines.Compare(a, b, plan.ComponentBytes),
            () => depth = DepthCurveScore.Compute(a, b, plan.AttentionCurveBytes),
            () => mlp = MlpCurveScore.Compute(a, b, plan.MlpCurveBytes),
            () =>
            {
                vectors = VectorCurveScore.Compute(a, b);
                starts = ConstantStartFigures.Measure(a, b, plan.Seed);
            },
            () =>
            {
                var rows = FoldedRows.Read(a, b, plan.FoldedRowBytes, plan.Seed);
                kernels[0] = NeuronKernel.Compare(rows, plan.Seed, threads);
                spectra = SpectrumDistance.Compare(rows, threads);
            },
            () => kernels[1] = TokenKernel.Compare(a, b, join is { } ids ? (ids.Reference, ids.Suspect) : null, plan.TokenBytes, plan.Seed),
            () => rest = [.. TokenizerOverlap.Compare(a, b), ConfigDifferences.Compare(a, b)]);
        return new PairDescription(
            components, starts, depth.Curves, [.. depth.Curves, .. mlp.Curves, .. vectors.Curves],
            [depth.Item, .. mlp.Items, .. vectors.Items, .. NormGainCosine.Items(starts), .. components.Items, .. kernels, .. spectra, .. rest]);
    }

    private static DescribedModel Described(ModelReader model, int threads) => new(model.Source, model.Anatomy, model.Weights) { Threads = threads };
}
