namespace Pedigree.Evidence.Descriptive;

/// <summary>Computes <see cref="NormGainAgreement"/> from pairs of vectors.</summary>
internal static class ConstantStartAgreement
{
    /// <summary>The agreement of the pairs; null when there are none.</summary>
    /// <param name="kind">The parts pooled, as a phrase.</param>
    /// <param name="pairs">The pairs.</param>
    /// <param name="referenceStart">The constant that the reference's values start at.</param>
    /// <param name="suspectStart">The constant that the suspect's values start at.</param>
    /// <param name="orders">Random orders that were drawn for these pairs and perhaps others.</param>
    public static NormGainAgreement? Of(string kind, IReadOnlyList<VectorPair> pairs, double referenceStart, double suspectStart, RandomOrders orders)
    {
        if (pairs.Count == 0)
        {
            return null;
        }

        var sums = pairs.Select(pair => Sums.Of(pair, referenceStart, suspectStart)).ToArray();
        var all = sums.Aggregate(default(Sums), (left, right) => left.Plus(right));
        return new NormGainAgreement(
            Ratio(all.Products, all.Squares1, all.Squares2),
            Ratio(all.Expected, all.Squares1, all.Squares2),
            Ratio(all.Products - all.Expected, all.Centred1, all.Centred2),
            Drift(all, all.DriftProducts),
            (int)Math.Min(int.MaxValue, all.Count))
        {
            Kind = kind,
            ShuffledDriftRatio = Drift(all, all.ExpectedDriftProducts),
            ReferenceDrift = all.Count > 0 ? Math.Sqrt(all.Drift1 / all.Count) : null,
            SuspectDrift = all.Count > 0 ? Math.Sqrt(all.Drift2 / all.Count) : null,
            Percentile = orders.Percentile(pairs),
            ReferenceStart = referenceStart,
            SuspectStart = suspectStart,
            Layers = [.. pairs.Zip(sums).GroupBy(entry => entry.First.Role.Layer).OrderBy(layer => layer.Key).Select(layer =>
            {
                var sum = layer.Aggregate(default(Sums), (left, entry) => left.Plus(entry.Second));
                return new LayerAgreement(
                    layer.Key, (int)Math.Min(int.MaxValue, sum.Count), Ratio(sum.Products, sum.Squares1, sum.Squares2),
                    Ratio(sum.Expected, sum.Squares1, sum.Squares2), Ratio(sum.Products - sum.Expected, sum.Centred1, sum.Centred2),
                    orders.Percentile([.. layer.Select(entry => entry.First)]));
            })],
        };
    }

    private static double? Ratio(double products, double squares1, double squares2) =>
        squares1 > 0 && squares2 > 0 ? Math.Clamp(products / Math.Sqrt(squares1) / Math.Sqrt(squares2), -1, 1) : null;

    private static double? Drift(in Sums sums, double products) =>
        sums.Drift1 + sums.Drift2 > 0 ? 1 - (2 * products / (sums.Drift1 + sums.Drift2)) : null;

    private readonly record struct Sums(
        long Count, double Products, double Expected, double Squares1, double Squares2, double Centred1, double Centred2,
        double DriftProducts, double ExpectedDriftProducts, double Drift1, double Drift2)
    {
        public static Sums Of(VectorPair pair, double start1, double start2)
        {
            var n = pair.Reference.Length;
            var (mean1, mean2) = (pair.Reference.Average(value => (double)value), pair.Suspect.Average(value => (double)value));
            double products = 0, squares1 = 0, squares2 = 0, centred1 = 0, centred2 = 0, driftProducts = 0, drift1 = 0, drift2 = 0;
            for (var i = 0; i < n; i++)
            {
                double a = pair.Reference[i], b = pair.Suspect[i];
                products += a * b;
                squares1 += a * a;
                squares2 += b * b;
                centred1 += (a - mean1) * (a - mean1);
                centred2 += (b - mean2) * (b - mean2);
                driftProducts += (a - start1) * (b - start2);
                drift1 += (a - start1) * (a - start1);
                drift2 += (b - start2) * (b - start2);
            }

            return new Sums(n, products, n * mean1 * mean2, squares1, squares2, centred1, centred2, driftProducts,
                n * (mean1 - start1) * (mean2 - start2), drift1, drift2);
        }

        public Sums Plus(Sums other) => new(
            Count + other.Count, Products + other.Products, Expected + other.Expected, Squares1 + other.Squares1, Squares2 + other.Squares2,
            Centred1 + other.Centred1, Centred2 + other.Centred2, DriftProducts + other.DriftProducts,
            ExpectedDriftProducts + other.ExpectedDriftProducts, Drift1 + other.Drift1, Drift2 + other.Drift2);
    }
}
