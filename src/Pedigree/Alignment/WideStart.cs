using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>A residual map that large models are compared under. Unless it is that of <see cref="WideInvariants"/> it was fitted on no layer, so every layer may be judged under it.</summary>
/// <param name="Name">How it was had, as a phrase.</param>
/// <param name="Map">From the reference's basis to the suspect's; null for the basis as stored.</param>
internal sealed record WideStart(string Name, ResidualMap? Map)
{
    /// <summary>Where it was fitted on layers, the agreeing share of their neurons that were held out of that; null where it was not.</summary>
    public double? Held { get; init; }

    /// <summary>What <see cref="Back"/> multiplies by, d × d'; empty for the basis as stored. As large as the map, so it is not kept.</summary>
    public float[] Turned() => Map is null ? [] : ParallelProducts.Transposed(Map.Columns, Map.To, Map.From);

    /// <summary>Rows of the suspect in the basis of the reference.</summary>
    /// <param name="rows">count × d'.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="turned">See <see cref="Turned"/>.</param>
    /// <param name="threads">Threads to use.</param>
    /// <returns>count × d.</returns>
    public float[] Back(float[] rows, int count, float[] turned, int threads)
    {
        if (Map is null)
        {
            return rows;
        }

        var result = new float[checked(count * Map.From)];
        ParallelProducts.Multiply(rows, count, turned, Map.From, Map.To, result, threads);
        return result;
    }
}
