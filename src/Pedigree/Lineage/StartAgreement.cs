using System.Globalization;
using Pedigree.Evidence;
using Pedigree.Evidence.Descriptive;

namespace Pedigree.Lineage;

/// <summary>Whether two models that share an order also share training, or only the random start.</summary>
/// <param name="SharedTraining">More than half of what the gains moved, they moved together.</param>
/// <param name="SameRunExcluded">Trained values are equal bit for bit, which two separate runs from one seed do not give.</param>
/// <param name="Text">What was measured, as a phrase.</param>
internal sealed record StartAgreement(bool SharedTraining, bool SameRunExcluded, string Text)
{
    /// <summary>Judges from vectors that start at a constant and from bit-equal values.</summary>
    /// <param name="gains">Agreement of norm gains; null if there are none.</param>
    /// <param name="components">Agreement of the components.</param>
    public static StartAgreement Of(NormGainAgreement? gains, IReadOnlyList<ComponentAgreement> components)
    {
        // Norms and biases may rest at their start in both models, so only matrices tell.
        var equal = components.Where(component => component.Component is "attention" or "mlp" or "embedding" or "unembedding").ToArray();
        var bits = equal.Length == 0 ? 0 : equal.Max(component => component.BitEqualShare ?? 0);
        var excluded = bits > 0.5;
        if (gains is not { DriftRatio: { } ratio, CentredCorrelation: { } correlation })
        {
            return new StartAgreement(excluded, excluded, "no gains or biases that both models have in one size");
        }

        return new StartAgreement(
            excluded || ratio < 0.5, excluded,
            string.Create(CultureInfo.InvariantCulture, $"drift ratio of norm gains {ratio:0.00}, centred correlation {correlation:0.00}"));
    }
}
