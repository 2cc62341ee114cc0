using System.Buffers.Binary;
using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive.Vocabularies;

/// <summary>A sample of a token list that needs two kilobytes and shows how much of another list stands in it: the 512 smallest hashes of its tokens.
/// Of all tokens whose hash is no larger than the last of these, the sample knows without error whether they stand in the list.</summary>
/// <remarks>Source: Cohen, "Size-estimation framework with applications to transitive closure and reachability" (1997), bottom-k samples. The hash is FNV-1a of 64 bits
/// over the bytes that the token stands for, mixed by the finalizer of SplitMix64, of which the upper 32 bits are kept.</remarks>
internal sealed class VocabularySketch
{
    /// <summary>Hashes that a sketch keeps.</summary>
    public const int Size = 512;

    private readonly HashSet<uint> _hashes;
    private readonly uint _last;

    private VocabularySketch(uint[] hashes)
    {
        _hashes = [.. hashes];
        _last = hashes.Length > 0 ? hashes[^1] : 0;
    }

    /// <summary>Tokens that the sketch holds.</summary>
    public int Count => _hashes.Count;

    /// <summary>Whether the sample knows if this token stands in the list.</summary>
    public bool Knows(uint hash) => hash <= _last;

    /// <summary>Whether a token that the sample knows stands in the list.</summary>
    public bool Holds(uint hash) => _hashes.Contains(hash);

    /// <summary>Tokens of the sample that stand in another list.</summary>
    /// <param name="hashes">The hashes of its tokens.</param>
    public int CountIn(HashSet<uint> hashes) => _hashes.Count(hashes.Contains);

    /// <summary>Reads a sketch.</summary>
    /// <param name="base64">As <see cref="Write"/> gives it; spaces and line ends are passed over.</param>
    public static VocabularySketch Read(string base64)
    {
        var bytes = Convert.FromBase64String(base64);
        var hashes = new uint[bytes.Length / sizeof(uint)];
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)));
        }

        return new VocabularySketch(hashes);
    }

    /// <summary>Samples a list and writes the sketch as base64.</summary>
    /// <param name="tokens">The tokens by the bytes that they stand for, one character a byte.</param>
    public static string Write(IEnumerable<string> tokens)
    {
        var bytes = new byte[Size * sizeof(uint)];
        var count = 0;
        foreach (var hash in tokens.Select(Hash).Distinct().Order().Take(Size))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(count * sizeof(uint)), hash);
            count++;
        }

        return Convert.ToBase64String(bytes, 0, count * sizeof(uint));
    }

    /// <summary>The hash of a token.</summary>
    /// <param name="token">The bytes that it stands for, one character a byte.</param>
    public static uint Hash(string token)
    {
        const ulong basis = 0xCBF29CE484222325, prime = 0x100000001B3;
        var hash = basis;
        foreach (var character in token)
        {
            hash = unchecked((hash ^ (byte)character) * prime);
        }

        return (uint)(CounterRandom.Mix(hash, 0) >> 32);
    }
}
