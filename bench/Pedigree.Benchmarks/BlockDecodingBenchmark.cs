using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Pedigree.Checkpoints;
using Pedigree.Checkpoints.Gguf;

namespace Pedigree.Benchmarks;

/// <summary>Decoding on one core against a copy of as many values: a megabyte of floats, which stays in the cache, so that the decoder is measured and not the memory.</summary>
public class BlockDecodingBenchmark
{
    private const int Values = 1 << 18;

    private readonly float[] values = new float[Values];
    private readonly float[] original = new float[Values];
    private byte[] stored = [];
    private GgufType type = GgufType.Find(0)!;

    [Params("F32", "F16", "BF16", "Q8_0", "Q4_0", "Q5_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS", "MXFP4", "TQ2_0")]
    public string Type { get; set; } = "F32";

    [GlobalSetup]
    public void Prepare()
    {
        type = Enumerable.Range(0, 64).Select(number => GgufType.Find((uint)number)).First(found => string.Equals(found?.Name, Type, StringComparison.Ordinal))!;
        stored = new byte[Values / type.Values * type.Bytes];
        new Random(1).NextBytes(stored);
    }

    [Benchmark]
    public void Decode()
    {
        if (type.Blocks is { } blocks)
        {
            blocks.Decode(stored, values);
        }
        else
        {
            ElementDecoder.Decode(type.Plain!.Value, stored, values);
        }
    }

    [Benchmark(Baseline = true)]
    public void Copy() => MemoryMarshal.AsBytes(original.AsSpan()).CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
}
