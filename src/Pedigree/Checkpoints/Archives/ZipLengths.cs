using System.Buffers.Binary;

namespace Pedigree.Checkpoints.Archives;

/// <summary>The lengths and the place of an entry as its directory record states them, 32 bits each, widened by its zip64 field (APPNOTE 4.5.3).</summary>
/// <param name="unpacked">Unpacked length.</param>
/// <param name="packed">Packed length.</param>
/// <param name="offset">Position of the entry's header.</param>
internal struct ZipLengths(uint unpacked, uint packed, uint offset)
{
    private const ushort Zip64Field = 1;

    /// <summary>Unpacked length, in bytes.</summary>
    public long Unpacked { get; private set; } = unpacked;

    /// <summary>Packed length, in bytes.</summary>
    public long Packed { get; private set; } = packed;

    /// <summary>Position of the entry's header.</summary>
    public long Offset { get; private set; } = offset;

    /// <summary>Takes those values from the zip64 field that do not fit 32 bits.</summary>
    /// <param name="extra">The extra fields of the directory record.</param>
    /// <returns>False if a field is damaged or missing, or a value exceeds 63 bits.</returns>
    public bool Widen(ReadOnlySpan<byte> extra)
    {
        if (Unpacked != uint.MaxValue && Packed != uint.MaxValue && Offset != uint.MaxValue)
        {
            return true;
        }

        while (extra.Length >= 4)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
            {
                return false;
            }

            if (id == Zip64Field)
            {
                var field = extra.Slice(4, length);
                return Take(ref field, Unpacked, out var unpacked) && Take(ref field, Packed, out var packed) && Take(ref field, Offset, out var offset)
                    && Set(unpacked, packed, offset);
            }

            extra = extra[(4 + length)..];
        }

        // All bits set without a zip64 field is a plain value in old archives, but none that a file of weights has.
        return false;
    }

    private bool Set(long unpacked, long packed, long offset)
    {
        (Unpacked, Packed, Offset) = (unpacked, packed, offset);
        return true;
    }

    private static bool Take(ref ReadOnlySpan<byte> field, long narrow, out long wide)
    {
        wide = narrow;
        if (narrow != uint.MaxValue)
        {
            return true;
        }

        if (field.Length < 8)
        {
            return false;
        }

        wide = BinaryPrimitives.ReadInt64LittleEndian(field);
        field = field[8..];
        return wide >= 0;
    }
}
