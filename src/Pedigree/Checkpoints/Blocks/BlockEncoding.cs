namespace Pedigree.Checkpoints.Blocks;

/// <summary>Decodes runs of blocks of one kind.</summary>
internal abstract class BlockEncoding
{
    /// <summary>The name that the format gives the kind, such as <c>Q4_K</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Values in a block.</summary>
    public abstract int Values { get; }

    /// <summary>Bytes of a block.</summary>
    public abstract int Bytes { get; }

    /// <summary>Decodes whole blocks.</summary>
    /// <param name="blocks">The blocks, one after another, little-endian.</param>
    /// <param name="values">Receives the values of all of them.</param>
    public abstract void Decode(ReadOnlySpan<byte> blocks, Span<float> values);

    /// <summary>Turns blocks of a big-endian file into little-endian ones, in place.</summary>
    public abstract void SwapBytes(Span<byte> blocks);
}

/// <inheritdoc/>
internal sealed class BlockEncoding<TLayout> : BlockEncoding
    where TLayout : struct, IBlockLayout
{
    /// <inheritdoc/>
    public override string Name => TLayout.Name;

    /// <inheritdoc/>
    public override int Values => TLayout.Values;

    /// <inheritdoc/>
    public override int Bytes => TLayout.Bytes;

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        while (!blocks.IsEmpty)
        {
            TLayout.Decode(blocks[..TLayout.Bytes], values[..TLayout.Values]);
            blocks = blocks[TLayout.Bytes..];
            values = values[TLayout.Values..];
        }
    }

    /// <inheritdoc/>
    public override void SwapBytes(Span<byte> blocks)
    {
        var words = TLayout.Words;
        for (; !blocks.IsEmpty; blocks = blocks[TLayout.Bytes..])
        {
            foreach (var (offset, size) in words)
            {
                blocks.Slice(offset, size).Reverse();
            }
        }
    }
}
