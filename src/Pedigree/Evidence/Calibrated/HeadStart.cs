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
    /// <summary>Variance over the heads of a layer of what <see cref="HeadSketches.LogLengths"/> begins with, in the model where it is larger.</summary>
    public double LogLengthVariance { get; init; }

    /// <summary>Measures two corresponding heads.</summary>
    /// <param name="one">Products of the suspect's head.</param>
    /// <param name="two">Products of the reference's head.</param>
    /// <param name="map">The residual map; null for the basis as stored.</param>
    /// <param name="ofStart">What products of a start look like, by their shape (<see cref="ProductShape.Start"/>).</param>
    public static HeadStart Of(
        (HeadProduct QueryKey, HeadProduct ValueOutput) one, (HeadProduct QueryKey, HeadProduct ValueOutput) two, ResidualMap? map, Func<ProductShape, StartSpectra> ofStart)
    {
        var (attends, writes) = map is null ? two : (two.QueryKey.In(map), two.ValueOutput.In(map));
        return new HeadStart(
            one.QueryKey.Cosine(attends), Ceilings(one.QueryKey, two.QueryKey, ofStart), one.ValueOutput.Cosine(writes), Ceilings(one.ValueOutput, two.ValueOutput, ofStart))
        {
            LogLengthVariance = Math.Max(
                one.QueryKey.Shape.LogNormVariance + one.ValueOutput.Shape.LogNormVariance, two.QueryKey.Shape.LogNormVariance + two.ValueOutput.Shape.LogNormVariance),
        };
    }

    private static double Ceilings(HeadProduct one, HeadProduct two, Func<ProductShape, StartSpectra> ofStart) => Ceiling(one, two, ofStart) * Ceiling(two, one, ofStart);

    // Latent attention that was made of another kind began as that does: the start may have had either form.
    private static double Ceiling(HeadProduct product, HeadProduct other, Func<ProductShape, StartSpectra> ofStart) => product.Shape.IsLatent == other.Shape.IsLatent
        ? product.Ceiling(ofStart(product.Shape))
        : Math.Max(product.Ceiling(ofStart(product.Shape)), product.Ceiling(ofStart(other.Shape with { Width = product.Shape.Width })));
}
