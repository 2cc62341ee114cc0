using static Pedigree.Tests.Anatomy.Families.NamedLikeLlama;

namespace Pedigree.Tests.Anatomy.Families;

/// <summary>Mixtures of experts, and latent attention.</summary>
internal static class MixturesOfExperts
{
    private const string RoutedExperts = """
        model.layers.{l}.mlp.gate.weight E d Router
        model.layers.{l}.mlp.experts.{e}.gate_proj.weight m d Gate
        model.layers.{l}.mlp.experts.{e}.up_proj.weight m d Up
        model.layers.{l}.mlp.experts.{e}.down_proj.weight d m Down

        """;

    // The first layer is dense, as in DeepSeek-V2 and GLM-4.5.
    private const string ExpertsAfterDense = """
        model.layers.0.mlp.gate_proj.weight h d Gate
        model.layers.0.mlp.up_proj.weight h d Up
        model.layers.0.mlp.down_proj.weight d h Down
        model.layers.{l>0}.mlp.gate.weight E d Router
        model.layers.{l>0}.mlp.gate.e_score_correction_bias E RouterBias
        model.layers.{l>0}.mlp.experts.{e}.gate_proj.weight m d Gate
        model.layers.{l>0}.mlp.experts.{e}.up_proj.weight m d Up
        model.layers.{l>0}.mlp.experts.{e}.down_proj.weight d m Down
        model.layers.{l>0}.mlp.shared_experts.gate_proj.weight 2m d Gate
        model.layers.{l>0}.mlp.shared_experts.up_proj.weight 2m d Up
        model.layers.{l>0}.mlp.shared_experts.down_proj.weight d 2m Down

        """;

    private const string LatentKeys = """
        model.layers.{l}.self_attn.kv_a_proj_with_mqa.weight kl+r d LatentKeyValue,RotaryKey
        model.layers.{l}.self_attn.kv_a_layernorm.weight kl LatentKeyValueNorm
        model.layers.{l}.self_attn.kv_b_proj.weight kv kl KeyFromLatent,ValueFromLatent
        model.layers.{l}.self_attn.o_proj.weight d vo AttentionOutput

        """;

    private const string LatentQueries = """
        model.layers.{l}.self_attn.q_a_proj.weight ql d LatentQuery
        model.layers.{l}.self_attn.q_a_layernorm.weight ql LatentQueryNorm
        model.layers.{l}.self_attn.q_b_proj.weight qa ql QueryFromLatent

        """;

    public static IReadOnlyList<FamilyCheckpoint> All { get; } =
    [
        new("DeepSeek-V3, Kimi K2", "deepseek", LatentQueries + LatentKeys + ExpertsAfterDense + Norms + Outside + """
            model.layers.4.eh_proj.weight d 256 none
            model.layers.4.enorm.weight d none
            model.layers.4.hnorm.weight d none
            model.layers.4.embed_tokens.weight V d none
            model.layers.4.shared_head.norm.weight d none
            model.layers.4.shared_head.head.weight V d none
            """),
        new("DeepSeek-V2-Lite", "deepseek", LatentKeys + ExpertsAfterDense + Norms + Outside + """
            model.layers.{l}.self_attn.q_proj.weight qa d Query
            """),
        new("MiniCPM3", "deepseek", LatentQueries + LatentKeys + Mlp + Norms + Tied),
        new("GLM-4.5", "glm-moe", Attention + AttentionBiases + HeadNorms + ExpertsAfterDense + Norms + Outside),
        new("Hunyuan-A13B", "hunyuan-moe", Attention + Norms + Tied + """
            model.layers.{l}.self_attn.query_layernorm.weight hd QueryNorm
            model.layers.{l}.self_attn.key_layernorm.weight hd KeyNorm
            model.layers.{l}.mlp.gate.wg.weight E d Router
            model.layers.{l}.mlp.experts.{e}.gate_proj.weight m d Gate
            model.layers.{l}.mlp.experts.{e}.up_proj.weight m d Up
            model.layers.{l}.mlp.experts.{e}.down_proj.weight d m Down
            model.layers.{l}.mlp.shared_mlp.gate_proj.weight m d Gate
            model.layers.{l}.mlp.shared_mlp.up_proj.weight m d Up
            model.layers.{l}.mlp.shared_mlp.down_proj.weight d m Down
            """),
        // Layers 1 and 3 use the keys and values of the layer before them.
        new("Hunyuan-Large", "hunyuan-moe", Norms + Tied + """
            model.layers.{l}.self_attn.q_proj.weight q d Query
            model.layers.{l}.self_attn.o_proj.weight d q AttentionOutput
            model.layers.0.self_attn.k_proj.weight k d Key
            model.layers.0.self_attn.v_proj.weight k d Value
            model.layers.2.self_attn.k_proj.weight k d Key
            model.layers.2.self_attn.v_proj.weight k d Value
            model.layers.4.self_attn.k_proj.weight k d Key
            model.layers.4.self_attn.v_proj.weight k d Value
            model.layers.{l}.self_attn.query_layernorm.weight hd QueryNorm
            model.layers.{l}.self_attn.key_layernorm.weight hd KeyNorm
            model.layers.{l}.mlp.gate.wg.weight E d Router
            model.layers.{l}.mlp.experts.{e}.gate_proj.weight m d Gate
            model.layers.{l}.mlp.experts.{e}.up_proj.weight m d Up
            model.layers.{l}.mlp.experts.{e}.down_proj.weight d m Down
            model.layers.{l}.mlp.shared_mlp.gate_proj.weight m d Gate
            model.layers.{l}.mlp.shared_mlp.up_proj.weight m d Up
            model.layers.{l}.mlp.shared_mlp.down_proj.weight d m Down
            """),
        new("HunyuanImage 3", "hunyuan-moe", Norms + """
            model.wte.weight V d Embedding
            model.ln_f.weight d FinalNorm
            lm_head.weight V d Unembedding
            model.layers.{l}.self_attn.qkv_proj.weight g d Query,Key,Value
            model.layers.{l}.self_attn.o_proj.weight d q AttentionOutput
            model.layers.{l}.self_attn.query_layernorm.weight hd QueryNorm
            model.layers.{l}.self_attn.key_layernorm.weight hd KeyNorm
            model.layers.{l}.mlp.gate.wg.weight E d Router
            model.layers.{l}.mlp.experts.{e}.gate_and_up_proj.weight 2m d Up,Gate
            model.layers.{l}.mlp.experts.{e}.down_proj.weight d m Down
            model.layers.{l}.mlp.shared_mlp.gate_and_up_proj.weight 2m d Up,Gate
            model.layers.{l}.mlp.shared_mlp.down_proj.weight d m Down
            """),
        new("Pangu Pro MoE", "pangu-moe", Attention + AttentionBiases + RoutedExperts + Norms + Outside + """
            model.layers.{l}.mlp.router_scale 1 E none
            model.layers.{l}.mlp.shared_expert.gate_proj.weight 2m d Gate
            model.layers.{l}.mlp.shared_expert.up_proj.weight 2m d Up
            model.layers.{l}.mlp.shared_expert.down_proj.weight d 2m Down
            """),
        new("Qwen2-MoE", "qwen2-moe", Attention + AttentionBiases + RoutedExperts + Norms + Outside + """
            model.layers.{l}.mlp.shared_expert_gate.weight 1 d SharedExpertGate
            model.layers.{l}.mlp.shared_expert.gate_proj.weight 2m d Gate
            model.layers.{l}.mlp.shared_expert.up_proj.weight 2m d Up
            model.layers.{l}.mlp.shared_expert.down_proj.weight d 2m Down
            """),
        new("Qwen3-MoE", "qwen2-moe", Attention + HeadNorms + RoutedExperts + Norms + Outside),
        new("Mixtral", "mixtral", Attention + Norms + Outside + """
            model.layers.{l}.block_sparse_moe.gate.weight E d Router
            model.layers.{l}.block_sparse_moe.experts.{e}.w1.weight m d Gate
            model.layers.{l}.block_sparse_moe.experts.{e}.w3.weight m d Up
            model.layers.{l}.block_sparse_moe.experts.{e}.w2.weight d m Down
            """),
        new("gpt-oss", "gpt-oss", Attention + AttentionBiases + Norms + Outside + """
            model.layers.{l}.self_attn.o_proj.bias d AttentionOutputBias
            model.layers.{l}.self_attn.sinks H none
            model.layers.{l}.mlp.router.weight E d Router
            model.layers.{l}.mlp.router.bias E RouterBias
            model.layers.{l}.mlp.experts.gate_up_proj E d 128 Gate,Up
            model.layers.{l}.mlp.experts.gate_up_proj_bias E 128 GateBias,UpBias
            model.layers.{l}.mlp.experts.down_proj E m d Down
            model.layers.{l}.mlp.experts.down_proj_bias E d DownBias
            """),
        new("Llama 4", "stacked-moe", Attention + Norms + Outside + """
            model.layers.{l}.feed_forward.router.weight E d Router
            model.layers.{l}.feed_forward.experts.gate_up_proj E d 128 Gate,Up
            model.layers.{l}.feed_forward.experts.down_proj E m d Down
            model.layers.{l}.feed_forward.shared_expert.gate_proj.weight m d Gate
            model.layers.{l}.feed_forward.shared_expert.up_proj.weight m d Up
            model.layers.{l}.feed_forward.shared_expert.down_proj.weight d m Down
            """),
        new("Granite MoE", "granite-moe", Attention + Norms + Tied + """
            model.layers.{l}.block_sparse_moe.router.layer.weight E d Router
            model.layers.{l}.block_sparse_moe.input_linear.weight E 128 d Gate,Up
            model.layers.{l}.block_sparse_moe.output_linear.weight E d m Down
            model.layers.{l}.shared_mlp.input_linear.weight 128 d Gate,Up
            model.layers.{l}.shared_mlp.output_linear.weight d m Down
            """),
    ];
}
