using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace Pedigree.Checkpoints.Quantised;

/// <summary>Numbers of 8 bits with scales: FP8 with a scale for each block of 128 × 128 (<c>weight_scale_inv</c>, DeepSeek-V3; <c>wq_a.scale</c> beside <c>wq_a.weight</c>, DeepSeek-V4), for each output, or for the whole
/// (<c>weight_scale</c>, compressed-tensors, ModelOpt, FBGEMM); INT8 of compressed-tensors; INT8 of bitsandbytes, whose <c>SCB</c> is 127 times the scale of an output.</summary>
internal sealed class ScaledScheme : IQuantisationScheme
{
    private const long UsualBlock = 128;

    /// <inheritdoc/>
    public IEnumerable<QuantisedTensor> Find(StoredParts parts)
    {
        var told = BlockSetting(parts);
        foreach (var codes in parts.Source.Tensors)
        {
            if (codes.Type is not (ElementType.F8E4M3 or ElementType.F8E5M2 or ElementType.I8) || codes.Shape.Length < 2 || !QuantisationSchemes.IsReadable(codes.Shape.AsSpan()))
            {
                continue;
            }

            if (codes.Type == ElementType.I8 && codes.Name.EndsWith(".weight", StringComparison.Ordinal) && FromBitsAndBytes(parts, codes) is { } own)
            {
                yield return own;
                continue;
            }

            var scales = parts.Find(codes.Name + "_scale_inv", part => part.Type.IsFloating()) ?? parts.Find(codes.Name + "_scale", part => part.Type.IsFloating()) ?? OfModule(parts, codes);
            if (scales is not null && Grid.Of(codes.Shape, scales.Shape, told) is { } grid)
            {
                var zeros = parts.Find(codes.Name + "_zero_point", part => part.Type == ElementType.I8 && part.Shape.SequenceEqual(scales.Shape));
                var name = codes.Type switch { ElementType.I8 => "INT8", ElementType.F8E4M3 => "FP8 E4M3", _ => "FP8 E5M2" };
                yield return new Weights($"{name}, {grid.Name}", codes, scales, zeros, grid, 1, zeros is null ? [codes, scales] : [codes, scales, zeros]);
            }
        }
    }

    private static StoredTensor? OfModule(StoredParts parts, StoredTensor codes) => codes.Type != ElementType.I8 && codes.Name.EndsWith(".weight", StringComparison.Ordinal)
        ? parts.Find(codes.Name[..^"weight".Length] + "scale", part => part.Type.IsFloating()) : null;

    private static Weights? FromBitsAndBytes(StoredParts parts, StoredTensor codes)
    {
        var stem = codes.Name[..^".weight".Length];
        if (codes.Shape.Length != 2 || parts.Find($"{stem}.SCB", part => part.Type == ElementType.F32 && part.Count == codes.Shape[0]) is not { } scales)
        {
            return null;
        }

        // 0 stands for rows as they are; the other layouts exist on the device only.
        var format = parts.Find($"{stem}.weight_format", part => part is { Type: ElementType.U8, Count: 1 });
        var layout = new byte[1];
        if (format is not null)
        {
            parts.Source.Read(format, 0, layout);
        }

        return layout[0] != 0 ? null
            : new Weights("INT8, a scale for each output", codes, scales, null, new Grid(codes.Shape[0], codes.Shape[0], 1, 1, codes.Shape[1]), 1 / 127f, format is null ? [codes, scales] : [codes, scales, format]);
    }

    private static (long Rows, long Columns)? BlockSetting(StoredParts parts)
    {
        try
        {
            return parts.Setting("weight_block_size") is { } text && Numbers(text) is [> 0 and var rows, > 0 and var columns] ? (rows, columns) : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static long[] Numbers(string text)
    {
        using var document = JsonDocument.Parse(text);
        return [.. document.RootElement.EnumerateArray().Select(number => number.GetInt64())];
    }

    /// <param name="Rows">Rows of one matrix.</param>
    /// <param name="ScaleRows">Scales down one matrix.</param>
    /// <param name="ScaleColumns">Scales across.</param>
    /// <param name="RowBlock">Rows that share a scale.</param>
    /// <param name="ColumnBlock">Columns that share a scale.</param>
    private sealed record Grid(long Rows, long ScaleRows, long ScaleColumns, long RowBlock, long ColumnBlock)
    {
        /// <summary>The grid in words.</summary>
        public string Name => (ScaleRows, ScaleColumns, RowBlock) switch
        {
            (1, 1, _) => "one scale",
            (_, 1, 1) => "a scale for each output",
            _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"a scale for each {RowBlock} × {ColumnBlock}"),
        };

        public static Grid? Of(ImmutableArray<long> shape, ImmutableArray<long> scales, (long Rows, long Columns)? told)
        {
            var (rows, columns) = (shape[^2], shape[^1]);
            if (scales.All(size => size == 1) && shape.Length == 2)
            {
                return new Grid(rows, 1, 1, rows, columns);
            }

            if (scales is [var count] && count == rows && shape.Length == 2)
            {
                return new Grid(rows, rows, 1, 1, columns);
            }

            return scales.Length == shape.Length && scales[..^2].SequenceEqual(shape[..^2])
                && Block(rows, scales[^2], told?.Rows) is { } rowBlock && Block(columns, scales[^1], told?.Columns) is { } columnBlock
                ? new Grid(rows, scales[^2], scales[^1], rowBlock, columnBlock)
                : null;
        }

        private static long? Block(long size, long scales, long? told) => scales switch
        {
            < 1 => null,
            1 => size,
            _ when scales == size => 1,
            _ when told is { } own && QuantisationSchemes.Ceiling(size, own) == scales => own,
            _ when QuantisationSchemes.Ceiling(size, UsualBlock) == scales => UsualBlock,
            _ => size % scales == 0 ? size / scales : null,
        };
    }

    private sealed class Weights(string encoding, StoredTensor codes, StoredTensor scales, StoredTensor? zeros, Grid grid, float factor, ImmutableArray<StoredTensor> parts)
        : QuantisedTensor(codes.Name, encoding, codes.Shape, parts)
    {
        /// <inheritdoc/>
        protected override void Decode(ITensorSource stored, long first, int rows, Span<float> values)
        {
            var width = (int)grid.ScaleColumns;
            var line = ArrayPool<float>.Shared.Rent(2 * width);
            try
            {
                var ownScales = line.AsSpan(0, width);
                var ownZeros = line.AsSpan(width, width);
                ownZeros.Clear();
                stored.Floats(codes, first * Columns, values);
                var held = -1L;
                for (var row = 0; row < rows; row++)
                {
                    var (matrix, within) = Math.DivRem(first + row, grid.Rows);
                    var scaleLine = (matrix * grid.ScaleRows) + (within / grid.RowBlock);
                    if (scaleLine != held)
                    {
                        held = scaleLine;
                        stored.Floats(scales, scaleLine * width, ownScales);
                        if (zeros is not null)
                        {
                            stored.Floats(zeros, scaleLine * width, ownZeros);
                        }
                    }

                    var own = values.Slice(row * Columns, Columns);
                    for (var block = 0; block < width; block++)
                    {
                        var (scale, zero) = (ownScales[block] * factor, ownZeros[block]);
                        var end = (int)Math.Min(Columns, (block + 1) * grid.ColumnBlock);
                        for (var column = (int)(block * grid.ColumnBlock); column < end; column++)
                        {
                            own[column] = (own[column] - zero) * scale;
                        }
                    }
                }
            }
            finally
            {
                ArrayPool<float>.Shared.Return(line);
            }
        }
    }
}
