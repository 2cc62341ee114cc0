using System.Collections.Immutable;

namespace Pedigree.Checkpoints.Storages;

/// <summary>A rectangular piece of a strided tensor in its plain form. Tiles cut the row-major order of a tensor into runs, so that a reader who walks through
/// a transposed matrix row by row fetches every stored byte once.</summary>
/// <param name="First">First element of the tile, in row-major order.</param>
/// <param name="Bytes">Its elements, little-endian.</param>
internal sealed record StridedTile(long First, byte[] Bytes)
{
    // About four megabytes of 4-byte elements: rows enough that the short runs of a transposed matrix are worth a read each.
    private const long MostElements = 1 << 20;

    // A wider gap between neighbours is not read through: each element is fetched by itself.
    private const long WidestStep = 8;

    /// <summary>Fetches the tile that holds an element.</summary>
    /// <param name="tensor">A tensor that lies inside its storage.</param>
    /// <param name="element">The element, in row-major order.</param>
    /// <param name="bytesRead">Bytes fetched from the storage.</param>
    /// <exception cref="CheckpointException">The file changed or cannot be read.</exception>
    public static StridedTile Fetch(StridedTensor tensor, long element, out long bytesRead)
    {
        // The tile spans several indices of one dimension and everything in the dimensions after it.
        var (dimension, below) = Cut(tensor.Shape);
        var step = Math.Max(1, MostElements / below);
        var row = element / below;
        var index = tensor.Shape.IsEmpty ? 0 : row % tensor.Shape[dimension];
        var firstIndex = index - (index % step);
        var first = (row - index + firstIndex) * below;
        var start = tensor.Start;
        var left = first / below;
        for (var i = dimension; i >= 0 && !tensor.Shape.IsEmpty; i--)
        {
            start += left % tensor.Shape[i] * tensor.Strides[i];
            left /= tensor.Shape[i];
        }

        var shape = tensor.Shape.IsEmpty ? [1] : tensor.Shape[dimension..].SetItem(0, Math.Min(step, tensor.Shape[dimension] - firstIndex));
        var strides = tensor.Shape.IsEmpty ? [1] : tensor.Strides[dimension..];
        var bytes = new byte[shape.Aggregate((long)tensor.Type.Size(), (product, length) => product * length)];
        bytesRead = Gather(tensor, start, shape, strides, bytes);
        if (tensor.IsBigEndian)
        {
            Reverse(bytes, tensor.Type.Size());
        }

        return new StridedTile(first, bytes);
    }

    private static (int Dimension, long Below) Cut(ImmutableArray<long> shape)
    {
        var below = 1L;
        var dimension = Math.Max(0, shape.Length - 1);
        while (dimension > 0 && below <= MostElements / Math.Max(1, shape[dimension]))
        {
            below *= shape[dimension];
            dimension--;
        }

        return (dimension, below);
    }

    // Runs along the dimension of the smallest stride are read at once and scattered; the others are stepped through.
    private static long Gather(StridedTensor tensor, long start, ImmutableArray<long> shape, ImmutableArray<long> strides, Span<byte> bytes)
    {
        var size = tensor.Type.Size();
        var target = StridedTensor.RowMajor(shape);
        var fast = Enumerable.Range(0, shape.Length).Where(i => shape[i] > 1).OrderBy(i => strides[i]).ThenByDescending(i => i).FirstOrDefault(shape.Length - 1);
        var isRun = strides[fast] <= WidestStep;
        var span = isRun ? ((shape[fast] - 1) * strides[fast]) + 1 : 1;
        var buffer = new byte[span * size];
        var (from, to, read) = (start, 0L, 0L);
        var at = new long[shape.Length];
        while (true)
        {
            for (long i = 0; i < shape[fast]; i++)
            {
                if (i == 0 || !isRun)
                {
                    tensor.Storage.Read((from + (i * strides[fast])) * size, buffer, tensor.Name);
                    read += buffer.Length;
                }

                buffer.AsSpan(checked((int)(isRun ? i * strides[fast] * size : 0)), size).CopyTo(bytes[checked((int)((to + (i * target[fast])) * size))..]);
            }

            var dimension = shape.Length - 1;
            for (; dimension >= 0; dimension--)
            {
                if (dimension == fast)
                {
                    continue;
                }

                from += strides[dimension];
                to += target[dimension];
                if (++at[dimension] < shape[dimension])
                {
                    break;
                }

                from -= shape[dimension] * strides[dimension];
                to -= shape[dimension] * target[dimension];
                at[dimension] = 0;
            }

            if (dimension < 0)
            {
                return read;
            }
        }
    }

    private static void Reverse(Span<byte> bytes, int size)
    {
        for (var at = 0; at < bytes.Length; at += size)
        {
            bytes.Slice(at, size).Reverse();
        }
    }
}
