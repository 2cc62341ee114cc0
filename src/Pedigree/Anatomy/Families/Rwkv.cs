using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>RWKV 4 to 6 in both of their namings: receptance, key and value of time mixing stand for query, key and value; channel mixing is an MLP whose
/// output is gated by the stream.</summary>
internal static class Rwkv
{
    // Static fields are set in the order of the text: these before the family.
    private static readonly string[] TimeMixing =
    [
        "gate", "ln_x", "time_decay", "time_first", "time_faaaa", "time_decay_w1", "time_decay_w2",
        "time_maa_x", "time_maa_w", "time_maa_k", "time_maa_v", "time_maa_r", "time_maa_g", "time_maa_w1", "time_maa_w2",
        "time_mix_k", "time_mix_v", "time_mix_r", "time_mix_g", "time_mix_key", "time_mix_value", "time_mix_receptance", "time_mix_gate",
    ];

    private static readonly string[] ChannelMixing =
        ["receptance", "time_maa_k", "time_maa_r", "time_mix_k", "time_mix_r", "time_mix_key", "time_mix_receptance"];

    public static ModelFamily Family { get; } = new(
        "rwkv",
        [
            .. Mixing("att", "ffn"),
            .. Mixing("attention", "feed_forward"),
            Gain("ln1", Part.AttentionNorm).AsRequired(),
            Gain("ln2", Part.MlpNorm),
            Gain("ln0", Part.EmbeddingNorm),
            Gain("pre_ln", Part.EmbeddingNorm),
        ],
        [
            Reads("emb", Part.Embedding),
            Reads("embeddings", Part.Embedding),
            Reads("head", Part.Unembedding),
            Gain("ln_out", Part.FinalNorm),
        ])
    {
        OrderedStart = true,
    };

    private static IEnumerable<TensorPattern> Mixing(string time, string channel) =>
    [
        Reads($"{time}.receptance", Part.Query),
        Reads($"{time}.key", Part.Key),
        Reads($"{time}.value", Part.Value),
        Writes($"{time}.output", Part.AttentionOutput),
        Reads($"{channel}.key", Part.Up),
        Writes($"{channel}.value", Part.Down),
        .. TimeMixing.Select(name => WithoutRole($"{time}.{name}")),
        .. ChannelMixing.Select(name => WithoutRole($"{channel}.{name}")),
    ];
}
