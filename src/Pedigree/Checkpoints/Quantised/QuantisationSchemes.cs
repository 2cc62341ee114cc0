namespace Pedigree.Checkpoints.Quantised;

/// <summary>The list of schemes: the one place, besides its own file, that a new scheme touches.</summary>
internal static class QuantisationSchemes
{
    /// <summary>Greatest number of values in one weight.</summary>
    public const long MostValues = 1L << 40;

    /// <summary>Greatest number of values in a row; one is decoded at a time.</summary>
    public const long MostColumns = 1L << 24;

    /// <summary>All schemes. Where two could claim a tensor, the earlier wins.</summary>
    public static IReadOnlyList<IQuantisationScheme> All { get; } =
    [
        new BitsAndBytesScheme(),
        new GptqScheme(),
        new AwqScheme(),
        new PackedScheme(),
        new FourBitFloatScheme(),
        new ScaledScheme(),
    ];

    /// <summary>Whether a shape is one that can be read: no dimension 0, and not too long.</summary>
    public static bool IsReadable(params ReadOnlySpan<long> shape)
    {
        Int128 count = 1;
        foreach (var size in shape)
        {
            count *= size;
            if (size < 1 || count > MostValues)
            {
                return false;
            }
        }

        return shape.Length > 0 && shape[^1] <= MostColumns;
    }

    /// <summary>The quotient rounded up.</summary>
    public static long Ceiling(long dividend, long divisor) => (dividend / divisor) + (dividend % divisor == 0 ? 0 : 1);
}
