using System.Buffers.Binary;

namespace Pedigree.Checkpoints.LlamaC;

/// <summary>The header of a checkpoint of llama2.c (its run.c, struct Config, and export.py): seven 32-bit numbers, in version 1 after a magic and a version.</summary>
/// <param name="IsFirstVersion">Whether it is version 1, which orders the tensors differently; otherwise version 0.</param>
/// <param name="Width">Width of the residual stream.</param>
/// <param name="Hidden">Neurons of an MLP layer.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="Groups">KV groups.</param>
/// <param name="Vocabulary">Number of tokens.</param>
/// <param name="Context">Longest context.</param>
/// <param name="IsTied">Whether the embedding serves as unembedding.</param>
internal sealed record LlamaCHeader(bool IsFirstVersion, long Width, long Hidden, long Layers, long Heads, long Groups, long Vocabulary, long Context, bool IsTied)
{
    private const uint Magic = 0x616B3432;
    private const int ZerothLength = 28;
    private const int FirstLength = 256;
    private const int Largest = 1 << 24;

    /// <summary>Bytes before the weights.</summary>
    public int Length => IsFirstVersion ? FirstLength : ZerothLength;

    /// <summary>Rows of the key and of the value matrix.</summary>
    public long KeyRows => Width / Heads * Groups;

    /// <summary>Reads the header; null if the bytes are no such checkpoint. Version 0 has no magic: the seven numbers must give the file's length exactly.</summary>
    /// <param name="start">The first bytes of the file.</param>
    /// <param name="fileLength">Bytes of the file.</param>
    /// <param name="version">The version that the file states; 0 where it states none.</param>
    public static LlamaCHeader? Read(ReadOnlySpan<byte> start, long fileLength, out int version)
    {
        version = 0;
        if (start.Length < ZerothLength)
        {
            return null;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(start) != Magic)
        {
            return Numbers(start, isFirst: false) is { } header && header.FileLength() == fileLength ? header : null;
        }

        version = BinaryPrimitives.ReadInt32LittleEndian(start[4..]);
        return version == 1 && start.Length >= FirstLength && Numbers(start[8..], isFirst: true) is { } first ? first : null;
    }

    /// <summary>Bytes of a whole file with this header, or null if they exceed 63 bits.</summary>
    public long? FileLength()
    {
        Int128 values = (Vocabulary * Width * (IsTied ? 1 : 2)) + (2 * Layers * Width) + Width;
        values += (Int128)Layers * ((2 * Width * Width) + (2 * KeyRows * Width) + (3 * Hidden * Width));
        values += IsFirstVersion ? 0 : (Int128)Context * (Width / Heads / 2) * 2;
        values = (values * sizeof(float)) + Length;
        return values <= long.MaxValue ? (long)values : null;
    }

    private static LlamaCHeader? Numbers(ReadOnlySpan<byte> start, bool isFirst)
    {
        Span<long> numbers = stackalloc long[7];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadInt32LittleEndian(start[(4 * i)..]);
        }

        // Version 0 marks an unembedding of its own by a negative number of tokens.
        var isTied = isFirst ? start[28] != 0 : numbers[5] > 0;
        numbers[5] = Math.Abs(numbers[5]);
        foreach (var number in numbers)
        {
            if (number is <= 0 or > Largest)
            {
                return null;
            }
        }

        var header = new LlamaCHeader(isFirst, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], isTied);
        return header.Width % header.Heads == 0 && header.Heads % header.Groups == 0 && header.Width / header.Heads % 2 == 0 ? header : null;
    }
}
