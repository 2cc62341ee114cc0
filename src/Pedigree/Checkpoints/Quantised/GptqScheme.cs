using System.Buffers;

namespace Pedigree.Checkpoints.Quantised;

/// <summary>GPTQ as AutoGPTQ stores it: <c>qweight</c> packs the codes of neighbouring inputs into a word, inputs · bits/32 × outputs; <c>qzeros</c> packs zero
/// points of neighbouring outputs, groups × outputs · bits/32, less 1; <c>scales</c>, groups × outputs; and optionally the group of each input in <c>g_idx</c>.</summary>
internal sealed class GptqScheme : IQuantisationScheme
{
    /// <inheritdoc/>
    public IEnumerable<QuantisedTensor> Find(StoredParts parts)
    {
        foreach (var (stem, codes) in parts.Ending(".qweight"))
        {
            if (codes is not { Type: ElementType.I32 or ElementType.U32, Shape: [var words, var outputs] }
                || parts.Find($"{stem}.scales", part => part.Type.IsFloating() && part.Shape is [> 0, var width] && width == outputs) is not { } scales
                || parts.Find($"{stem}.qzeros", part => part.Type is ElementType.I32 or ElementType.U32 && part.Shape is [var count, _] && count == scales.Shape[0]) is not { } zeros
                || outputs < 1)
            {
                continue;
            }

            var bits = (int)Int128.Min(32, 32 * (Int128)zeros.Shape[1] / outputs);
            if (bits is not (2 or 3 or 4 or 8) || (Int128)outputs * bits != 32 * (Int128)zeros.Shape[1] || 32 * (Int128)words % bits != 0)
            {
                continue;
            }

            var inputs = (long)(32 * (Int128)words / bits);
            var group = parts.Find($"{stem}.g_idx", part => part.Type is ElementType.I32 or ElementType.U32 && part.Shape is [var length] && length == inputs);
            if (QuantisationSchemes.IsReadable(outputs, inputs) && scales.Shape[0] <= inputs)
            {
                // Version 2 of the format stores zero points as they are.
                var raised = parts.Setting("checkpoint_format") is "gptq_v2" ? 0u : 1u;
                yield return new Weights($"{stem}.weight", bits, outputs, inputs, raised, codes, zeros, scales, group);
            }
        }
    }

    private sealed class Weights(
        string name, int bits, long outputs, long inputs, uint raised, StoredTensor codes, StoredTensor zeros, StoredTensor scales, StoredTensor? group)
        : GroupedCodes(name, $"GPTQ {bits}-bit", outputs, inputs, scales.Shape[0], group, group is null ? [codes, zeros, scales] : [codes, zeros, scales, group])
    {
        /// <inheritdoc/>
        protected override void ReadScales(ITensorSource stored, long first, int rows, Span<float> ownScales, Span<float> ownZeros)
        {
            var width = zeros.Shape[1];
            var start = first * bits / 32;
            var count = (int)(QuantisationSchemes.Ceiling((first + rows) * bits, 32) - start);
            var words = ArrayPool<uint>.Shared.Rent(count + 1);
            try
            {
                for (var g = 0; g < scales.Shape[0]; g++)
                {
                    stored.Floats(scales, (g * Tensor.Shape[0]) + first, ownScales.Slice(g * rows, rows));
                    stored.Words(zeros, (g * width) + start, words.AsSpan(0, count));
                    for (var row = 0; row < rows; row++)
                    {
                        var at = ((first + row) * bits) - (start * 32);
                        var stripe = (int)(at / 32);
                        ownZeros[(g * rows) + row] = (PackedWords.Code(words[stripe], words[stripe + 1], (int)(at % 32), bits) + raised) & ((1u << bits) - 1);
                    }
                }
            }
            finally
            {
                ArrayPool<uint>.Shared.Return(words);
            }
        }

        /// <inheritdoc/>
        protected override void ReadCodes(ITensorSource stored, long first, int rows, Span<float> values)
        {
            var rented = ArrayPool<uint>.Shared.Rent(2 * rows);
            try
            {
                var low = rented.AsSpan(0, rows);
                var high = rented.AsSpan(rows, rows);
                long held = -1, next = -1;
                for (var input = 0; input < Columns; input++)
                {
                    var (word, bit) = ((long)input * bits / 32, (int)((long)input * bits % 32));
                    if (word != held)
                    {
                        stored.Words(codes, (word * Tensor.Shape[0]) + first, low);
                        held = word;
                    }

                    if (bit + bits > 32 && next != word + 1)
                    {
                        stored.Words(codes, ((word + 1) * Tensor.Shape[0]) + first, high);
                        next = word + 1;
                    }

                    for (var row = 0; row < rows; row++)
                    {
                        values[(row * Columns) + input] = PackedWords.Code(low[row], high[row], bit, bits);
                    }
                }
            }
            finally
            {
                ArrayPool<uint>.Shared.Return(rented);
            }
        }
    }
}
