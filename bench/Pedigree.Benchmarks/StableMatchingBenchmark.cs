using BenchmarkDotNet.Attributes;
using Pedigree.Numerics;

namespace Pedigree.Benchmarks;

/// <summary>Matching of as many rows as columns.</summary>
public class StableMatchingBenchmark
{
    private float[] _similarity = [];
    private int[] _match = [];

    /// <summary>Rows and columns.</summary>
    [Params(256, 1024, 4096)]
    public int Size { get; set; }

    /// <summary>Whether all rows prefer much the same columns, which makes many proposals, or each its own.</summary>
    [Params(false, true)]
    public bool SharedTaste { get; set; }

    /// <summary>Draws the similarities.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new CounterRandom(1, 0);
        _match = new int[Size];
        var (ofRow, ofColumn) = (new double[Size], new double[Size]);
        for (var i = 0; SharedTaste && i < Size; i++)
        {
            ofRow[i] = 10 * random.NextGaussian();
            ofColumn[i] = 10 * random.NextGaussian();
        }

        _similarity = new float[Size * Size];
        for (var i = 0; i < _similarity.Length; i++)
        {
            _similarity[i] = (float)(ofRow[i / Size] + ofColumn[i % Size] + random.NextGaussian());
        }
    }

    /// <summary>One matching.</summary>
    [Benchmark]
    public void Match() => StableMatching.Match(_similarity, Size, Size, _match);
}
