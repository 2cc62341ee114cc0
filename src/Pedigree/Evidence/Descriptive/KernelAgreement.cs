using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Debiased centred kernel alignment of groups of corresponding units, and where it stands among random orders of the units.</summary>
/// <param name="Mean">Mean over the groups in which something varies; null without any.</param>
/// <param name="Groups">One value a group, -1 to 1 but for noise; null where nothing varies.</param>
/// <param name="Percentile">Share of 999 random orders (each group by itself) whose mean lies below; null without a mean.</param>
/// <param name="Spread">Standard deviation of the means of those orders.</param>
internal sealed record KernelAgreement(double? Mean, IReadOnlyList<double?> Groups, double? Percentile, double? Spread)
{
    /// <summary>Measures.</summary>
    /// <param name="groups">Kernels of the same units in both models.</param>
    /// <param name="seed">Seed of the random orders.</param>
    /// <param name="threads">Threads to use.</param>
    public static KernelAgreement Of(IReadOnlyList<(CentredGram Reference, CentredGram Suspect)> groups, ulong seed, int threads)
    {
        double?[] each = [.. groups.Select(group => Varies(group) ? CentredGram.Product(group.Reference, group.Suspect) / Scale(group) : (double?)null)];
        var varying = groups.Where(Varies).ToArray();
        if (varying.Length == 0)
        {
            return new KernelAgreement(null, each, null, null);
        }

        var mean = each.OfType<double>().Average();
        var means = new double[NormGainCosine.Relabellings];
        Parallel.For(0, means.Length, SharedThreads.Options(threads), index =>
        {
            var random = new CounterRandom(seed, (ulong)index);
            foreach (var group in varying)
            {
                means[index] += CentredGram.Product(group.Reference, group.Suspect, random.Permutation(group.Reference.Count)) / Scale(group) / varying.Length;
            }
        });
        const double tie = 1e-12;
        var below = means.Sum(value => value < mean - tie ? 1 : value <= mean + tie ? 0.5 : 0);
        var average = means.Average();
        return new KernelAgreement(mean, each, below / means.Length, Math.Sqrt(means.Average(value => (value - average) * (value - average))));
    }

    private static bool Varies((CentredGram Reference, CentredGram Suspect) group) => group.Reference.Varies && group.Suspect.Varies;

    private static double Scale((CentredGram Reference, CentredGram Suspect) group) => Math.Sqrt(group.Reference.Square) * Math.Sqrt(group.Suspect.Square);
}
