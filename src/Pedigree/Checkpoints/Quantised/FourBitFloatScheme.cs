using System.Buffers;
using System.Collections.Immutable;

namespace Pedigree.Checkpoints.Quantised;

/// <summary>Codes of the 4-bit float E2M1, two to a byte, the first in the lower half, with a scale for each run of a row: MXFP4 (powers of two, runs of 32; OCP
/// Microscaling Formats specification 1.0) as gpt-oss, compressed-tensors and DeepSeek-V4 (<c>w1.scale</c> beside <c>w1.weight</c>) store it, NVFP4 (E4M3 and one scale for the whole, runs of 16) as compressed-tensors and ModelOpt do.</summary>
internal sealed class FourBitFloatScheme : IQuantisationScheme
{
    /// <inheritdoc/>
    public IEnumerable<QuantisedTensor> Find(StoredParts parts)
    {
        foreach (var (name, codes) in parts.Ending("_blocks"))
        {
            // Of gpt-oss: … × rows × runs × 16 bytes, and … × rows × runs scales.
            if (codes is { Type: ElementType.U8, Shape: [.., _, var runs, 16] } && runs < QuantisationSchemes.MostColumns
                && parts.Find($"{name}_scales", part => part.Type == ElementType.U8 && part.Shape.SequenceEqual(codes.Shape[..^1])) is { } scales
                && Whole(codes.Shape[..^2], 32 * runs) is { } shape)
            {
                yield return new Weights(name, "MXFP4", shape, 32, codes, scales, null, divides: false);
            }
        }

        foreach (var (stem, codes) in parts.Ending(".weight_packed"))
        {
            if (Pair(codes) is not { } shape)
            {
                continue;
            }

            if (Scales(parts, $"{stem}.weight_scale", shape, 16, ElementType.F8E4M3) is { } fine
                && parts.Find($"{stem}.weight_global_scale", part => part is { Type: ElementType.F32, Count: 1 }) is { } divisor)
            {
                yield return new Weights($"{stem}.weight", "NVFP4", shape, 16, codes, fine, divisor, divides: true);
            }
            else if (Powers(parts, $"{stem}.weight_scale", shape) is { } powers)
            {
                yield return new Weights($"{stem}.weight", "MXFP4", shape, 32, codes, powers, null, divides: false);
            }
        }

        foreach (var (stem, codes) in parts.Ending(".weight"))
        {
            if (Pair(codes) is not { } shape)
            {
                continue;
            }

            if (Powers(parts, $"{stem}.scale", shape) is { } powers)
            {
                yield return new Weights($"{stem}.weight", "MXFP4", shape, 32, codes, powers, null, divides: false);
            }
            else if (Scales(parts, $"{stem}.weight_scale", shape, 16, ElementType.F8E4M3) is { } scales
                && parts.Find($"{stem}.weight_scale_2", part => part is { Type: ElementType.F32, Count: 1 }) is { } factor)
            {
                yield return new Weights($"{stem}.weight", "NVFP4", shape, 16, codes, scales, factor, divides: false);
            }
        }
    }

    private static ImmutableArray<long>? Pair(StoredTensor codes) =>
        codes is { Type: ElementType.U8 or ElementType.I8, Shape: [_, .., var bytes] } && bytes <= QuantisationSchemes.MostColumns / 2 ? Whole(codes.Shape[..^1], 2 * bytes) : null;

    private static ImmutableArray<long>? Whole(ImmutableArray<long> rows, long columns) =>
        rows.Add(columns) is var shape && QuantisationSchemes.IsReadable(shape.AsSpan()) ? shape : null;

    private static StoredTensor? Powers(StoredParts parts, string name, ImmutableArray<long> shape) =>
        Scales(parts, name, shape, 32, ElementType.F8E8M0) ?? Scales(parts, name, shape, 32, ElementType.U8);

    private static StoredTensor? Scales(StoredParts parts, string name, ImmutableArray<long> shape, int run, ElementType type) =>
        shape[^1] % run == 0 ? parts.Find(name, part => part.Type == type && part.Shape.SequenceEqual(shape[..^1].Add(shape[^1] / run))) : null;

    private sealed class Weights(
        string name, string encoding, ImmutableArray<long> shape, int run, StoredTensor codes, StoredTensor scales, StoredTensor? whole, bool divides)
        : QuantisedTensor(name, encoding, shape, whole is null ? [codes, scales] : [codes, scales, whole])
    {
        private static readonly float[] Values = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6];

        /// <inheritdoc/>
        protected override void Decode(ITensorSource stored, long first, int rows, Span<float> values)
        {
            var factor = new float[1];
            if (whole is not null)
            {
                stored.Floats(whole, 0, factor);
            }

            var (bytes, runs) = (values.Length / 2, values.Length / run);
            var packed = ArrayPool<byte>.Shared.Rent(bytes + runs);
            try
            {
                var pairs = packed.AsSpan(0, bytes);
                var powers = packed.AsSpan(bytes, runs);
                stored.Read(codes, first * (Columns / 2), pairs);
                stored.Read(scales, first * (Columns / run), powers);
                for (var i = 0; i < runs; i++)
                {
                    var scale = scales.Type is ElementType.U8 or ElementType.F8E8M0 ? Float8.E8M0[powers[i]]
                        : divides ? Float8.E4M3[powers[i]] / factor[0]
                        : Float8.E4M3[powers[i]] * factor[0];
                    for (var k = 0; k < run; k += 2)
                    {
                        var pair = pairs[((i * run) + k) / 2];
                        values[(i * run) + k] = Values[pair & 15] * scale;
                        values[(i * run) + k + 1] = Values[pair >> 4] * scale;
                    }
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(packed);
            }
        }
    }
}
