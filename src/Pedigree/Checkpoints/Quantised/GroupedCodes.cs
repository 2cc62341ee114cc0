using System.Buffers;
using System.Collections.Immutable;

namespace Pedigree.Checkpoints.Quantised;

/// <summary>A matrix of whole-number codes with a scale and a zero point for each output and each group of inputs: scale · (code - zero).</summary>
internal abstract class GroupedCodes : QuantisedTensor
{
    private readonly int groups;
    private readonly StoredTensor? groupOfInput;

    /// <param name="name">The name of the plain weight.</param>
    /// <param name="encoding">How it is stored.</param>
    /// <param name="outputs">Rows.</param>
    /// <param name="inputs">Columns.</param>
    /// <param name="groups">Groups of inputs, at least 1.</param>
    /// <param name="groupOfInput">The group of each input, or null for runs of equal length.</param>
    /// <param name="parts">The stored tensors.</param>
    protected GroupedCodes(string name, string encoding, long outputs, long inputs, long groups, StoredTensor? groupOfInput, ImmutableArray<StoredTensor> parts)
        : base(name, encoding, [outputs, inputs], parts)
    {
        this.groups = (int)groups;
        this.groupOfInput = groupOfInput;
    }

    /// <inheritdoc/>
    protected sealed override void Decode(ITensorSource stored, long first, int rows, Span<float> values)
    {
        // Scales and zero points, groups × rows; each input's group.
        var scales = ArrayPool<float>.Shared.Rent(groups * rows);
        var zeros = ArrayPool<float>.Shared.Rent(groups * rows);
        var group = ArrayPool<uint>.Shared.Rent(Columns);
        try
        {
            var ownScales = scales.AsSpan(0, groups * rows);
            var ownZeros = zeros.AsSpan(0, groups * rows);
            var own = group.AsSpan(0, Columns);
            ReadScales(stored, first, rows, ownScales, ownZeros);
            ReadGroups(stored, own);
            ReadCodes(stored, first, rows, values);
            for (var row = 0; row < rows; row++)
            {
                var line = values.Slice(row * Columns, Columns);
                for (var input = 0; input < line.Length; input++)
                {
                    var at = ((int)own[input] * rows) + row;
                    line[input] = ownScales[at] * (line[input] - ownZeros[at]);
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scales);
            ArrayPool<float>.Shared.Return(zeros);
            ArrayPool<uint>.Shared.Return(group);
        }
    }

    /// <summary>Reads scales and zero points of rows.</summary>
    /// <param name="stored">The source of the parts.</param>
    /// <param name="first">First row.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="scales">Receives groups × rows scales.</param>
    /// <param name="zeros">Receives groups × rows zero points.</param>
    protected abstract void ReadScales(ITensorSource stored, long first, int rows, Span<float> scales, Span<float> zeros);

    /// <summary>Reads codes of rows as whole numbers, rows × Columns.</summary>
    protected abstract void ReadCodes(ITensorSource stored, long first, int rows, Span<float> codes);

    private void ReadGroups(ITensorSource stored, Span<uint> group)
    {
        if (groupOfInput is null)
        {
            var length = (int)QuantisationSchemes.Ceiling(Columns, groups);
            for (var input = 0; input < group.Length; input++)
            {
                group[input] = (uint)(input / length);
            }

            return;
        }

        stored.Words(groupOfInput, 0, group);
        for (var input = 0; input < group.Length; input++)
        {
            // A file may say anything here; a group that does not exist has no scale.
            if (group[input] >= (uint)groups)
            {
                throw QuantisedFault.NoSuchGroup(stored.Shards[groupOfInput.Shard], groupOfInput.Name, group[input], groups);
            }
        }
    }
}
