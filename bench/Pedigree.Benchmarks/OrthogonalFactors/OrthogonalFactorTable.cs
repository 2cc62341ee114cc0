using System.Diagnostics;
using System.Globalization;
using Pedigree.Numerics;

namespace Pedigree.Benchmarks.OrthogonalFactors;

/// <summary>Prints time and accuracy of every way to an orthogonal factor, a line a matrix.</summary>
internal static class OrthogonalFactorTable
{
    private const int Runs = 3;

    /// <summary>The ways that are compared.</summary>
    public static IReadOnlyList<(string Name, Func<float[], int, int, float[]?> Of)> Ways { get; } =
    [
        ("library", (matrix, n, threads) => OrthogonalFactor.Of(matrix, n, n, threads)),
        ("Newton-Schulz", (matrix, n, threads) => PolynomialSteps.NewtonSchulz(matrix, n, threads)),
        ("Polar Express", PolynomialSteps.PolarExpress),
        ("scaled Newton", ScaledNewton.Of),
        ("Gram eigenvectors", GramEigenvectors.Of),
    ];

    /// <summary>Measures.</summary>
    /// <param name="arguments">Sizes, or "SIZE:WAY" for one way alone.</param>
    public static void Run(string[] arguments)
    {
        foreach (var argument in arguments)
        {
            var parts = argument.Split(':');
            var n = int.Parse(parts[0], CultureInfo.InvariantCulture);
            foreach (var condition in new[] { 1.05, 10, 1e3, 1e6 })
            {
                var (matrix, factor) = PolarMatrix.Draw(n, condition, 1);
                foreach (var (name, way) in Ways.Where(way => parts.Length == 1 || way.Name.StartsWith(parts[1], StringComparison.OrdinalIgnoreCase)))
                {
                    var (found, _, one) = Timed(() => way(matrix, n, 1));
                    var (_, two, _) = Timed(() => SharedThreads.Run(2, () => way(matrix, n, 2)));
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{n,5} {condition,8:g} {name,-18} {one,8:0.000} s {two,8:0.000} s  orthogonality {(found is null ? double.NaN : Orthogonality(found, n)):0.0e0}  distance {(found is null ? double.NaN : Distance(found, factor, n)):0.0e0}"));
                }
            }
        }
    }

    // The least of some runs, by the clock and of processor time: on a machine that does other work only the latter says much.
    private static (float[]? Found, double Seconds, double ProcessorSeconds) Timed(Func<float[]?> work)
    {
        float[]? found = null;
        var (best, least) = (double.MaxValue, double.MaxValue);
        var total = Stopwatch.StartNew();
        for (var run = 0; run < Runs && (run == 0 || total.Elapsed.TotalSeconds < 20); run++)
        {
            var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            found = work();
            (best, least) = (Math.Min(best, clock.Elapsed.TotalSeconds), Math.Min(least, (Environment.CpuUsage.TotalTime - before).TotalSeconds));
        }

        return (found, best, least);
    }

    // Root mean square over the columns of |XᵀX - I|.
    private static double Orthogonality(float[] x, int n)
    {
        var gram = new float[n * n];
        ParallelProducts.Gram(ParallelProducts.Transposed(x, n, n), n, n, gram, 2);
        double sum = 0;
        for (var i = 0; i < gram.Length; i++)
        {
            sum += Math.Pow(gram[i] - (i % (n + 1) == 0 ? 1 : 0), 2);
        }

        return Math.Sqrt(sum / n);
    }

    private static double Distance(float[] x, float[] factor, int n) => Math.Sqrt(x.Zip(factor, (one, two) => Math.Pow(one - two, 2)).Sum() / n);
}
