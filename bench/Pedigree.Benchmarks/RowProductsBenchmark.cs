using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;
using Pedigree.Numerics;

namespace Pedigree.Benchmarks;

/// <summary>Inner products of all rows of two matrices, and the arithmetic peak of one core to set them against.</summary>
public class RowProductsBenchmark
{
    /// <summary>Chains of fused multiply-adds in <see cref="Peak"/>: enough to hide their latency.</summary>
    private const int Chains = 10;

    /// <summary>Length of each chain; 10 chains of 256-bit vectors are 160 operations a step.</summary>
    private const int Steps = 1_000_000;

    private float[] _a = [];
    private float[] _b = [];
    private float[] _result = [];

    /// <summary>Rows of both matrices.</summary>
    [Params(256, 1024)]
    public int Rows { get; set; }

    /// <summary>Length of the rows.</summary>
    [Params(3584)]
    public int Depth { get; set; }

    /// <summary>Draws the matrices.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new CounterRandom(1, 0);
        _a = new float[Rows * Depth];
        _b = new float[Rows * Depth];
        _result = new float[Rows * Rows];
        for (var i = 0; i < _a.Length; i++)
        {
            _a[i] = (float)random.NextGaussian();
            _b[i] = (float)random.NextGaussian();
        }
    }

    /// <summary>2 · Rows² · Depth operations.</summary>
    [Benchmark]
    public void Products() => RowProducts.Multiply(_a, Rows, _b, Rows, Depth, _result);

    /// <summary>16 · Chains · Steps = 160 million operations on registers, independent of the parameters.</summary>
    [Benchmark]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float Peak()
    {
        var factor = Vector256.Create(0.999f);
        var addend = Vector256.Create(1e-3f);
        Vector256<float> s0 = addend, s1 = addend, s2 = addend, s3 = addend, s4 = addend, s5 = addend, s6 = addend, s7 = addend, s8 = addend, s9 = addend;
        for (var step = 0; step < Steps; step++)
        {
            s0 = Vector256.FusedMultiplyAdd(s0, factor, addend);
            s1 = Vector256.FusedMultiplyAdd(s1, factor, addend);
            s2 = Vector256.FusedMultiplyAdd(s2, factor, addend);
            s3 = Vector256.FusedMultiplyAdd(s3, factor, addend);
            s4 = Vector256.FusedMultiplyAdd(s4, factor, addend);
            s5 = Vector256.FusedMultiplyAdd(s5, factor, addend);
            s6 = Vector256.FusedMultiplyAdd(s6, factor, addend);
            s7 = Vector256.FusedMultiplyAdd(s7, factor, addend);
            s8 = Vector256.FusedMultiplyAdd(s8, factor, addend);
            s9 = Vector256.FusedMultiplyAdd(s9, factor, addend);
        }

        return Vector256.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9) / Chains;
    }
}
