using BenchmarkDotNet.Attributes;

namespace Pedigree.Benchmarks.OrthogonalFactors;

/// <summary>Ways to the orthogonal factor of a square matrix.</summary>
public class OrthogonalFactorBenchmark
{
    private float[] _matrix = [];

    /// <summary>Rows and columns.</summary>
    [Params(256, 1024, 2048)]
    public int Size { get; set; }

    /// <summary>Ratio of the largest singular value to the smallest; 1.05 is a warm start.</summary>
    [Params(1.05, 10, 1e3, 1e6)]
    public double Condition { get; set; }

    /// <summary>Threads.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Names of the ways.</summary>
    public static IEnumerable<string> Names => OrthogonalFactorTable.Ways.Select(way => way.Name);

    /// <summary>Which way.</summary>
    [ParamsSource(nameof(Names))]
    public string Way { get; set; } = "";

    /// <summary>Draws the matrix.</summary>
    [GlobalSetup]
    public void Setup() => _matrix = PolarMatrix.Draw(Size, Condition, 1).Matrix;

    /// <summary>One factor.</summary>
    [Benchmark]
    public float[]? Factor() => OrthogonalFactorTable.Ways.First(way => string.Equals(way.Name, Way, StringComparison.Ordinal)).Of(_matrix, Size, Threads);
}
