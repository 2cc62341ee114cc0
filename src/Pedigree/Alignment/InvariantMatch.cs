namespace Pedigree.Alignment;

/// <summary>Neurons of a suspect's layer named among those of a reference's layer by <see cref="NeuronInvariants"/>.</summary>
/// <param name="Match">For each neuron of the suspect that takes part, one of the reference's.</param>
/// <param name="Weights">How far it stands out from the next, in standard deviations; 0 unless each is the other's best.</param>
/// <param name="Signs">The common sign of the other views.</param>
internal sealed record InvariantMatch(int[] Match, float[] Weights, float[] Signs)
{
    /// <summary>How well the neurons stand out together, for choosing among layers: no evidence.</summary>
    public double Score => Weights.Sum(weight => (double)weight * weight);
}
