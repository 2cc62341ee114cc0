using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Checkpoints;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        var path = folder.Join("model.safetensors");
        SafetensorsWriter.Write(path, [("a", ElementType.F16, [1], new byte[] { 1, 2 }), ("b", ElementType.F32, [1], new byte[] { 3, 4, 5, 6 })], new Dictionary<string, string> { ["format"] = "pt" });

        var file = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);

        Assert.Equal(0, (8 + length) % 8);
        Assert.Equal(
            """{"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F16","shape":[1],"data_offsets":[4,6]}}""",
            Encoding.UTF8.GetString(file, 8, length).TrimEnd(' '));
        Assert.Equal([3, 4, 5, 6, 1, 2], file[(8 + length)..]);
    }

    [Fact]
    public void Equal_content_gives_equal_bytes()
    {
        SafetensorsWriter.Write(folder.Join("1"), [("a", ElementType.U8, [1], new byte[1]), ("b", ElementType.U8, [1], new byte[] { 7 })]);
        SafetensorsWriter.Write(folder.Join("2"), [("b", ElementType.U8, [1], new byte[] { 7 }), ("a", ElementType.U8, [1], new byte[1])]);

        Assert.Equal(File.ReadAllBytes(folder.Join("1")), File.ReadAllBytes(folder.Join("2")));
    }

    [Fact]
    public void Whatever_is_written_reads_back()
    {
        var tensor = Gen.Select(Gen.String[0, 12], Gen.Enum<ElementType>(), Gen.Long[0, 5].Array[0, 4]);
        var path = folder.Join("model.safetensors");
        tensor.Array[0, 6].Sample(
            drawn =>
            {
                var tensors = drawn
                    .Where(one => one.Item1 != "__metadata__" && IsUnicode(one.Item1))
                    .DistinctBy(one => one.Item1, StringComparer.Ordinal)
                    .Select(one => (one.Item1, one.Item2, one.Item3, Samples.Bytes((int)one.Item3.Aggregate((long)one.Item2.Size(), (a, b) => a * b))))
                    .ToList();
                SafetensorsWriter.Write(path, tensors);
                using var source = Checkpoint.Open(path);
                Assert.Equal(tensors.Count, source.Tensors.Count);
                foreach (var (name, type, shape, data) in tensors)
                {
                    var stored = Assert.Single(source.Tensors, candidate => candidate.Name == name);
                    Assert.Equal(type, stored.Type);
                    Assert.Equal(shape, stored.Shape.AsEnumerable());
                    var bytes = new byte[stored.Length];
                    source.Read(stored, 0, bytes);
                    Assert.Equal(data.ToArray(), bytes);
                    Assert.True(stored.Offset % type.Size() == 0, "not aligned");
                }
            },
            iter: 200,
            threads: 1);
    }

    [Fact]
    public void What_would_not_open_is_not_written()
    {
        var path = folder.Join("model.safetensors");

        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [("a", ElementType.F32, [2], new byte[7])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [("a", ElementType.U8, [1], new byte[1]), ("a", ElementType.U8, [1], new byte[1])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [("__metadata__", ElementType.U8, [1], new byte[1])]));
        Assert.Throws<ArgumentOutOfRangeException>(() => SafetensorsWriter.Write(path, [("a", ElementType.U8, [-1, -1], new byte[1])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [("\ud800", ElementType.U8, [1], new byte[1])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(path, [("a", ElementType.U8, [long.MaxValue, 4], new byte[1])]));
        Assert.False(File.Exists(path));
    }

    private static bool IsUnicode(string text) => !text.EnumerateRunes().Contains(Rune.ReplacementChar);
}
