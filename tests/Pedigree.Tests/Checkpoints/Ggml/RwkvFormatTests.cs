using System.Runtime.InteropServices;
using System.Text;
using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Ggml;

public sealed class RwkvFormatTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Plain_and_packed_tensors_are_read()
    {
        // Q8_0: a scale of 0.5 as binary16, then 32 bytes.
        byte[] block = [0x00, 0x38, .. Enumerable.Range(0, 32).Select(i => (byte)i)];
        using var source = Checkpoint.Open(folder.Write("m.bin", [.. Header(101), .. Tensor("a", 0, [3, 2], Floats(1, 2, 3, 4, 5, 6)), .. Tensor("h", 1, [1], [0, 0x3C]), .. Tensor("q", 9, [32, 1], block)]));

        Assert.Equal(["a", "h", "q"], source.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([2L, 3L], source.Tensors[0].Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], Values(source, 0));
        Assert.Equal(ElementType.F16, source.Tensors[1].Type);
        Assert.Equal("Q8_0", source.Tensors[2].Encoding);
        Assert.Equal(34, source.Tensors[2].StoredLength);
        Assert.Equal(Enumerable.Range(0, 32).Select(i => i / 2f), Values(source, 2));
    }

    [Fact]
    public void Damage_is_refused()
    {
        AssertRefused([.. Header(101), .. Tensor("a", 0, [3, 2], new byte[20])], "past the end");
        AssertRefused([.. Header(101), .. Tensor("a", 0, [-3, 2], new byte[24])], "shape");
        AssertRefused([.. Header(101), .. Tensor("a", 0, [int.MaxValue, int.MaxValue, int.MaxValue], new byte[24])], "shape");
        AssertRefused([.. Header(101), .. Tensor("a", 9, [33], new byte[64])], "whole blocks");
        AssertRefused([.. Header(101), .. Tensor("a", 5, [32], new byte[64])], "type 5");
        AssertRefused([.. Header(100), .. Tensor("a", 9, [32], new byte[34])], "type 9");
        AssertRefused([.. Header(101), .. Tensor("a", 0, [1], new byte[4]), .. Tensor("a", 0, [1], new byte[4])], "damaged");
        AssertRefused([.. Header(101), .. Tensor("a", 0, [1], new byte[4]), 1, 2, 3], "damaged");
        AssertRefused(Header(101), "damaged");
    }

    private void AssertRefused(byte[] content, string expected)
    {
        var path = folder.Write("m.bin", content);

        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message, StringComparison.Ordinal);
    }

    private static byte[] Header(int version) => [.. "fmgg"u8, .. Numbers(version, 5, 32, 1, 0)];

    private static byte[] Tensor(string name, int type, int[] dimensions, byte[] data) => [.. Numbers([dimensions.Length, name.Length, type, .. dimensions]), .. Encoding.ASCII.GetBytes(name), .. data];

    private static byte[] Numbers(params int[] numbers) => MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray();

    private static byte[] Floats(params float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static float[] Values(ITensorSource source, int index)
    {
        var tensor = source.Tensors[index];
        var values = new float[tensor.Count];
        source.Read(tensor, 0, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
