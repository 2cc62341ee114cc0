using System.Buffers;

namespace Pedigree.Checkpoints.Quantised;

/// <summary>AWQ as AutoAWQ stores it: <c>qweight</c> packs the codes of eight neighbouring outputs into a word, inputs × outputs/8; <c>qzeros</c> does so with the
/// zero points, groups × outputs/8; <c>scales</c>, groups × outputs. In a word, even outputs come before odd ones.</summary>
internal sealed class AwqScheme : IQuantisationScheme
{
    private const int Packed = 8;

    /// <inheritdoc/>
    public IEnumerable<QuantisedTensor> Find(StoredParts parts)
    {
        foreach (var (stem, codes) in parts.Ending(".qweight"))
        {
            if (codes is { Type: ElementType.I32 or ElementType.U32, Shape: [var inputs, var width] }
                && width is > 0 and < long.MaxValue / Packed
                && parts.Find($"{stem}.scales", part => part.Type.IsFloating() && part.Shape is [> 0, var outputs] && outputs == Packed * width) is { } scales
                && parts.Find($"{stem}.qzeros", part => part.Type is ElementType.I32 or ElementType.U32 && part.Shape is [var count, var words] && count == scales.Shape[0] && words == width) is { } zeros
                && QuantisationSchemes.IsReadable(Packed * width, inputs) && inputs % scales.Shape[0] == 0)
            {
                yield return new Weights($"{stem}.weight", inputs, codes, zeros, scales);
            }
        }
    }

    private sealed class Weights(string name, long inputs, StoredTensor codes, StoredTensor zeros, StoredTensor scales)
        : GroupedCodes(name, "AWQ 4-bit", scales.Shape[1], inputs, scales.Shape[0], null, [codes, zeros, scales])
    {
        /// <inheritdoc/>
        protected override void ReadScales(ITensorSource stored, long first, int rows, Span<float> ownScales, Span<float> ownZeros)
        {
            for (var g = 0; g < scales.Shape[0]; g++)
            {
                stored.Floats(scales, (g * scales.Shape[1]) + first, ownScales.Slice(g * rows, rows));
                Unpack(stored, zeros, g, first, ownZeros.Slice(g * rows, rows), 1);
            }
        }

        /// <inheritdoc/>
        protected override void ReadCodes(ITensorSource stored, long first, int rows, Span<float> values)
        {
            for (var input = 0; input < Columns; input++)
            {
                Unpack(stored, codes, input, first, values[input..], Columns, rows);
            }
        }

        private static void Unpack(ITensorSource stored, StoredTensor packed, long line, long first, Span<float> values, int stride, int rows = -1)
        {
            var count = rows < 0 ? values.Length : rows;
            var start = first / Packed;
            var length = (int)(((first + count - 1) / Packed) - start + 1);
            var words = ArrayPool<uint>.Shared.Rent(length);
            try
            {
                stored.Words(packed, (line * packed.Shape[1]) + start, words.AsSpan(0, length));
                for (var row = 0; row < count; row++)
                {
                    var output = first + row;
                    var place = (int)(output % Packed);
                    var code = place % 2 == 0 ? place / 2 : 4 + (place / 2);
                    values[row * stride] = (words[(int)((output / Packed) - start)] >> (4 * code)) & 15;
                }
            }
            finally
            {
                ArrayPool<uint>.Shared.Return(words);
            }
        }
    }
}
