using System.Text;
using Pedigree.Checkpoints;
using Pedigree.Tests.Checkpoints.Archives;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Numpy;

public sealed class NumpyFormatTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("<f4", false, 1)]
    [InlineData("<f4", false, 2)]
    [InlineData("<f4", true, 3)]
    [InlineData(">f4", false, 1)]
    [InlineData(">f4", true, 1)]
    public void An_array_is_read_in_row_major_order(string descriptor, bool isColumnMajor, byte version)
    {
        // Element (i, j) of 2 × 3 is 3 i + j.
        float[] stored = isColumnMajor ? [0, 3, 1, 4, 2, 5] : [0, 1, 2, 3, 4, 5];
        using var source = Checkpoint.Open(folder.Write("a.npy", Array(descriptor, isColumnMajor, "(2, 3)", Bytes(stored, descriptor[0] == '>'), version)));

        var tensor = source.Tensors.Single();
        Assert.Equal([2L, 3L], tensor.Shape);
        Assert.Equal([0, 1, 2, 3, 4, 5], Values(source, tensor));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_archive_of_arrays_is_read(bool deflated)
    {
        var zip = new ZipFile { IsAligned = false }
            .Add("layers.0.w.npy", Array("<f4", false, "(2,)", Bytes([1, 2], false)), deflated)
            .Add("scalar.npy", Array("<i8", false, "()", new byte[8]), deflated)
            .Add("notes.txt", "no array"u8);
        using var source = Checkpoint.Open(folder.Write("a.npz", zip.ToArray()));

        Assert.Equal(["layers.0.w", "scalar"], source.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([1, 2], Values(source, source.Tensors[0]));
        Assert.Equal(deflated ? "F32 deflate" : null, source.Tensors[0].Encoding);
    }

    [Fact]
    public void An_archive_that_unpacks_to_far_more_is_refused()
    {
        var bomb = new ZipFile { IsAligned = false }.Add("a.npy", Array("<f4", false, "(8388608,)", new byte[32 << 20]), deflated: true).ToArray();
        var path = folder.Write("a.npz", bomb);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains("more than", Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData("|O", "(1,)", 8, "Python objects")]
    [InlineData("<c8", "(1,)", 8, "element type '<c8'")]
    [InlineData("<U4", "(1,)", 16, "element type")]
    [InlineData("=f4", "(1,)", 4, "element type")]
    [InlineData("<f4", "(2,)", 4, "needs 8 bytes for its shape and has 4 bytes")]
    [InlineData("<f4", "(1,)", 5, "needs 4 bytes")]
    [InlineData("<f4", "(4611686018427387904, 4)", 4, "overflows")]
    [InlineData("<f4", "(99999999999999999999,)", 4, "damaged header")]
    [InlineData("<f4", "(-1,)", 4, "damaged header")]
    [InlineData("<f4", "(1,", 4, "damaged header")]
    [InlineData("<f4", "[1]", 4, "damaged header")]
    [InlineData("<f4", "__import__('os')", 4, "damaged header")]
    public void What_is_no_plain_array_is_refused(string descriptor, string shape, int length, string expected)
    {
        var path = folder.Write("a.npy", Array(descriptor, false, shape, new byte[length]));

        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_pickle_in_an_array_of_objects_is_listed_and_not_loaded()
    {
        var path = folder.Write("a.npy", Array("|O", false, "(1,)", Encoding.ASCII.GetBytes("cos\nsystem\n(S'true'\ntR.")));

        Assert.Contains("'os.system'", Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_of_fields_are_refused()
    {
        var header = "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }";
        var path = folder.Write("a.npy", WithHeader(header, new byte[4], 1));

        Assert.Contains("record of fields", Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message, StringComparison.Ordinal);
    }

    internal static byte[] Array(string descriptor, bool isColumnMajor, string shape, byte[] data, byte version = 1) =>
        WithHeader($"{{'descr': '{descriptor}', 'fortran_order': {isColumnMajor}, 'shape': {shape}, }}", data, version);

    private static byte[] WithHeader(string header, byte[] data, byte version)
    {
        var text = Encoding.ASCII.GetBytes(header.PadRight(117) + "\n");
        byte[] length = version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. data];
    }

    private static byte[] Bytes(float[] values, bool isBigEndian)
    {
        var bytes = new byte[4 * values.Length];
        ElementEncoder.Encode(ElementType.F32, values, bytes);
        return isBigEndian ? [.. bytes.Chunk(4).SelectMany(value => value.Reverse())] : bytes;
    }

    private static float[] Values(ITensorSource source, StoredTensor tensor)
    {
        var bytes = new byte[tensor.Length];
        source.Read(tensor, 0, bytes);
        var values = new float[tensor.Count];
        ElementDecoder.Decode(tensor.Type, bytes, values);
        return values;
    }
}
