using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Pedigree.Checkpoints.Quantised;

/// <summary>NF4 and FP4 as bitsandbytes stores them: codes of 4 bits, the first in the upper half of a byte, into a table <c>quant_map</c> of 16 values; a scale
/// <c>absmax</c> for each block of the flattened matrix, which may itself be a code into <c>nested_quant_map</c>; shape and block sizes in <c>quant_state</c>, which is JSON.</summary>
internal sealed class BitsAndBytesScheme : IQuantisationScheme
{
    private const int LongestState = 1 << 16;
    private const int Levels = 16;
    private const int NestedLevels = 256;

    /// <inheritdoc/>
    public IEnumerable<QuantisedTensor> Find(StoredParts parts)
    {
        foreach (var kind in new[] { "nf4", "fp4" })
        {
            foreach (var (name, state) in parts.Ending($".quant_state.bitsandbytes__{kind}"))
            {
                if (Build(parts, name, kind, state) is { } weights)
                {
                    yield return weights;
                }
            }
        }
    }

    private static Weights? Build(StoredParts parts, string name, string kind, StoredTensor state)
    {
        if (state.Type != ElementType.U8 || state.Length > LongestState || parts.Find(name, part => part.Type == ElementType.U8) is not { } codes)
        {
            return null;
        }

        var json = new byte[state.Length];
        parts.Source.Read(state, 0, json);
        if (State.Parse(json) is not { } own || !QuantisationSchemes.IsReadable(own.Rows, own.Columns))
        {
            return null;
        }

        var count = own.Rows * own.Columns;
        var blocks = QuantisationSchemes.Ceiling(count, own.BlockSize);
        var scales = parts.Find($"{name}.absmax", part => part.Count == blocks && part.Type is ElementType.F32 or ElementType.U8);
        var map = parts.Find($"{name}.quant_map", part => part is { Type: ElementType.F32, Count: Levels });
        if (scales is null || map is null || codes.Length != QuantisationSchemes.Ceiling(count, 2))
        {
            return null;
        }

        if (scales.Type == ElementType.F32)
        {
            return new Weights(name, kind, own, [codes, scales, map, state], null, null);
        }

        var nested = parts.Find($"{name}.nested_absmax", part => part.Type == ElementType.F32 && part.Count == QuantisationSchemes.Ceiling(blocks, own.NestedBlockSize));
        var nestedMap = parts.Find($"{name}.nested_quant_map", part => part is { Type: ElementType.F32, Count: NestedLevels });
        return nested is null || nestedMap is null ? null : new Weights(name, kind, own, [codes, scales, map, state, nested, nestedMap], nested, nestedMap);
    }

    private sealed record State(long Rows, long Columns, int BlockSize, int NestedBlockSize, float NestedOffset)
    {
        public static State? Parse(byte[] json)
        {
            try
            {
                using var document = JsonDocument.Parse(json);
                var root = document.RootElement;
                if (!root.TryGetProperty("shape", out var shape) || shape.ValueKind != JsonValueKind.Array || shape.GetArrayLength() != 2)
                {
                    return null;
                }

                var block = Number(root, "blocksize", 64);
                var nested = Number(root, "nested_blocksize", 256);
                var offset = root.TryGetProperty("nested_offset", out var value) ? value.GetSingle() : 0;
                return block is > 0 and <= 1 << 20 && nested is > 0 and <= 1 << 20 && float.IsFinite(offset)
                    ? new State(shape[0].GetInt64(), shape[1].GetInt64(), (int)block, (int)nested, offset)
                    : null;
            }
            catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
            {
                return null;
            }
        }

        private static long Number(JsonElement root, string key, long usual) => root.TryGetProperty(key, out var value) ? value.GetInt64() : usual;
    }

    private sealed class Weights(string name, string kind, State state, ImmutableArray<StoredTensor> parts, StoredTensor? nested, StoredTensor? nestedMap)
        : QuantisedTensor(name, kind.ToUpper(CultureInfo.InvariantCulture), [state.Rows, state.Columns], parts)
    {
        /// <inheritdoc/>
        protected override void Decode(ITensorSource stored, long first, int rows, Span<float> values)
        {
            Span<float> levels = stackalloc float[Levels];
            stored.Floats(Parts[2], 0, levels);
            var start = first * Columns;
            var firstBlock = start / state.BlockSize;
            var blocks = (int)(((start + values.Length - 1) / state.BlockSize) - firstBlock + 1);
            var bytes = (int)(((start + values.Length - 1) / 2) - (start / 2) + 1);
            var codes = ArrayPool<byte>.Shared.Rent(bytes);
            var scales = ArrayPool<float>.Shared.Rent(blocks);
            try
            {
                stored.Read(Parts[0], start / 2, codes.AsSpan(0, bytes));
                ReadScales(stored, firstBlock, scales.AsSpan(0, blocks));
                for (var i = 0; i < values.Length; i++)
                {
                    var at = start + i;
                    var pair = codes[(int)((at / 2) - (start / 2))];
                    values[i] = levels[at % 2 == 0 ? pair >> 4 : pair & 15] * scales[(int)((at / state.BlockSize) - firstBlock)];
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(codes);
                ArrayPool<float>.Shared.Return(scales);
            }
        }

        private void ReadScales(ITensorSource stored, long firstBlock, Span<float> scales)
        {
            stored.Floats(Parts[1], firstBlock, scales);
            if (nested is null)
            {
                return;
            }

            Span<float> map = stackalloc float[NestedLevels];
            stored.Floats(nestedMap!, 0, map);
            var (held, outer) = (-1L, new float[1]);
            for (var i = 0; i < scales.Length; i++)
            {
                var block = (firstBlock + i) / state.NestedBlockSize;
                if (block != held)
                {
                    stored.Floats(nested, block, outer);
                    held = block;
                }

                scales[i] = (map[(int)scales[i]] * outer[0]) + state.NestedOffset;
            }
        }
    }
}
