namespace Pedigree.Tests.Anatomy.Families;

/// <summary>Dense decoders with the names of Llama, or most of them.</summary>
internal static class NamedLikeLlama
{
    public const string Attention = """
        model.layers.{l}.self_attn.q_proj.weight q d Query
        model.layers.{l}.self_attn.k_proj.weight k d Key
        model.layers.{l}.self_attn.v_proj.weight k d Value
        model.layers.{l}.self_attn.o_proj.weight d q AttentionOutput

        """;

    public const string AttentionBiases = """
        model.layers.{l}.self_attn.q_proj.bias q QueryBias
        model.layers.{l}.self_attn.k_proj.bias k KeyBias
        model.layers.{l}.self_attn.v_proj.bias k ValueBias

        """;

    public const string HeadNorms = """
        model.layers.{l}.self_attn.q_norm.weight hd QueryNorm
        model.layers.{l}.self_attn.k_norm.weight hd KeyNorm

        """;

    public const string Mlp = """
        model.layers.{l}.mlp.gate_proj.weight h d Gate
        model.layers.{l}.mlp.up_proj.weight h d Up
        model.layers.{l}.mlp.down_proj.weight d h Down

        """;

    public const string Norms = """
        model.layers.{l}.input_layernorm.weight d AttentionNorm
        model.layers.{l}.post_attention_layernorm.weight d MlpNorm

        """;

    public const string NormBiases = """
        model.layers.{l}.input_layernorm.bias d AttentionNormBias
        model.layers.{l}.post_attention_layernorm.bias d MlpNormBias
        model.norm.bias d FinalNormBias

        """;

    public const string Tied = """
        model.embed_tokens.weight V d Embedding
        model.norm.weight d FinalNorm

        """;

    public const string Outside = Tied + """
        lm_head.weight V d Unembedding

        """;

    public static IReadOnlyList<FamilyCheckpoint> All { get; } =
    [
        new("Llama, Mistral, Yi, Granite, MiniCPM", "llama", Attention + Mlp + Norms + Outside + """
            model.layers.{l}.self_attn.rotary_emb.inv_freq 8 none
            """),
        new("Qwen 2, Seed-OSS", "llama", Attention + AttentionBiases + Mlp + Norms + Outside),
        new("Qwen 3", "llama", Attention + HeadNorms + Mlp + Norms + Outside),
        new("Hunyuan dense", "llama", Attention + Mlp + Norms + Tied + """
            model.layers.{l}.self_attn.query_layernorm.weight hd QueryNorm
            model.layers.{l}.self_attn.key_layernorm.weight hd KeyNorm
            """),
        new("Yi in its first names", "llama", Attention + Mlp + Outside + """
            model.layers.{l}.ln1.weight d AttentionNorm
            model.layers.{l}.ln2.weight d MlpNorm
            """),
        new("InternLM 1", "llama", Attention + AttentionBiases + Mlp + Norms + Outside + """
            model.layers.{l}.self_attn.o_proj.bias d AttentionOutputBias
            """),
        new("StableLM", "llama", Attention + Mlp + Norms + NormBiases + Outside),
        new("Gemma 1", "llama", Attention + Mlp + Norms + Tied),
        new("Gemma 2", "gemma2", Attention + Mlp + Tied + """
            model.layers.{l}.input_layernorm.weight d AttentionNorm
            model.layers.{l}.post_attention_layernorm.weight d AttentionOutputNorm
            model.layers.{l}.pre_feedforward_layernorm.weight d MlpNorm
            model.layers.{l}.post_feedforward_layernorm.weight d MlpOutputNorm
            """),
        new("Gemma 3", "gemma2", Attention + HeadNorms + Mlp + Tied + """
            model.layers.{l}.input_layernorm.weight d AttentionNorm
            model.layers.{l}.post_attention_layernorm.weight d AttentionOutputNorm
            model.layers.{l}.pre_feedforward_layernorm.weight d MlpNorm
            model.layers.{l}.post_feedforward_layernorm.weight d MlpOutputNorm
            """),
        new("Gemma 3n", "gemma3n", (Attention + HeadNorms + Mlp + Tied + """
            model.layers.{l}.input_layernorm.weight d AttentionNorm
            model.layers.{l}.post_attention_layernorm.weight d AttentionOutputNorm
            model.layers.{l}.pre_feedforward_layernorm.weight d MlpNorm
            model.layers.{l}.post_feedforward_layernorm.weight d MlpOutputNorm
            model.layers.{l}.laurel.linear_left.weight 12 d none
            model.layers.{l}.laurel.linear_right.weight d 12 none
            model.layers.{l}.laurel.post_laurel_norm.weight d OtherNorm
            model.layers.{l}.altup.correct_output_scale d none
            model.layers.{l}.altup.correction_coefs.weight 4 4 none
            model.layers.{l}.altup.prediction_coefs.weight 16 4 none
            model.layers.{l}.altup.modality_router.weight 4 d none
            model.layers.{l}.altup.router_norm.weight d none
            model.layers.{l}.per_layer_input_gate.weight 24 d none
            model.layers.{l}.per_layer_projection.weight d 24 none
            model.layers.{l}.post_per_layer_input_norm.weight d none
            model.embed_tokens_per_layer.weight 260 120 none
            model.per_layer_model_projection.weight 120 d none
            model.per_layer_projection_norm.weight 24 none
            model.altup_projections.0.weight d d none
            model.altup_projections.1.weight d d none
            model.altup_projections.2.weight d d none
            model.altup_unembed_projections.0.weight d d none
            model.altup_unembed_projections.1.weight d d none
            model.altup_unembed_projections.2.weight d d none
            """).Replace("model.", "model.language_model.", StringComparison.Ordinal)),
        new("OLMo 2", "olmo2", Attention + Mlp + Outside + """
            model.layers.{l}.self_attn.q_norm.weight q QueryNorm
            model.layers.{l}.self_attn.k_norm.weight k KeyNorm
            model.layers.{l}.post_attention_layernorm.weight d AttentionOutputNorm
            model.layers.{l}.post_feedforward_layernorm.weight d MlpOutputNorm
            """),
        new("OLMo 1 in the names of Llama", "llama", Attention + Mlp + """
            model.embed_tokens.weight V d Embedding
            lm_head.weight V d Unembedding
            """),
        new("Cohere", "llama", Attention + Mlp + Tied + """
            model.layers.{l}.input_layernorm.weight d AttentionNorm
            model.layers.{l}.self_attn.q_norm.weight 8 hd QueryNorm
            model.layers.{l}.self_attn.k_norm.weight 4 hd KeyNorm
            """),
        new("Nemotron", "llama", Attention + Norms + NormBiases + Outside + """
            model.layers.{l}.mlp.up_proj.weight h d Up
            model.layers.{l}.mlp.down_proj.weight d h Down
            """),
        new("GLM-4", "glm", Attention + AttentionBiases + Norms + Outside + """
            model.layers.{l}.mlp.gate_up_proj.weight 2h d Gate,Up
            model.layers.{l}.mlp.down_proj.weight d h Down
            model.layers.{l}.post_self_attn_layernorm.weight d AttentionOutputNorm
            model.layers.{l}.post_mlp_layernorm.weight d MlpOutputNorm
            """),
        new("StarCoder2", "starcoder2", Attention + AttentionBiases + Norms + NormBiases + Tied + """
            model.layers.{l}.self_attn.o_proj.bias d AttentionOutputBias
            model.layers.{l}.mlp.c_fc.weight h d Up
            model.layers.{l}.mlp.c_fc.bias h UpBias
            model.layers.{l}.mlp.c_proj.weight d h Down
            model.layers.{l}.mlp.c_proj.bias d DownBias
            """),
        new("EXAONE 3", "exaone", """
            transformer.wte.weight V d Embedding
            transformer.h.{l}.attn.attention.q_proj.weight q d Query
            transformer.h.{l}.attn.attention.k_proj.weight k d Key
            transformer.h.{l}.attn.attention.v_proj.weight k d Value
            transformer.h.{l}.attn.attention.out_proj.weight d q AttentionOutput
            transformer.h.{l}.mlp.c_fc_0.weight h d Gate
            transformer.h.{l}.mlp.c_fc_1.weight h d Up
            transformer.h.{l}.mlp.c_proj.weight d h Down
            transformer.h.{l}.ln_1.weight d AttentionNorm
            transformer.h.{l}.ln_2.weight d MlpNorm
            transformer.ln_f.weight d FinalNorm
            lm_head.weight V d Unembedding
            """),
        new("Phi 2", "phi", """
            model.embed_tokens.weight V d Embedding
            model.layers.{l}.self_attn.q_proj.weight q d Query
            model.layers.{l}.self_attn.q_proj.bias q QueryBias
            model.layers.{l}.self_attn.k_proj.weight q d Key
            model.layers.{l}.self_attn.k_proj.bias q KeyBias
            model.layers.{l}.self_attn.v_proj.weight q d Value
            model.layers.{l}.self_attn.v_proj.bias q ValueBias
            model.layers.{l}.self_attn.dense.weight d q AttentionOutput
            model.layers.{l}.self_attn.dense.bias d AttentionOutputBias
            model.layers.{l}.mlp.fc1.weight h d Up
            model.layers.{l}.mlp.fc1.bias h UpBias
            model.layers.{l}.mlp.fc2.weight d h Down
            model.layers.{l}.mlp.fc2.bias d DownBias
            model.layers.{l}.input_layernorm.weight d AttentionNorm
            model.layers.{l}.input_layernorm.bias d AttentionNormBias
            model.final_layernorm.weight d FinalNorm
            model.final_layernorm.bias d FinalNormBias
            lm_head.weight V d Unembedding
            lm_head.bias V UnembeddingBias
            """),
    ];
}
