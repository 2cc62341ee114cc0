using Pedigree.Checkpoints.Blocks;

namespace Pedigree.Checkpoints.Gguf;

/// <summary>How a GGUF file stores the values of a tensor (the type numbers of ggml.h). Neither plain nor blocks: known by name and not read.</summary>
/// <param name="Name">The format's name of the type.</param>
/// <param name="Plain">The element type, if values are stored one by one.</param>
/// <param name="Blocks">The kind of block, if they are stored in blocks.</param>
internal sealed record GgufType(string Name, ElementType? Plain, BlockEncoding? Blocks)
{
    private static readonly Dictionary<uint, GgufType> Known = new()
    {
        [0] = Of("F32", ElementType.F32),
        [1] = Of("F16", ElementType.F16),
        [2] = Of<Q40>(),
        [3] = Of<Q41>(),
        [4] = Unread("Q4_2"),
        [5] = Unread("Q4_3"),
        [6] = Of<Q50>(),
        [7] = Of<Q51>(),
        [8] = Of<Q80>(),
        [9] = Of<Q81>(),
        [10] = Of<Q2K>(),
        [11] = Of<Q3K>(),
        [12] = Of<Q4K>(),
        [13] = Of<Q5K>(),
        [14] = Of<Q6K>(),
        [15] = Of<Q8K>(),
        [16] = Unread("IQ2_XXS"),
        [17] = Unread("IQ2_XS"),
        [18] = Unread("IQ3_XXS"),
        [19] = Unread("IQ1_S"),
        [20] = Of<Iq4Nl>(),
        [21] = Unread("IQ3_S"),
        [22] = Unread("IQ2_S"),
        [23] = Of<Iq4Xs>(),
        [24] = Of("I8", ElementType.I8),
        [25] = Of("I16", ElementType.I16),
        [26] = Of("I32", ElementType.I32),
        [27] = Of("I64", ElementType.I64),
        [28] = Of("F64", ElementType.F64),
        [29] = Unread("IQ1_M"),
        [30] = Of("BF16", ElementType.BF16),
        [31] = Unread("Q4_0_4_4"),
        [32] = Unread("Q4_0_4_8"),
        [33] = Unread("Q4_0_8_8"),
        [34] = Of<Tq10>(),
        [35] = Of<Tq20>(),
        [36] = Unread("IQ4_NL_4_4"),
        [37] = Unread("IQ4_NL_4_8"),
        [38] = Unread("IQ4_NL_8_8"),
        [39] = Of<MxFp4>(),
        [40] = Of<NvFp4>(),
        [41] = Of<Q10>(),
        [42] = Of<Q20>(),
    };

    /// <summary>Values that are stored together: 1, or the values of a block.</summary>
    public int Values => Blocks?.Values ?? 1;

    /// <summary>Bytes of that many values.</summary>
    public int Bytes => Blocks?.Bytes ?? Plain!.Value.Size();

    /// <summary>Whether the type can be read.</summary>
    public bool IsRead => Plain is not null || Blocks is not null;

    /// <summary>The type of a number, or null if ggml defines none.</summary>
    public static GgufType? Find(uint number) => Known.GetValueOrDefault(number);

    private static GgufType Of(string name, ElementType plain) => new(name, plain, null);

    private static GgufType Of<TLayout>()
        where TLayout : struct, IBlockLayout => new(TLayout.Name, null, new BlockEncoding<TLayout>());

    private static GgufType Unread(string name) => new(name, null, null);
}
