using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Pedigree.Tests.Checkpoints.Archives;

/// <summary>Writes zip archives byte by byte, right or wrong as a test wants them.</summary>
internal sealed class ZipFile
{
    private const int Alignment = 64;

    private readonly List<(string Name, byte[] Content, bool Deflated)> entries = [];

    /// <summary>Flags of every entry; bit 11 says that names are UTF-8.</summary>
    public ushort Flags { get; set; } = 1 << 11;

    /// <summary>Whether storages begin at a multiple of 64 bytes, as PyTorch writes them.</summary>
    public bool IsAligned { get; set; } = true;

    /// <summary>Changes the checksum of an entry.</summary>
    public Func<string, uint, uint> Checksum { get; set; } = static (_, checksum) => checksum;

    /// <summary>Changes the name in an entry's own header.</summary>
    public Func<string, string> OwnName { get; set; } = static name => name;

    /// <summary>Changes the lengths that the directory states.</summary>
    public Func<string, uint, uint> StatedLength { get; set; } = static (_, length) => length;

    /// <summary>Whether a zip64 end record is written, as PyTorch does.</summary>
    public bool HasWideEnd { get; set; }

    /// <summary>Adds an entry.</summary>
    public ZipFile Add(string name, ReadOnlySpan<byte> content, bool deflated = false)
    {
        entries.Add((name, content.ToArray(), deflated));
        return this;
    }

    /// <summary>The archive.</summary>
    public byte[] ToArray()
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        using var directory = new MemoryStream();
        using var records = new BinaryWriter(directory);
        foreach (var (name, content, deflated) in entries)
        {
            var packed = deflated ? Deflate(content) : content;
            var checksum = Checksum(name, Pedigree.Checkpoints.Archives.Crc32.Of(content));
            var own = Encoding.UTF8.GetBytes(OwnName(name));
            var listed = Encoding.UTF8.GetBytes(name);
            var offset = (uint)file.Position;
            var padding = IsAligned ? (int)((Alignment - ((file.Position + 30 + own.Length + 4) % Alignment)) % Alignment) : 0;
            writer.Write(0x04034B50u);
            Common(writer, deflated, checksum, (uint)packed.Length, StatedLength(name, (uint)content.Length));
            writer.Write((ushort)own.Length);
            writer.Write((ushort)(IsAligned ? padding + 4 : 0));
            writer.Write(own);
            if (IsAligned)
            {
                writer.Write((ushort)0x4246);
                writer.Write((ushort)padding);
                writer.Write(new byte[padding]);
            }

            writer.Write(packed);
            records.Write(0x02014B50u);
            records.Write((ushort)0);
            Common(records, deflated, checksum, (uint)packed.Length, StatedLength(name, (uint)content.Length));
            records.Write((ushort)listed.Length);
            records.Write(new byte[12]);
            records.Write(offset);
            records.Write(listed);
        }

        var start = file.Position;
        writer.Write(directory.ToArray());
        if (HasWideEnd)
        {
            var wide = file.Position;
            writer.Write(0x06064B50u);
            writer.Write(44L);
            writer.Write(new byte[12]);
            writer.Write((long)entries.Count);
            writer.Write((long)entries.Count);
            writer.Write(directory.Length);
            writer.Write(start);
            writer.Write(0x07064B50u);
            writer.Write(0);
            writer.Write(wide);
            writer.Write(1);
        }

        writer.Write(0x06054B50u);
        writer.Write(0);
        writer.Write((ushort)entries.Count);
        writer.Write((ushort)entries.Count);
        writer.Write((uint)directory.Length);
        writer.Write((uint)start);
        writer.Write((ushort)0);
        return file.ToArray();
    }

    /// <summary>Where a record of the directory begins.</summary>
    public static int DirectoryRecord(byte[] file, int index)
    {
        var at = -1;
        for (var found = 0; found <= index; found++)
        {
            at++;
            while (BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at)) != 0x02014B50u)
            {
                at++;
            }
        }

        return at;
    }

    // From version to unpacked length, the same in both headers.
    private void Common(BinaryWriter writer, bool deflated, uint checksum, uint packed, uint unpacked)
    {
        writer.Write((ushort)20);
        writer.Write(Flags);
        writer.Write((ushort)(deflated ? 8 : 0));
        writer.Write(0);
        writer.Write(checksum);
        writer.Write(packed);
        writer.Write(unpacked);
    }

    private static byte[] Deflate(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var stream = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            stream.Write(content);
        }

        return packed.ToArray();
    }
}
