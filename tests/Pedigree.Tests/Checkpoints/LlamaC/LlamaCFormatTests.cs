using System.Runtime.InteropServices;
using Pedigree.Checkpoints;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Checkpoints.LlamaC;

public sealed class LlamaCFormatTests : IDisposable
{
    private const int Width = 32;
    private const int Tokens = 96;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_zeroth_version_is_read(bool isTied)
    {
        // Width 4, hidden 3, 2 layers, 2 heads, 1 KV group, 5 tokens, context 2; a negative number of tokens says that the unembedding is stored.
        var count = 20 + (2 * (4 + 16 + 8 + 8 + 16 + 4 + 12 + 12 + 12)) + 4 + 2 + 2 + (isTied ? 0 : 20);
        using var source = Open([4, 3, 2, 2, 1, isTied ? 5 : -5, 2], Counting(count));

        Assert.Equal(isTied ? 22 : 23, source.Tensors.Count);
        AssertTensor(source, "tok_embeddings.weight", [5, 4], 0);
        AssertTensor(source, "layers.0.attention_norm.weight", [4], 20);
        AssertTensor(source, "layers.1.attention_norm.weight", [4], 24);
        AssertTensor(source, "layers.1.attention.wq.weight", [4, 4], 28 + 16);
        AssertTensor(source, "layers.0.attention.wk.weight", [2, 4], 28 + 32);
        AssertTensor(source, "layers.0.feed_forward.w2.weight", [4, 3], 28 + 32 + 16 + 16 + 32 + 8 + 24);
        AssertTensor(source, "freq_cis_imag", [2, 1], 28 + 32 + 16 + 16 + 32 + 8 + 72 + 4 + 2);
        if (!isTied)
        {
            AssertTensor(source, "output.weight", [5, 4], count - 20);
        }
    }

    [Fact]
    public void The_first_version_is_read()
    {
        var header = new byte[256];
        int[] numbers = [0x616B3432, 1, 4, 3, 1, 2, 1, 5, 2];
        MemoryMarshal.AsBytes(numbers.AsSpan()).CopyTo(header);
        header[36] = 1;
        var values = Counting(4 + 4 + 4 + 20 + 16 + 8 + 8 + 16 + 36);
        using var source = Checkpoint.Open(folder.Write("model.bin", [.. header, .. MemoryMarshal.AsBytes(values.AsSpan())]));

        AssertTensor(source, "layers.0.attention_norm.weight", [4], 0);
        AssertTensor(source, "norm.weight", [4], 8);
        AssertTensor(source, "tok_embeddings.weight", [5, 4], 12);
        AssertTensor(source, "layers.0.feed_forward.w3.weight", [3, 4], values.Length - 12);
        Assert.Equal(11, source.Tensors.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Transposed_matrices_are_recognised_by_the_channels_of_the_embedding(bool transposed)
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 0);
        var values = PlantedUnits.Gaussian(ref random, (Tokens * Width) + Width + (4 * Width * Width) + Width + (3 * 8 * Width) + Width + Width);

        // Every channel gets a mean of its own: a standard deviation is far beyond chance with 96 tokens.
        var means = PlantedUnits.Gaussian(ref random, Width);
        for (var token = 0; token < Tokens; token++)
        {
            for (var channel = 0; channel < Width; channel++)
            {
                values[transposed ? (channel * Tokens) + token : (token * Width) + channel] += means[channel];
            }
        }

        using var source = Open([Width, 8, 1, 4, 4, Tokens, 4], values);

        Assert.Equal(transposed, source.Findings.Any(finding => finding.Id == "matrices-transposed"));
        var embedding = source.Tensors.Single(tensor => tensor.Name == "tok_embeddings.weight");
        Assert.Equal([Tokens, Width], embedding.Shape);
        var row = new float[Width];
        source.Read(embedding, 5 * Width * 4, MemoryMarshal.AsBytes(row.AsSpan()));
        Assert.Equal(Enumerable.Range(0, Width).Select(channel => values[transposed ? (channel * Tokens) + 5 : (5 * Width) + channel]), row);
    }

    [Fact]
    public void Other_versions_and_lengths_are_refused()
    {
        int[] second = [0x616B3432, 2, 4, 3, 1, 2, 1, 5, 2];
        var path = folder.Write("model.bin", MemoryMarshal.AsBytes(second.AsSpan()));
        Assert.Contains("version 2", Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message, StringComparison.Ordinal);

        second[1] = 1;
        path = folder.Write("model.bin", [.. MemoryMarshal.AsBytes(second.AsSpan()), .. new byte[300]]);
        Assert.Contains("header does not fit", Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message, StringComparison.Ordinal);
        Assert.Throws<CheckpointException>(() => Open([4, 3, 2, 2, 1, 5, 2], new float[10]));
        Assert.Throws<CheckpointException>(() => Open([int.MaxValue, int.MaxValue, int.MaxValue, 1, 1, int.MaxValue, int.MaxValue], new float[10]));
    }

    private ITensorSource Open(int[] header, float[] values) =>
        Checkpoint.Open(folder.Write("model.bin", [.. MemoryMarshal.AsBytes(header.AsSpan()), .. MemoryMarshal.AsBytes(values.AsSpan())]));

    private static float[] Counting(int count) => [.. Enumerable.Range(0, count).Select(i => (float)i)];

    private static void AssertTensor(ITensorSource source, string name, long[] shape, int first)
    {
        var tensor = source.Tensors.Single(tensor => tensor.Name == name);
        Assert.Equal(shape, tensor.Shape);
        var values = new float[tensor.Count];
        source.Read(tensor, 0, MemoryMarshal.AsBytes(values.AsSpan()));
        Assert.Equal(Enumerable.Range(first, values.Length).Select(i => (float)i), values);
    }
}
