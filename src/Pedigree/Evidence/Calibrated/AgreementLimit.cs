using Pedigree.Alignment;
using Pedigree.Evidence.Exact;
using Pedigree.Numerics;

namespace Pedigree.Evidence.Calibrated;

/// <summary>The row cosine from which the two-view test would have counted a layer, once the residual basis is found.</summary>
/// <remarks>With hit rates r₁(c) and r₂(c) of the two views from <see cref="HitRate"/>, m neurons whose origin was read give a binomial number of agreements with
/// rate r₁r₂; its 5 % quantile must reach the threshold.</remarks>
internal static class AgreementLimit
{
    private const int MostPairs = 1 << 18;
    private const double PowerDeviate = 1.6448536270;

    /// <summary>Whether rows can stand on either side: the tail of their products needs two.</summary>
    /// <param name="rows">Rows of an MLP or of a layer.</param>
    public static bool Measures(StandardRows rows) => rows.Count >= 2;

    /// <summary>The limit, or null when even equal rows would not reach the threshold.</summary>
    /// <param name="suspect">An MLP of the suspect that <see cref="Measures"/>.</param>
    /// <param name="reference">The neurons of a layer of the reference that does not correspond and <see cref="Measures"/>, in the suspect's basis.</param>
    /// <param name="threshold">Agreeing share that a layer must reach, as a share of the neurons whose origin was read.</param>
    /// <param name="common">Neurons of the suspect's MLP whose origin was read of the reference, if all came from it.</param>
    /// <param name="candidates">Neurons of the reference among which an origin is looked for, where they are more than those given.</param>
    public static double? RowCosine(StandardRows suspect, StandardRows reference, double threshold, double common, int candidates = 0)
    {
        var views = Math.Min(suspect.Views.Count, reference.Views.Count);
        var first = Tail(suspect, reference, 0, 1, free: false);
        var second = Tail(suspect, reference, 1, views - 1, suspect.SignFree && reference.SignFree);
        var units = Math.Max(candidates, Math.Max(suspect.Count, reference.Count));
        bool Finds(double cosine)
        {
            var rate = HitRate.Of(first, units, cosine).Rate * HitRate.Of(second, units, cosine).Rate;
            return (common * rate) - (PowerDeviate * Math.Sqrt(common * rate * Math.Max(0, 1 - rate))) >= threshold * common;
        }

        if (!Finds(0.999))
        {
            return null;
        }

        double low = 0, high = 0.999;
        while (high - low > 1e-3)
        {
            var middle = (low + high) / 2;
            (low, high) = Finds(middle) ? (low, middle) : (middle, high);
        }

        return high;
    }

    private static NullTail Tail(StandardRows suspect, StandardRows reference, int firstView, int views, bool free)
    {
        var rows = Math.Clamp(MostPairs / reference.Count, 2, suspect.Count);
        var products = new float[checked(rows * reference.Count)];
        for (var v = firstView; v < firstView + views; v++)
        {
            RowProducts.Multiply(suspect.Views[v], rows, reference.Views[v], reference.Count, suspect.Width, products, accumulate: v > firstView);
        }

        double squares = 0;
        for (var i = 0; i < products.Length; i++)
        {
            products[i] /= views;
            squares += (double)products[i] * products[i];
            products[i] = free ? MathF.Abs(products[i]) : products[i];
        }

        return new NullTail(products, Math.Sqrt(squares / products.Length));
    }
}
