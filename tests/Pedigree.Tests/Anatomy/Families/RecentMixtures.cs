using static Pedigree.Tests.Anatomy.Families.Blocks;
using static Pedigree.Tests.Anatomy.Families.NamedLikeLlama;

namespace Pedigree.Tests.Anatomy.Families;

/// <summary>Mixtures of experts with several streams, selected tokens, shared rows of routers or halves of layers.</summary>
internal static class RecentMixtures
{
    private const string Indexer = """
        self_attn.indexer.wq_b.weight 64 ql none
        self_attn.indexer.wk.weight 32 d none
        self_attn.indexer.k_norm.weight 32 none
        self_attn.indexer.k_norm.bias 32 none
        self_attn.indexer.weights_proj.weight 2 d none
        """;

    private static readonly string RoutedAndShared = string.Join('\n', "mlp.gate.weight E d Router", "mlp.gate.e_score_correction_bias E RouterBias", Experts("mlp.experts"), Blocks.Mlp("mlp.shared_experts", "m"));

    public static IReadOnlyList<FamilyCheckpoint> All { get; } =
    [
        new("DeepSeek-V4", "deepseek-v4", """
            model.embed_tokens.weight V d Embedding
            model.norm.weight d FinalNorm
            head.weight V d Unembedding
            model.hc_head.hc_base 4 none
            model.hc_head.hc_fn 4 512 none
            model.hc_head.hc_scale 1 none

            """
            + In("model.layers.{l}", "attn_norm.weight d AttentionNorm", "ffn_norm.weight d MlpNorm", Experts("ffn.experts", "w1", "w3", "w2"), """
                attn.wq_a.weight ql d LatentQuery
                attn.q_norm.weight ql LatentQueryNorm
                attn.wq_b.weight 128 ql QueryFromLatent
                ffn.shared_experts.w1.weight m d Gate
                ffn.shared_experts.w3.weight m d Up
                ffn.shared_experts.w2.weight d m Down
                """, Unused(
                "attn.wkv.weight hd d", "attn.norm.weight hd", "attn.wo_a.weight 32 64", "attn.wo_b.weight d 32", "attn.attn_sink 8", "attn.compressor.ape 8 hd", "attn.compressor.norm.weight hd",
                "attn.compressor.wgate.weight hd d", "attn.compressor.wkv.weight hd d", "hc_attn_base 24", "hc_attn_fn 24 512", "hc_attn_scale 3", "hc_ffn_base 24", "hc_ffn_fn 24 512", "hc_ffn_scale 3"))
            + In("model.layers.{l<2}", "ffn.gate.weight E d none", "ffn.gate.tid2eid V 2 none")
            + In("model.layers.{l>1}", "ffn.gate.weight E d Router", "ffn.gate.bias E RouterBias")),
        new("Hunyuan 4", "hunyuan-v4", Outside + """
            model.hc_pre.hc_head.hc_head_base 4 none
            model.hc_pre.hc_head.hc_head_fn 4 512 none
            model.hc_pre.hc_head.hc_head_scale 1 none

            """
            + In("model.layers.{l}", LatentAttention, Blocks.Norms, Unused(
                "self_attn.linear_gate.weight 96 d", "self_attn.learnable_sink_param 8", "hc_pre.hc_attn_layer.hc_base 8", "hc_pre.hc_attn_layer.hc_fn 8 512", "hc_pre.hc_attn_layer.hc_scale 2",
                "hc_pre.hc_mlp_layer.hc_base 8", "hc_pre.hc_mlp_layer.hc_fn 8 512", "hc_pre.hc_mlp_layer.hc_scale 2"))
            + In("model.layers.{l<2}", Indexer)
            + In("model.layers.0", "mlp.linear_gate.weight h d Gate", "mlp.up_proj.weight h d Up", "mlp.down_proj.weight d h Down")
            + In("model.layers.{l>0}", """
                mlp.gate.weight E d Router
                mlp.gate.e_score_correction_bias E RouterBias
                mlp.experts.gate_up_proj E 192 d Gate,Up
                mlp.experts.down_proj E d 96 Down
                mlp.shared_experts.linear_gate.weight m d Gate
                mlp.shared_experts.up_proj.weight m d Up
                mlp.shared_experts.down_proj.weight d m Down
                """)),
        new("A.X-K1", "deepseek", Outside + In("model.layers.{l}", LatentAttention, Blocks.Norms) + In("model.layers.0", Blocks.Mlp("mlp"))
            + In("model.layers.{l>0}", RoutedAndShared, "post_mlp_layernorm.weight d MlpOutputNorm")),
        new("A.X-K2", "axk2", Outside
            + In("model.layers.{l}", LatentQueries, Indexer, """
                self_attn.q_b_proj.weight 288 96 none
                self_attn.kv_a_proj_with_mqa.weight kl+r d LatentKeyValue,RotaryKey
                self_attn.kv_a_layernorm.weight kl LatentKeyValueNorm
                self_attn.kv_b_proj.weight kv kl none
                self_attn.o_proj.weight d vo AttentionOutput
                input_layernorm.norm.weight d AttentionNorm
                input_layernorm.W_down.weight 16 d none
                input_layernorm.W_up.weight d 16 none
                """)
            + In("model.layers.0", Blocks.Mlp("mlp"), "post_attention_layernorm.weight d MlpNorm")
            + In("model.layers.{l>0}", RoutedAndShared, """
                post_attention_layernorm.norm.weight d MlpNorm
                post_attention_layernorm.W_down.weight 16 d none
                post_attention_layernorm.W_up.weight d 16 none
                """)),
        new("LongCat-Flash", "longcat-flash", Outside + """
            model.ngram_embeddings.embedders.0.weight 400 32 none
            model.ngram_embeddings.post_projs.0.weight d 32 none

            """
            + In("model.layers.{l}", Experts("mlp.experts"), Unused("mlp.router.classifier.weight 9 d", "mlp.router.e_score_correction_bias 9"))
            + string.Concat(Enumerable.Range(0, 2).Select(half =>
                In("model.layers.{l}", LatentAttention.Replace("self_attn.", $"self_attn.{half}.", StringComparison.Ordinal), Blocks.Mlp($"mlps.{half}"), $"""
                    input_layernorm.{half}.weight d AttentionNorm
                    post_attention_layernorm.{half}.weight d MlpNorm
                    """)))),
        new("Inkling", "inkling", Outside + "model.embed_norm.weight d EmbeddingNorm\n"
            + In("model.layers.{l}", Blocks.Attention, Blocks.HeadNorms, Blocks.Norms, "mlp.experts.gate_up_proj E 192 d Gate,Up", "mlp.experts.down_proj E d 96 Down", Unused(
                "attn_sconv.conv1d.weight 128 1 4", "mlp_sconv.conv1d.weight 128 1 4", "self_attn.k_sconv.conv1d.weight 64 1 4", "self_attn.v_sconv.conv1d.weight 64 1 4",
                "self_attn.r_proj.weight 128 d", "self_attn.rel_logits_proj.proj 16 32", "mlp.gate.weight 8 d", "mlp.gate.e_score_correction_bias E", "mlp.gate.global_scale 1",
                "mlp.shared_experts.gate_proj 2 m d", "mlp.shared_experts.up_proj 2 m d", "mlp.shared_experts.down_proj 2 d m"))),
        new("AFMoE", "afmoe", Outside
            + In("model.layers.{l}", Blocks.Attention, Blocks.HeadNorms, """
                self_attn.gate_proj.weight 128 d none
                input_layernorm.weight d AttentionNorm
                post_attention_layernorm.weight d AttentionOutputNorm
                pre_mlp_layernorm.weight d MlpNorm
                post_mlp_layernorm.weight d MlpOutputNorm
                """)
            + In("model.layers.0", Blocks.Mlp("mlp"))
            + In("model.layers.{l>0}", "mlp.router.gate.weight E d Router", "mlp.expert_bias E RouterBias", Experts("mlp.experts"), Blocks.Mlp("mlp.shared_experts", "m"))),
        new("Hunyuan 3", "hunyuan-moe", Outside + In("model.layers.{l}", Blocks.Attention, Blocks.HeadNorms, Blocks.Norms) + In("model.layers.0", Blocks.Mlp("mlp"))
            + In("model.layers.{l>0}", "mlp.router.gate.weight E d Router", "mlp.expert_bias E RouterBias", Experts("mlp.experts"), Blocks.Mlp("mlp.shared_mlp", "m"))),
        new("ERNIE 4.5", "glm-moe", Tied + In("model.layers.{l}", Blocks.Attention, Blocks.Norms) + In("model.layers.0", Blocks.Mlp("mlp"))
            + In("model.layers.{l>0}", "mlp.gate.weight E d Router", "mlp.moe_statics.e_score_correction_bias 1 E RouterBias", Experts("mlp.experts"), Blocks.Mlp("mlp.shared_experts", "m"))),
        new("MiMo-V2", "qwen2-moe", Outside
            + In("model.layers.{l}", Blocks.Norms, "mlp.gate.weight E d Router", "mlp.gate.e_score_correction_bias E RouterBias", Experts("mlp.experts"))
            + In("model.layers.{l<3}", Blocks.Attention, "self_attn.attention_sink_bias 8 none")
            // Layers of full attention have fewer KV groups.
            + In("model.layers.{l>2}", Blocks.Attention.Replace("weight k d", "weight 32 d", StringComparison.Ordinal))),
        new("Gemma 4", "gemma4", Tied + """
            model.embed_tokens_per_layer.weight V 80 none
            model.per_layer_model_projection.weight 80 d none
            model.per_layer_projection_norm.weight 16 none

            """
            + In("model.layers.{l}", Blocks.HeadNorms, Blocks.Mlp("mlp"), """
                self_attn.q_proj.weight q d Query
                self_attn.k_proj.weight k d Key
                self_attn.o_proj.weight d q AttentionOutput
                input_layernorm.weight d AttentionNorm
                post_attention_layernorm.weight d AttentionOutputNorm
                pre_feedforward_layernorm.weight d MlpNorm
                post_feedforward_layernorm.weight d MlpOutputNorm
                layer_scalar 1 none
                per_layer_input_gate.weight 16 d none
                per_layer_projection.weight d 16 none
                post_per_layer_input_norm.weight d none
                router.proj.weight E d Router
                router.scale d none
                router.per_expert_scale E none
                experts.gate_up_proj E 192 d Gate,Up
                experts.down_proj E d 96 Down
                pre_feedforward_layernorm_2.weight d OtherNorm
                post_feedforward_layernorm_1.weight d none
                post_feedforward_layernorm_2.weight d none
                """)
            // Elsewhere keys are the values as well.
            + In("model.layers.{l<4}", "self_attn.v_proj.weight k d Value")),
        new("JetMoE", "jetmoe", Tied
            + In("model.layers.{l}", Blocks.Norms, """
                mlp.router.layer.weight E d Router
                mlp.input_linear.weight E 192 d Gate,Up
                mlp.output_linear.weight E d 96 Down
                """, Unused("mlp.bias d", "self_attention.kv_proj.weight 128 d", "self_attention.experts.bias d", "self_attention.experts.input_linear.weight E 64 d",
                "self_attention.experts.output_linear.weight E d 64", "self_attention.experts.router.layer.weight E d"))),
        new("Aria", "stacked-moe", NamedLikeLlama.Attention + NamedLikeLlama.Norms + Outside
            + In("model.layers.{l}", "mlp.router.weight E d Router", "mlp.experts.fc1.weight E d 192 Gate,Up", "mlp.experts.fc2.weight E 96 d Down", Blocks.Mlp("mlp.shared_experts", "m"))),
        new("DBRX", "dbrx", """
            transformer.wte.weight V d Embedding
            transformer.norm_f.weight d FinalNorm
            lm_head.weight V d Unembedding

            """
            + In("transformer.blocks.{l}", """
                norm_attn_norm.norm_1.weight d AttentionNorm
                norm_attn_norm.norm_2.weight d MlpNorm
                norm_attn_norm.attn.Wqkv.weight c d Query,Key,Value
                norm_attn_norm.attn.out_proj.weight d q AttentionOutput
                ffn.router.layer.weight E d Router
                ffn.experts.mlp.w1 384 d Gate
                ffn.experts.mlp.v1 384 d Up
                ffn.experts.mlp.w2 384 d Down
                """)),
        new("FlexOlmo", "olmo2", NamedLikeLlama.Attention + Outside
            + In("model.layers.{l}", "self_attn.q_norm.weight q QueryNorm", "self_attn.k_norm.weight k KeyNorm", "mlp.gate.weight E d Router", Experts("mlp.experts"),
                "post_attention_layernorm.weight d AttentionOutputNorm", "post_feedforward_layernorm.weight d MlpOutputNorm")),
    ];
}
