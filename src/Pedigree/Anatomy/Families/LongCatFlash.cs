using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>LongCat-Flash: each layer of the checkpoint is two of attention and dense MLP, and routed experts beside both, which count to the first. Some experts do nothing; they share the
/// router with the others, so its rows are not all alike and it has no role.</summary>
internal static class LongCatFlash
{
    public static ModelFamily Family { get; } = new(
        "longcat-flash",
        [
            .. Half(0),
            .. Half(1),
            .. CommonBlocks.GatedMlp("mlp.experts.{expert}"),
            WithoutRole("mlp.router.classifier"),
            WithoutRole("mlp.router.e_score_correction"),
            WithoutRole("self_attn.rotary_emb.inv_freq"),
        ],
        [
            .. CommonBlocks.Outside,
            WithoutRole("ngram_embeddings.word_embeddings"),
            WithoutRole("ngram_embeddings.embedders.{expert}"),
            WithoutRole("ngram_embeddings.post_projs.{expert}"),
        ])
    {
        Sublayers = 2,
    };

    private static IEnumerable<TensorPattern> Half(int half)
    {
        TensorPattern[] patterns =
        [
            Gain($"input_layernorm.{half}", Part.AttentionNorm),
            Reads($"self_attn.{half}.q_proj", Part.Query),
            Reads($"self_attn.{half}.q_a_proj", Part.LatentQuery),
            HeadGain($"self_attn.{half}.q_a_layernorm", Part.LatentQueryNorm),
            ReadsLatent($"self_attn.{half}.q_b_proj", Part.QueryFromLatent),
            LatentAndRotaryKey($"self_attn.{half}.kv_a_proj_with_mqa").AsRequired(),
            HeadGain($"self_attn.{half}.kv_a_layernorm", Part.LatentKeyValueNorm),
            LatentKeyValue($"self_attn.{half}.kv_b_proj"),
            Writes($"self_attn.{half}.o_proj", Part.AttentionOutput),
            Gain($"post_attention_layernorm.{half}", Part.MlpNorm),
            .. CommonBlocks.GatedMlp($"mlps.{half}"),
        ];
        return patterns.Select(pattern => pattern.InSublayer(half));
    }
}
