using Pedigree.Alignment;

namespace Pedigree.Evidence.Calibrated;

/// <summary>How closely the products of two corresponding heads agree, and how closely they could if the models shared a random start and no training.</summary>
/// <remarks>What either model kept of the start is at most its own ceiling (<see cref="HeadProduct.Ceiling"/>). What training added to each has, given the start, nothing to do with the other's, so
/// their cosine is at most the product of both ceilings on average.</remarks>
/// <param name="QueryKey">Cosine of the products W_Qᵀ·W_K.</param>
/// <param name="QueryKeyCeiling">What a common start gives at most.</param>
/// <param name="ValueOutput">Cosine of the products W_O·W_V.</param>
/// <param name="ValueOutputCeiling">What a common start gives at most.</param>
internal sealed record HeadStart(double QueryKey, double QueryKeyCeiling, double ValueOutput, double ValueOutputCeiling)
{
    /// <summary>Measures two corresponding heads.</summary>
    /// <param name="pair">The pair of models.</param>
    /// <param name="suspect">Layer and query head of the suspect.</param>
    /// <param name="reference">Layer and query head of the reference.</param>
    /// <param name="map">The residual map.</param>
    /// <param name="ofStart">Singular values of the product of a start, by the head's dimension and the width (<see cref="HeadProduct.OfStart"/>).</param>
    public static HeadStart Of(AlignedPair pair, (int Layer, int Head) suspect, (int Layer, int Head) reference, ResidualMap map, Func<int, int, double[]> ofStart)
    {
        var (one, two) = (HeadSketches.Products(pair.Suspect, suspect.Layer, suspect.Head), HeadSketches.Products(pair.Reference, reference.Layer, reference.Head));
        var (attends, writes) = (two.QueryKey.In(map), two.ValueOutput.In(map));
        double Ceiling(HeadProduct product, int width) => product.Ceiling(ofStart(product.Dimension, width));
        return new HeadStart(
            one.QueryKey.Cosine(attends), Ceiling(one.QueryKey, map.To) * Ceiling(two.QueryKey, map.From),
            one.ValueOutput.Cosine(writes), Ceiling(one.ValueOutput, map.To) * Ceiling(two.ValueOutput, map.From));
    }
}
