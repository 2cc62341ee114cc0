using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>RWKV 7: time mixing as in RWKV 4 to 6 with low-rank decay, value, rate and gate; channel mixing is a plain MLP.</summary>
internal static class Rwkv7
{
    // Static fields are set in the order of the text: these before the family.
    private static readonly string[] TimeMixing =
    [
        "x_r", "x_w", "x_k", "x_v", "x_a", "x_g", "w0", "w1", "w2", "a0", "a1", "a2", "v0", "v1", "v2", "g1", "g2", "k_k", "k_a", "ln_x",
    ];

    public static ModelFamily Family { get; } = new(
        "rwkv7",
        [
            Reads("att.receptance", Part.Query),
            Reads("att.key", Part.Key),
            Reads("att.value", Part.Value),
            Writes("att.output", Part.AttentionOutput),
            WithoutRole("att.r_k").AsRequired(),
            .. TimeMixing.Select(name => WithoutRole($"att.{name}")),
            Reads("ffn.key", Part.Up),
            Writes("ffn.value", Part.Down),
            WithoutRole("ffn.x_k"),
            Gain("ln1", Part.AttentionNorm),
            Gain("ln2", Part.MlpNorm),
            Gain("ln0", Part.EmbeddingNorm),
        ],
        [
            Reads("emb", Part.Embedding),
            Reads("head", Part.Unembedding),
            Gain("ln_out", Part.FinalNorm),
        ])
    {
        OrderedStart = true,
    };
}
