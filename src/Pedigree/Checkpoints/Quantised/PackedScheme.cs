using System.Buffers;

namespace Pedigree.Checkpoints.Quantised;

/// <summary>The format <c>pack-quantized</c> of compressed-tensors: <c>weight_packed</c> packs the codes of neighbouring inputs into a word, outputs × inputs · bits/32,
/// with half the range added; <c>weight_scale</c>, outputs × groups; optionally <c>weight_zero_point</c>, packed over outputs, and <c>weight_g_idx</c>;
/// <c>weight_shape</c> holds outputs and inputs.</summary>
internal sealed class PackedScheme : IQuantisationScheme
{
    /// <inheritdoc/>
    public IEnumerable<QuantisedTensor> Find(StoredParts parts)
    {
        foreach (var (stem, codes) in parts.Ending(".weight_packed"))
        {
            if (codes is not { Type: ElementType.I32, Shape: [var outputs, var words] }
                || parts.Find($"{stem}.weight_shape", part => part is { Type: ElementType.I64 or ElementType.I32, Shape: [2] }) is not { } shape
                || parts.Find($"{stem}.weight_scale", part => part.Type.IsFloating() && part.Shape is [var rows, > 0] && rows == outputs) is not { } scales)
            {
                continue;
            }

            var sizes = new float[2];
            parts.Source.Floats(shape, 0, sizes);
            var inputs = (long)sizes[1];
            // Eight codes of 4 bits fill a word, four of 8 bits.
            var bits = Array.Find([4, 8, 2], count => QuantisationSchemes.Ceiling(inputs, 32 / count) == words);
            if (bits == 0 || sizes[0] != outputs || inputs != sizes[1] || !QuantisationSchemes.IsReadable(outputs, inputs) || scales.Shape[1] > inputs)
            {
                continue;
            }

            var zeros = parts.Find($"{stem}.weight_zero_point", part => part.Type == ElementType.I32 && part.Shape is [var rows, var groups]
                && rows == QuantisationSchemes.Ceiling(outputs, 32 / bits) && groups == scales.Shape[1]);
            var group = parts.Find($"{stem}.weight_g_idx", part => part.Type is ElementType.I32 && part.Shape is [var length] && length == inputs);
            StoredTensor?[] all = [codes, scales, shape, zeros, group];
            yield return new Weights($"{stem}.weight", bits, outputs, inputs, codes, scales, zeros, group, [.. all.OfType<StoredTensor>()]);
        }
    }

    private sealed class Weights(
        string name, int bits, long outputs, long inputs, StoredTensor codes, StoredTensor scales, StoredTensor? zeros, StoredTensor? group, StoredTensor[] parts)
        : GroupedCodes(name, $"packed {bits}-bit", outputs, inputs, scales.Shape[1], group, [.. parts])
    {
        /// <inheritdoc/>
        protected override void ReadScales(ITensorSource stored, long first, int rows, Span<float> ownScales, Span<float> ownZeros)
        {
            var groups = (int)scales.Shape[1];
            var line = ArrayPool<float>.Shared.Rent(groups);
            var words = ArrayPool<uint>.Shared.Rent(groups);
            ownZeros.Fill(1 << (bits - 1));
            try
            {
                for (var row = 0; row < rows; row++)
                {
                    stored.Floats(scales, (first + row) * groups, line.AsSpan(0, groups));
                    if (zeros is not null)
                    {
                        stored.Words(zeros, (first + row) / (32 / bits) * groups, words.AsSpan(0, groups));
                    }

                    for (var g = 0; g < groups; g++)
                    {
                        ownScales[(g * rows) + row] = line[g];
                        if (zeros is not null)
                        {
                            ownZeros[(g * rows) + row] = PackedWords.Code(words[g], 0, (int)((first + row) % (32 / bits)) * bits, bits);
                        }
                    }
                }
            }
            finally
            {
                ArrayPool<float>.Shared.Return(line);
                ArrayPool<uint>.Shared.Return(words);
            }
        }

        /// <inheritdoc/>
        protected override void ReadCodes(ITensorSource stored, long first, int rows, Span<float> values)
        {
            var width = (int)codes.Shape[1];
            var words = ArrayPool<uint>.Shared.Rent(width);
            try
            {
                for (var row = 0; row < rows; row++)
                {
                    stored.Words(codes, (first + row) * width, words.AsSpan(0, width));
                    var line = values.Slice(row * Columns, Columns);
                    for (var input = 0; input < line.Length; input++)
                    {
                        line[input] = PackedWords.Code(words[input / (32 / bits)], 0, input % (32 / bits) * bits, bits);
                    }
                }
            }
            finally
            {
                ArrayPool<uint>.Shared.Return(words);
            }
        }
    }
}
