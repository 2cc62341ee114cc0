using System.Buffers.Binary;
using Pedigree.Checkpoints;
using Pedigree.Checkpoints.Archives;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Archives;

public sealed class ZipDirectoryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Entries_are_found_and_unpacked(bool wide, bool deflated)
    {
        var content = Samples.Bytes(5000).Span;
        using var file = Open(new ZipFile { HasWideEnd = wide }.Add("a/data.pkl", content, deflated).Add("a/data/0", "xyz"u8));

        var entries = ZipDirectory.Read(file);

        Assert.Equal(["a/data.pkl", "a/data/0"], entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(content, ZipUnpacker.Read(file, entries["a/data.pkl"], 5000));
        Assert.Equal(0, entries["a/data/0"].Offset % 64);
        Assert.Contains("more than the 4,999 bytes", Assert.Throws<CheckpointException>(() => ZipUnpacker.Read(file, entries["a/data.pkl"], 4999)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(13)]
    public void Encrypted_and_patched_entries_are_refused(int bit) =>
        AssertRefused(new ZipFile { Flags = (ushort)(1 << bit) }.Add("a", "x"u8), "encrypted");

    [Fact]
    public void A_name_that_differs_from_the_entrys_own_is_refused() =>
        AssertRefused(new ZipFile { OwnName = static name => name + "x" }.Add("a", "x"u8), "contradicts the directory");

    [Fact]
    public void A_name_in_the_directory_twice_is_refused() => AssertRefused(new ZipFile().Add("a", "x"u8).Add("a", "y"u8), "twice");

    [Fact]
    public void A_stored_entry_with_two_lengths_is_refused() =>
        AssertRefused(new ZipFile { StatedLength = static (_, length) => length + 1 }.Add("a", "x"u8), "two different lengths");

    [Fact]
    public void Entries_that_share_bytes_are_refused()
    {
        var bytes = new ZipFile { IsAligned = false }.Add("a", "0123456789"u8).Add("b", "x"u8).ToArray();
        var second = ZipFile.DirectoryRecord(bytes, 1);
        var inside = bytes.AsSpan(0, 41);

        // The first entry is stretched over the second.
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ZipFile.DirectoryRecord(bytes, 0) + 20), 30);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ZipFile.DirectoryRecord(bytes, 0) + 24), 30);
        BinaryPrimitives.WriteUInt32LittleEndian(inside[18..], 30);
        BinaryPrimitives.WriteUInt32LittleEndian(inside[22..], 30);

        Assert.True(second > 41);
        AssertRefused(bytes, "overlaps");
    }

    [Fact]
    public void Bytes_between_the_directory_and_its_end_are_refused()
    {
        var bytes = new ZipFile().Add("a", "x"u8).ToArray();

        AssertRefused([.. bytes[..^22], 0, .. bytes[^22..]], "does not lie where");
    }

    [Fact]
    public void A_cut_archive_and_an_empty_one_are_called_that()
    {
        AssertRefused(new ZipFile().Add("a", Samples.Bytes(100).Span).ToArray()[..^30], "cut short");
        AssertRefused(new ZipFile(), "empty zip archive");
    }

    [Fact]
    public void An_offset_past_the_data_is_refused()
    {
        var bytes = new ZipFile().Add("a", "x"u8).ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ZipFile.DirectoryRecord(bytes, 0) + 42), uint.MaxValue - 1);

        AssertRefused(bytes, "past the end");
    }

    [Fact]
    public void What_unpacks_to_something_else_is_refused()
    {
        var content = Samples.Bytes(1000).Span;
        AssertUnpackingRefused(new ZipFile { StatedLength = static (_, length) => length - 1 }.Add("a", content, deflated: true), "does not unpack");
        AssertUnpackingRefused(new ZipFile { StatedLength = static (_, length) => length + 1 }.Add("a", content, deflated: true), "does not unpack");
        AssertUnpackingRefused(new ZipFile { StatedLength = static (_, _) => 100_000_000 }.Add("a", content, deflated: true), "does not unpack");
        AssertUnpackingRefused(new ZipFile { Checksum = static (_, checksum) => checksum + 1 }.Add("a", content), "checksum");
    }

    private void AssertUnpackingRefused(ZipFile zip, string expected)
    {
        using var file = Open(zip);
        var entry = ZipDirectory.Read(file)["a"];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => ZipUnpacker.Read(file, entry, 1 << 30)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private void AssertRefused(ZipFile zip, string expected) => AssertRefused(zip.ToArray(), expected);

    private void AssertRefused(byte[] bytes, string expected)
    {
        using var file = ShardFile.Open(folder.Write("a.zip", bytes), ReadMode.Stream);

        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => ZipDirectory.Read(file)).Message, StringComparison.Ordinal);
    }

    private ShardFile Open(ZipFile zip) => ShardFile.Open(folder.Write("a.zip", zip.ToArray()), ReadMode.Stream);
}
