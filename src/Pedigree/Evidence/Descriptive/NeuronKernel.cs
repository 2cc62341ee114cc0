using System.Globalization;
using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Whether neurons of the same seats are alike each other in the same way in both models: debiased kernel alignment of the inner products of their input rows. A rotation
/// of the residual basis leaves it, a permutation of the neurons destroys it. Orders of the units are a true null here, as neurons can be permuted without changing the
/// function; but no assumption of the exact tier is checked for it, so it describes and does not decide.</summary>
internal static class NeuronKernel
{
    /// <summary>Identifier of the evidence item.</summary>
    public const string Test = "neuron-cka";

    /// <summary>The item; without a statistic where no rows of neurons were read.</summary>
    /// <param name="rows">Rows of both models, as <see cref="FoldedRows.Read(DescribedModel, DescribedModel, long, ulong)"/> gave them.</param>
    /// <param name="seed">Seed of the random orders.</param>
    /// <param name="threads">Threads to use.</param>
    public static EvidenceItem Compare(IReadOnlyList<FoldedRows> rows, ulong seed, int threads)
    {
        FoldedRows[] neurons = [.. rows.Where(layer => layer.Neurons)];
        var agreement = KernelAgreement.Of([.. neurons.Select(Kernels)], seed, threads);
        return new EvidenceItem
        {
            Test = Test,
            Tier = Tier.Descriptive,
            Statistic = agreement.Mean,
            StatisticName = "unbiased CKA of neurons in the same seats",
            Null = "the units of one side in random order; expectation exactly 0, percentile of 999 orders. Independent models gave -0.01 to 0.01, children 0.54 to 0.98 (our small models)",
            NullExpectation = agreement.Mean is null ? null : 0,
            NullPercentile = agreement.Percentile,
            PerLayer = [.. neurons.Zip(agreement.Groups).Select(layer => new LayerEvidence(
                layer.First.Role.Layer, layer.First.Role.Layer, Math.Min(FoldedRows.LargestSide, layer.First.Seats.Length), 0, null, layer.Second))],
            BytesRead = neurons.Sum(layer => layer.BytesRead),
            Note = agreement.Mean is null
                ? "Not computed: no layer of both has as many neurons, or nothing varies."
                : string.Create(CultureInfo.InvariantCulture, $"Rows of {neurons[0].Role.Part}, gains multiplied in, of {neurons.Length} layers; random orders vary by {agreement.Spread:0.000}. Low where neurons were reordered, whatever is shared."),
        };
    }

    private static (CentredGram Reference, CentredGram Suspect) Kernels(FoldedRows layer)
    {
        var used = Math.Min(FoldedRows.LargestSide, layer.Seats.Length);
        return (CentredGram.Of(layer.Reference.AsSpan(0, used * layer.ReferenceColumns), layer.ReferenceColumns),
            CentredGram.Of(layer.Suspect.AsSpan(0, used * layer.SuspectColumns), layer.SuspectColumns));
    }
}
