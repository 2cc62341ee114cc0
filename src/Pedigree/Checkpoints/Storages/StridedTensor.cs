using System.Collections.Immutable;

namespace Pedigree.Checkpoints.Storages;

/// <summary>A tensor laid over a storage: element (i, j, …) is element Start + i·Strides[0] + j·Strides[1] + … of the storage.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions, slowest first.</param>
/// <param name="Storage">The bytes.</param>
/// <param name="Start">First element, counted in elements of this type.</param>
/// <param name="Strides">Elements from one index to the next, one for each dimension.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
internal sealed record StridedTensor(
    string Name, ElementType Type, ImmutableArray<long> Shape, Storage Storage, long Start, ImmutableArray<long> Strides, bool IsBigEndian)
{
    /// <summary>Number of elements.</summary>
    public long Count { get; } = Product(Shape);

    /// <summary>Whether the elements lie one after another in row-major order.</summary>
    public bool IsRowMajor { get; } = LiesInOrder(Shape, Strides);

    /// <summary>Whether the stored bytes are those of the plain tensor.</summary>
    public bool IsPlain => IsRowMajor && (!IsBigEndian || Type.Size() == 1);

    /// <summary>The tensor as a checkpoint lists it.</summary>
    /// <param name="shard">The index of its file.</param>
    public StoredTensor Describe(int shard)
    {
        var size = Type.Size();
        // Blocks stand for their values; everything else is a way in which plain values lie in the file.
        List<string> encoding = Storage is BlockStorage { Packing: var blocks } ? [blocks] : Storage.Packing is { } packing ? [Type.ToString(), packing] : [Type.ToString()];
        if (!IsRowMajor)
        {
            encoding.Add("strided");
        }

        if (IsBigEndian && size > 1)
        {
            encoding.Add("big-endian");
        }

        var offset = Storage.Packing is null ? Storage.Offset + (Start * size) : Storage.Offset;
        return new StoredTensor(Name, Type, Shape, shard, offset, Count * size)
        {
            Encoding = IsPlain && Storage.Packing is null ? null : string.Join(' ', encoding),
            StoredLength = Storage.Packing is null ? Count * size : Storage.StoredLength,
        };
    }

    /// <summary>A tensor whose elements lie one after another, from the beginning of the storage.</summary>
    public static StridedTensor InOrder(string name, ElementType type, ImmutableArray<long> shape, Storage storage, long start = 0, bool isBigEndian = false) =>
        new(name, type, shape, storage, start, RowMajor(shape), isBigEndian);

    /// <summary>The strides of a tensor whose last index varies fastest.</summary>
    public static ImmutableArray<long> RowMajor(ImmutableArray<long> shape)
    {
        var strides = new long[shape.Length];
        var step = 1L;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= Math.Max(1, shape[i]);
        }

        return [.. strides];
    }

    /// <summary>The strides of a tensor whose first index varies fastest, as Fortran stores matrices.</summary>
    public static ImmutableArray<long> ColumnMajor(ImmutableArray<long> shape)
    {
        var strides = new long[shape.Length];
        var step = 1L;
        for (var i = 0; i < shape.Length; i++)
        {
            strides[i] = step;
            step *= Math.Max(1, shape[i]);
        }

        return [.. strides];
    }

    /// <summary>The number of elements of a shape, or null if it or its size in bytes exceeds 63 bits or a dimension is negative.</summary>
    public static long? CountOf(IEnumerable<long> shape, ElementType type)
    {
        var count = (Int128)1;
        var isEmpty = false;
        foreach (var dimension in shape)
        {
            if (dimension < 0)
            {
                return null;
            }

            isEmpty |= dimension == 0;
            count *= Math.Max(1, dimension);
            if (count > long.MaxValue / type.Size())
            {
                return null;
            }
        }

        return isEmpty ? 0 : (long)count;
    }

    private static long Product(ImmutableArray<long> shape)
    {
        var count = 1L;
        foreach (var dimension in shape)
        {
            count *= dimension;
        }

        return count;
    }

    private static bool LiesInOrder(ImmutableArray<long> shape, ImmutableArray<long> strides)
    {
        var step = 1L;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            if (shape[i] != 1 && strides[i] != step)
            {
                return Product(shape) == 0;
            }

            step *= Math.Max(1, shape[i]);
        }

        return true;
    }
}
