using System.Collections.Immutable;

namespace Pedigree.Checkpoints.Gguf;

/// <summary>Reads the header of a GGUF file: magic, version, counts, metadata, tensors.</summary>
internal static class GgufHeaderReader
{
    private const int DefaultAlignment = 32;
    private const int GreatestAlignment = 1 << 24;
    private const int LongestName = 1024;

    /// <summary>Reads and checks a header.</summary>
    /// <exception cref="CheckpointException">It is not what the format asks.</exception>
    public static GgufHeader Read(ShardFile file)
    {
        var cursor = new GgufCursor(file);
        var version = ReadVersion(cursor);
        cursor.NarrowCounts = version == 1;
        // A name, a number of dimensions, a type and an offset; a key, a type and a value.
        var tensorCount = cursor.Count("tensors", cursor.CountBytes + 16, GgufFormat.TensorLimit);
        var keyCount = cursor.Count("keys", cursor.CountBytes + 5, GgufFormat.KeyLimit);
        var (metadata, tokenizer) = new GgufMetadataReader(cursor).Read(keyCount);
        var alignment = Alignment(file.Path, metadata);
        var claims = new List<Claim>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < tensorCount; i++)
        {
            var claim = ReadClaim(cursor, alignment);
            claims.Add(names.Add(claim.Name) ? claim : throw GgufFault.NameTwice(file.Path, claim.Name));
        }

        var start = (cursor.Position + alignment - 1) / alignment * alignment;
        var (tensors, slack) = Place(claims, file, start, alignment);
        return new GgufHeader(version, cursor.BigEndian, metadata, tokenizer, tensors, slack);
    }

    // A big-endian file has either the usual magic before a big-endian version, or, as newer writers have it, both reversed.
    private static uint ReadVersion(GgufCursor cursor)
    {
        var magic = cursor.Word("the magic");
        var version = cursor.Word("the version");
        var swapped = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(version);
        if (magic == GgufFormat.ReversedMagic)
        {
            cursor.BigEndian = true;
            return swapped is 2 or 3 ? swapped : throw GgufFault.Reversed(cursor.File);
        }

        cursor.BigEndian = version > 0xFFFF && swapped <= 0xFFFF;
        var actual = cursor.BigEndian ? swapped : version;
        return actual is 1 or 2 or 3 ? actual : throw GgufFault.Version(cursor.File, actual);
    }

    private static int Alignment(string file, IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue("general.alignment", out var text))
        {
            return DefaultAlignment;
        }

        return int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var alignment)
            && alignment is > 0 and <= GreatestAlignment && int.IsPow2(alignment)
            ? alignment
            : throw GgufFault.Alignment(file, text);
    }

    private static Claim ReadClaim(GgufCursor cursor, int alignment)
    {
        var name = cursor.Text("the name of a tensor", LongestName);
        var dimensions = cursor.Word("a number of dimensions");
        if (dimensions > GgufFormat.DimensionLimit)
        {
            throw GgufFault.TooManyDimensions(cursor.File, name, dimensions);
        }

        var sizes = new ulong[dimensions];
        var count = UInt128.One;
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = cursor.Number(cursor.CountBytes, "a dimension");
            // Both factors are below 2^64, so the product cannot overflow, and it is cut down before the next.
            count = count > long.MaxValue ? count : count * sizes[i];
        }

        var number = cursor.Word("the type of a tensor");
        var offset = cursor.Number(8, "the offset of a tensor");
        var type = GgufType.Find(number) ?? throw GgufFault.TypeUnknown(cursor.File, name, number);
        if (!type.IsRead)
        {
            throw GgufFault.TypeUnread(cursor.File, name, type.Name);
        }

        // The plain tensor has up to eight bytes a value; its length must fit as well as the stored one.
        if (count > long.MaxValue / 8 || Array.Exists(sizes, size => size > long.MaxValue / 8))
        {
            throw GgufFault.ShapeOverflow(cursor.File, name, sizes.Reverse());
        }

        var row = sizes.Length == 0 ? 1 : sizes[0];
        if (row % (ulong)type.Values != 0)
        {
            throw GgufFault.RowNotWhole(cursor.File, name, type, row);
        }

        return offset % (ulong)alignment == 0
            ? new Claim(name, type, [.. sizes.Reverse().Select(size => (long)size)], offset, (long)count)
            : throw GgufFault.Offset(cursor.File, name, offset, alignment);
    }

    private static (ImmutableArray<GgufEntry> Tensors, long Slack) Place(List<Claim> claims, ShardFile file, long start, int alignment)
    {
        claims.Sort(static (a, b) => (a.Offset, a.StoredLength, a.Name).CompareTo((b.Offset, b.StoredLength, b.Name)));
        var placed = ImmutableArray.CreateBuilder<GgufEntry>(claims.Count);
        var slack = 0L;
        var end = start;
        foreach (var claim in claims)
        {
            var needed = (UInt128)(ulong)start + claim.Offset + (ulong)claim.StoredLength;
            if (needed > (ulong)file.Length)
            {
                throw GgufFault.DataPastEnd(file.Path, claim.Name, needed, file.Length);
            }

            var first = start + (long)claim.Offset;
            if (first < end)
            {
                throw GgufFault.Overlap(file.Path, claim.Name, placed[^1].Name);
            }

            var aligned = (end + alignment - 1) / alignment * alignment;
            slack += Math.Max(0, first - aligned);
            end = first + claim.StoredLength;
            placed.Add(new GgufEntry(claim.Name, claim.Type, claim.Shape, first, claim.Count, claim.StoredLength));
        }

        var rest = file.Length - end;
        return (placed.MoveToImmutable(), slack + (rest < alignment ? 0 : rest));
    }

    private readonly record struct Claim(string Name, GgufType Type, ImmutableArray<long> Shape, ulong Offset, long Count)
    {
        public long StoredLength => Count / Type.Values * Type.Bytes;
    }
}
