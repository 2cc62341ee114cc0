using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pedigree.Numerics;

/// <summary>Shortens rows to <see cref="Length"/> values and keeps their angles: the inner product of two shortened rows is that of the rows, give or take
/// 1/√<see cref="Length"/> of the product of their lengths.</summary>
/// <remarks>
/// Coordinates are shuffled and given random signs, padded with zeros to 16 columns of 2^k, each column goes through a Walsh-Hadamard transform, and the same
/// random share of every column is kept (subsampled randomised Hadamard transform, Tropp, "Improved analysis of the subsampled randomized Hadamard transform",
/// 2011; in blocks, Balabanov and others, 2210.11295). What is kept depends on the width and the seed, never on values.
/// </remarks>
internal sealed class RowProjection
{
    /// <summary>Values that a shortened row has. Its noise of 0.044 puts the best of 20,000 strangers at 0.044·√(2 ln 20,000) = 0.20.</summary>
    public const int Length = 512;

    private const ulong Stream = 0x70726f6a656374;
    private const int Lanes = 16;

    private readonly int[] order;
    private readonly float[] signs;
    private readonly int[] kept;
    private readonly int lines;

    /// <summary>Draws a projection.</summary>
    /// <param name="width">Values of a row, at least 1. Rows of no more than <see cref="Length"/> values stay as they are.</param>
    /// <param name="seed">Decides it, together with the width.</param>
    public RowProjection(int width, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        Width = width;
        To = Math.Min(width, Length);
        lines = 1;
        while ((long)lines * Lanes < width)
        {
            lines *= 2;
        }

        var random = new CounterRandom(seed, CounterRandom.Mix(Stream, (ulong)width));
        order = random.Permutation(width);
        signs = new float[width];
        // The transform of a column multiplies lengths by √lines, keeping some of its lines divides squares by their share: 1/√kept remains.
        var scale = (float)(1 / Math.Sqrt(Length / Lanes));
        for (var i = 0; i < width; i++)
        {
            signs[i] = random.NextInt(2) == 0 ? scale : -scale;
        }

        kept = To < width ? random.Permutation(lines)[..(Length / Lanes)] : [];
        Array.Sort(kept);
    }

    /// <summary>Values of a row before.</summary>
    public int Width { get; }

    /// <summary>Values of a row afterwards.</summary>
    public int To { get; }

    /// <summary>Shortens rows.</summary>
    /// <param name="rows">count × <see cref="Width"/>.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="result">Receives count × <see cref="To"/>.</param>
    public void Apply(ReadOnlySpan<float> rows, int count, Span<float> result)
    {
        if (To == Width)
        {
            rows[..(count * Width)].CopyTo(result);
            return;
        }

        var work = new float[lines * Lanes];
        for (var r = 0; r < count; r++)
        {
            var row = rows.Slice(r * Width, Width);
            for (var i = 0; i < Width; i++)
            {
                work[i] = row[order[i]] * signs[i];
            }

            work.AsSpan(Width).Clear();
            Transform(work);
            var target = result.Slice(r * To, To);
            for (var i = 0; i < kept.Length; i++)
            {
                work.AsSpan(kept[i] * Lanes, Lanes).CopyTo(target[(i * Lanes)..]);
            }
        }
    }

    /// <summary>The same by the definition, in double precision: the scalar twin, for tests.</summary>
    /// <inheritdoc cref="Apply"/>
    internal void ApplyScalar(ReadOnlySpan<float> rows, int count, Span<float> result)
    {
        if (To == Width)
        {
            rows[..(count * Width)].CopyTo(result);
            return;
        }

        for (var r = 0; r < count; r++)
        {
            var row = rows.Slice(r * Width, Width);
            for (var i = 0; i < To; i++)
            {
                var (line, lane) = (kept[i / Lanes], i % Lanes);
                double sum = 0;
                for (var j = lane; j < Width; j += Lanes)
                {
                    // Entry of the Walsh-Hadamard matrix: -1 where the two indices share an odd number of bits.
                    sum += row[order[j]] * signs[j] * (int.IsOddInteger(System.Numerics.BitOperations.PopCount((uint)(line & (j / Lanes)))) ? -1.0 : 1.0);
                }

                result[(r * To) + i] = (float)sum;
            }
        }
    }

    private void Transform(Span<float> work)
    {
        var blocks = MemoryMarshal.Cast<float, Vector512<float>>(work);
        for (var half = 1; half < lines; half *= 2)
        {
            for (var start = 0; start < lines; start += 2 * half)
            {
                for (var i = start; i < start + half; i++)
                {
                    var (one, two) = (blocks[i], blocks[i + half]);
                    blocks[i] = one + two;
                    blocks[i + half] = one - two;
                }
            }
        }
    }
}
