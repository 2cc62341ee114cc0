namespace Pedigree.Checkpoints.Quantised;

/// <summary>Codes of 2, 3, 4 or 8 bits in words of 32 bits, the first in the lowest bits.</summary>
internal static class PackedWords
{
    /// <summary>The code that begins at a bit of two neighbouring words.</summary>
    /// <param name="low">The word that holds the bit.</param>
    /// <param name="high">The next word; not looked at unless the code reaches into it.</param>
    /// <param name="bit">The bit in the first word.</param>
    /// <param name="bits">Bits of a code.</param>
    public static uint Code(uint low, uint high, int bit, int bits)
    {
        var code = low >> bit;
        if (bit + bits > 32)
        {
            code |= high << (32 - bit);
        }

        return code & ((1u << bits) - 1);
    }
}
