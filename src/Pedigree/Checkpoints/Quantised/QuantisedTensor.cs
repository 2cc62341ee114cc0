using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Pedigree.Checkpoints.Quantised;

/// <summary>A matrix, or a stack of them, that several stored tensors stand for: codes, scales, zero points. Decoded row by row when it is read.</summary>
internal abstract class QuantisedTensor
{
    // Rows are decoded in steps of about so many values, which a core's second-level cache holds.
    private const int StepValues = 1 << 16;

    /// <summary>Describes the plain tensor.</summary>
    /// <param name="name">The name of the plain weight.</param>
    /// <param name="encoding">How it is stored, for the report.</param>
    /// <param name="shape">Its shape, slowest dimension first; no dimension is 0 and the values fit <see cref="QuantisationSchemes.MostValues"/>.</param>
    /// <param name="parts">The stored tensors that it takes the place of, the codes first.</param>
    protected QuantisedTensor(string name, string encoding, ImmutableArray<long> shape, ImmutableArray<StoredTensor> parts)
    {
        Parts = parts;
        Columns = (int)shape[^1];
        Tensor = new StoredTensor(name, ElementType.F32, shape, parts[0].Shard, parts[0].Offset, shape.Aggregate(4L, (product, size) => product * size))
        {
            Encoding = encoding,
            StoredLength = parts.Sum(part => part.StoredLength),
        };
    }

    /// <summary>The plain tensor, with values of 32 bits.</summary>
    public StoredTensor Tensor { get; }

    /// <summary>The stored tensors that it takes the place of.</summary>
    public ImmutableArray<StoredTensor> Parts { get; }

    /// <summary>Values in a row.</summary>
    protected int Columns { get; }

    /// <summary>Copies bytes of the plain tensor, as <see cref="ITensorSource.Read"/> does.</summary>
    public void Read(ITensorSource stored, long byteOffset, Span<byte> destination)
    {
        var rowBytes = Columns * sizeof(float);
        while (!destination.IsEmpty)
        {
            var (row, within) = (byteOffset / rowBytes, (int)(byteOffset % rowBytes));
            var length = Math.Min(rowBytes - within, destination.Length);
            if (length == rowBytes)
            {
                var rows = Math.Min(destination.Length / rowBytes, Math.Max(1, StepValues / Columns));
                length = rows * rowBytes;
                Decode(stored, row, rows, MemoryMarshal.Cast<byte, float>(destination[..length]));
            }
            else
            {
                var values = ArrayPool<float>.Shared.Rent(Columns);
                try
                {
                    Decode(stored, row, 1, values.AsSpan(0, Columns));
                    MemoryMarshal.AsBytes(values.AsSpan(0, Columns)).Slice(within, length).CopyTo(destination);
                }
                finally
                {
                    ArrayPool<float>.Shared.Return(values);
                }
            }

            byteOffset += length;
            destination = destination[length..];
        }
    }

    /// <summary>Decodes whole rows.</summary>
    /// <param name="stored">The source of the parts.</param>
    /// <param name="first">First row; in a stack, rows of all matrices are counted through.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="values">Receives rows × Columns values.</param>
    protected abstract void Decode(ITensorSource stored, long first, int rows, Span<float> values);
}
