namespace Pedigree.Checkpoints.Blocks;

/// <summary>A kind of block: a fixed number of values packed into a fixed number of bytes, little-endian. Nothing in a block is trusted; every pattern of bits decodes to something.</summary>
internal interface IBlockLayout
{
    /// <summary>The name that the format gives the kind.</summary>
    static abstract string Name { get; }

    /// <summary>Values in a block.</summary>
    static abstract int Values { get; }

    /// <summary>Bytes of a block.</summary>
    static abstract int Bytes { get; }

    /// <summary>Fields of more than one byte, which a file of the other byte order holds reversed.</summary>
    static virtual IReadOnlyList<(int Offset, int Size)> Words => [(0, 2)];

    /// <summary>Decodes one block.</summary>
    /// <param name="block">Exactly <see cref="Bytes"/> bytes.</param>
    /// <param name="values">Receives exactly <see cref="Values"/> values.</param>
    static abstract void Decode(ReadOnlySpan<byte> block, Span<float> values);
}
