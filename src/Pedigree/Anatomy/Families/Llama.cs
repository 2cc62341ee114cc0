using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Llama and what kept its names: Mistral, Qwen 2 and 3, Yi (whose first release called its norms ln1 and ln2), Seed-OSS, dense Hunyuan,
/// InternLM 1 and 3, MiniCPM, StableLM, Granite, Gemma 1 and others; Cohere, Nemotron and OLMo 1 use a part of them; the names of llama2.c; with further gains Apertus, BitNet and
/// HyperCLOVA X, with attention sinks Granite.</summary>
internal static class Llama
{
    public static ModelFamily Family { get; } = new(
        "llama",
        [
            .. CommonBlocks.SeparateAttention,
            .. CommonBlocks.GatedMlp("mlp"),
            .. CommonBlocks.Norms,
            Reads("attention.wq", Part.Query),
            Reads("attention.wk", Part.Key),
            Reads("attention.wv", Part.Value),
            Writes("attention.wo", Part.AttentionOutput),
            Reads("feed_forward.w1", Part.Gate),
            Reads("feed_forward.w3", Part.Up),
            Writes("feed_forward.w2", Part.Down),
            Gain("ln1", Part.AttentionNorm),
            Gain("ln2", Part.MlpNorm),
            Gain("attention_norm", Part.AttentionNorm),
            Gain("ffn_norm", Part.MlpNorm),
            Gain("attention_layernorm", Part.AttentionNorm),
            Gain("feedforward_layernorm", Part.MlpNorm),
            Gain("post_norm1", Part.AttentionOutputNorm),
            Gain("post_norm2", Part.MlpOutputNorm),
            WithoutRole("self_attn.sinks"),
            WithoutRole("self_attn.attn_sub_norm"),
            WithoutRole("mlp.ffn_sub_norm"),
            WithoutRole("mlp.act_fn.alpha_n"),
            WithoutRole("mlp.act_fn.alpha_p"),
            WithoutRole("mlp.act_fn.beta"),
            WithoutRole("mlp.act_fn.eps"),
        ],
        [
            .. CommonBlocks.Outside,
            Reads("tok_embeddings", Part.Embedding),
            Reads("output", Part.Unembedding),
        ]);
}
