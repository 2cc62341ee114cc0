using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Vectors of one length from two models, stored unit by unit, so that one order of the units reorders all of them at once.</summary>
/// <param name="Units">Length n of every vector.</param>
/// <param name="Vectors">Number of vectors v of either model.</param>
/// <param name="Reference">Values of the reference, n × v.</param>
/// <param name="Suspect">Values of the suspect, n × v.</param>
internal sealed record VectorBundle(int Units, int Vectors, float[] Reference, float[] Suspect)
{
    /// <summary>Bundles pairs of one length; at least one.</summary>
    public static VectorBundle Of(IReadOnlyList<VectorPair> pairs)
    {
        var units = pairs[0].Reference.Length;
        var (reference, suspect) = (new float[units * pairs.Count], new float[units * pairs.Count]);
        for (var vector = 0; vector < pairs.Count; vector++)
        {
            for (var unit = 0; unit < units; unit++)
            {
                reference[(unit * pairs.Count) + vector] = pairs[vector].Reference[unit];
                suspect[(unit * pairs.Count) + vector] = pairs[vector].Suspect[unit];
            }
        }

        return new VectorBundle(units, pairs.Count, reference, suspect);
    }

    /// <summary>The sum of the products of each vector when the suspect's units stand in the given order.</summary>
    /// <param name="order">Unit of the suspect for each unit of the reference.</param>
    /// <param name="sums">Receives one sum a vector; its length must be <see cref="Vectors"/>.</param>
    public void Products(int[] order, Span<double> sums)
    {
        sums.Clear();
        for (var unit = 0; unit < Units; unit++)
        {
            FixedOrderSum.AddProducts(Reference.AsSpan(unit * Vectors, Vectors), Suspect.AsSpan(order[unit] * Vectors, Vectors), sums);
        }
    }
}
