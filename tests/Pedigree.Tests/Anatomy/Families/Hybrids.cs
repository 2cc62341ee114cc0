using static Pedigree.Tests.Anatomy.Families.Blocks;
using static Pedigree.Tests.Anatomy.Families.NamedLikeLlama;

namespace Pedigree.Tests.Anatomy.Families;

/// <summary>Models with linear attention, state spaces, recurrences or short convolutions beside attention; names as the library of their models writes them.</summary>
internal static class Hybrids
{
    private const string Deltas = """
        linear_attn.A_log 4 none
        linear_attn.dt_bias 4 none
        linear_attn.conv1d.weight 256 1 4 none
        linear_attn.norm.weight hd none
        linear_attn.out_proj.weight d 128 none
        """;

    // Query rows of a head, then as many of its gate.
    private const string GatedAttention = """
        self_attn.q_proj.weight 256 d Query
        self_attn.k_proj.weight k d Key
        self_attn.v_proj.weight k d Value
        self_attn.o_proj.weight d q AttentionOutput
        """;

    private const string Mixer = """
        mixer.A_log 8 none
        mixer.D 8 none
        mixer.conv1d.weight 160 1 4 none
        mixer.conv1d.bias 160 none
        mixer.dt_bias 8 none
        mixer.in_proj.weight 296 d none
        mixer.norm.weight 128 none
        mixer.out_proj.weight d 128 none
        """;

    public static IReadOnlyList<FamilyCheckpoint> All { get; } =
    [
        new("Qwen3-Next", "qwen3-next", Outside
            + In("model.layers.{l}", Blocks.Norms, Experts("mlp.experts"), Blocks.Mlp("mlp.shared_expert", "m"), "mlp.gate.weight E d Router", "mlp.shared_expert_gate.weight 1 d SharedExpertGate")
            + In("model.layers.{l<3}", Deltas, Unused("linear_attn.in_proj_ba.weight 8 d", "linear_attn.in_proj_qkvz.weight 384 d"))
            + In("model.layers.{l>2}", GatedAttention, Blocks.HeadNorms)),
        new("Qwen 3.5", "qwen3-next", Outside + In("model.layers.{l}", Blocks.Norms, Blocks.Mlp("mlp"))
            + In("model.layers.{l<3}", Deltas, Unused("linear_attn.in_proj_a.weight 4 d", "linear_attn.in_proj_b.weight 4 d", "linear_attn.in_proj_qkv.weight 256 d", "linear_attn.in_proj_z.weight 128 d"))
            + In("model.layers.{l>2}", GatedAttention, Blocks.HeadNorms)),
        new("Qwen 3.5 in GGUF", "gguf", """
            token_embd.weight V d Embedding
            output_norm.weight d FinalNorm
            output.weight V d Unembedding

            """
            + In("blk.{l}", """
                attn_norm.weight d AttentionNorm
                post_attention_norm.weight d OtherNorm
                ffn_gate.weight h d Gate
                ffn_up.weight h d Up
                ffn_down.weight d h Down
                """)
            + In("blk.{l<3}", Unused("attn_qkv.weight 256 d", "attn_gate.weight 128 d", "ssm_a 4", "ssm_alpha.weight 4 d", "ssm_beta.weight 4 d", "ssm_conv1d.weight 256 4", "ssm_dt.bias 4", "ssm_norm.weight hd",
                "ssm_out.weight d 128"))
            + In("blk.{l>2}", """
                attn_q.weight 256 d Query
                attn_k.weight k d Key
                attn_v.weight k d Value
                attn_output.weight d q AttentionOutput
                attn_q_norm.weight hd QueryNorm
                attn_k_norm.weight hd KeyNorm
                """)),
        new("Kimi Linear", "kimi-linear", Outside
            + In("model.layers.{l}", Blocks.Norms)
            + In("model.layers.0", Blocks.Mlp("block_sparse_moe"))
            + In("model.layers.{l>0}", Experts("block_sparse_moe.experts", "w1", "w3", "w2"), Blocks.Mlp("block_sparse_moe.shared_experts", "m"),
                "block_sparse_moe.gate.weight E d Router", "block_sparse_moe.gate.e_score_correction_bias E RouterBias")
            + In("model.layers.{l<3}", Unused(
                "self_attn.A_log 1 1 8 1", "self_attn.dt_bias 128", "self_attn.b_proj.weight 8 d", "self_attn.f_a_proj.weight 16 d", "self_attn.f_b_proj.weight 128 16",
                "self_attn.g_a_proj.weight 16 d", "self_attn.g_b_proj.weight 128 16", "self_attn.q_conv1d.weight 128 1 4", "self_attn.k_conv1d.weight 128 1 4",
                "self_attn.v_conv1d.weight 128 1 4", "self_attn.o_norm.weight hd", "self_attn.q_proj.weight 128 d", "self_attn.k_proj.weight 128 d", "self_attn.v_proj.weight 128 d",
                "self_attn.o_proj.weight d 128"))
            + In("model.layers.{l>2}", """
                self_attn.q_proj.weight qa d Query
                self_attn.kv_a_proj_with_mqa.weight kl+r d LatentKeyValue,RotaryKey
                self_attn.kv_a_layernorm.weight kl LatentKeyValueNorm
                self_attn.kv_b_proj.weight kv kl KeyFromLatent,ValueFromLatent
                self_attn.o_proj.weight d vo AttentionOutput
                """)),
        new("OLMo Hybrid", "olmo-hybrid", Outside + In("model.layers.{l}", Blocks.Mlp("mlp"))
            + In("model.layers.{l<3}", Unused(
                "linear_attn.A_log 4", "linear_attn.dt_bias 4", "linear_attn.a_proj.weight 4 d", "linear_attn.b_proj.weight 4 d", "linear_attn.g_proj.weight 128 d",
                "linear_attn.q_proj.weight 64 d", "linear_attn.k_proj.weight 64 d", "linear_attn.v_proj.weight 128 d", "linear_attn.q_conv1d.weight 64 1 4", "linear_attn.k_conv1d.weight 64 1 4",
                "linear_attn.v_conv1d.weight 128 1 4", "linear_attn.o_norm.weight 32", "linear_attn.o_proj.weight d 128"),
                "attention_layer_norm.weight d AttentionNorm", "feedforward_layer_norm.weight d MlpNorm")
            + In("model.layers.3", "post_attention_layernorm.weight d AttentionOutputNorm")
            + In("model.layers.4", "feedforward_layer_norm.weight d AttentionOutputNorm")
            + In("model.layers.{l>2}", Blocks.Attention, "self_attn.q_norm.weight q QueryNorm", "self_attn.k_norm.weight k KeyNorm", "post_feedforward_layernorm.weight d MlpOutputNorm")),
        new("MiniMax M1", "mixtral", Outside
            + In("model.layers.{l}", Blocks.Norms, "block_sparse_moe.gate.weight E d Router", Experts("block_sparse_moe.experts", "w1", "w3", "w2"))
            + In("model.layers.{l>1}", Blocks.Attention)
            + In("model.layers.{l<2}", Unused(
                "self_attn.qkv_proj.weight 384 d", "self_attn.output_gate.weight 128 d", "self_attn.out_proj.weight d 128", "self_attn.norm.weight 128", "self_attn.slope_rate 8 1 1",
                "self_attn.query_decay 8 16 1", "self_attn.key_decay 8 16 1", "self_attn.diagonal_decay 1 8 16 16"))),
        new("Granite 4", "granite-moe", Outside
            + In("model.layers.{l}", Blocks.Norms, """
                block_sparse_moe.router.layer.weight E d Router
                block_sparse_moe.input_linear.weight E 128 d Gate,Up
                block_sparse_moe.output_linear.weight E d m Down
                shared_mlp.input_linear.weight 128 d Gate,Up
                shared_mlp.output_linear.weight d m Down
                """)
            + In("model.layers.{l<3}", StateSpace) + In("model.layers.{l>2}", Blocks.Attention)),
        new("Jamba", "mamba-hybrid", Embeddings("model.final_layernorm")
            + In("model.layers.{l}", "input_layernorm.weight d AttentionNorm", "pre_ff_layernorm.weight d MlpNorm")
            + In("model.layers.{l<3}", Blocks.Mlp("feed_forward"), Unused(
                "mamba.A_log 256 16", "mamba.D 256", "mamba.b_layernorm.weight 16", "mamba.c_layernorm.weight 16", "mamba.dt_layernorm.weight 8", "mamba.conv1d.weight 256 1 4", "mamba.conv1d.bias 256",
                "mamba.dt_proj.weight 256 8", "mamba.dt_proj.bias 256", "mamba.in_proj.weight 512 d", "mamba.out_proj.weight d 256", "mamba.x_proj.weight 40 256"))
            + In("model.layers.{l>2}", Blocks.Attention, Experts("feed_forward.experts"), "feed_forward.router.weight E d Router")),
        new("Bamba", "mamba-hybrid", Embeddings("model.final_layernorm")
            + In("model.layers.{l}", "input_layernorm.weight d AttentionNorm", "pre_ff_layernorm.weight d MlpNorm", Blocks.Mlp("feed_forward"))
            + In("model.layers.{l<3}", StateSpace) + In("model.layers.{l>2}", Blocks.Attention)),
        new("Falcon-H1", "mamba-hybrid", Embeddings("model.final_layernorm")
            + In("model.layers.{l}", "input_layernorm.weight d AttentionNorm", "pre_ff_layernorm.weight d MlpNorm", Blocks.Mlp("feed_forward"), Blocks.Attention, StateSpace)),
        new("Zamba 2", "zamba", "model.embed_tokens.weight V d Embedding\nmodel.final_layernorm.weight d FinalNorm\n"
            + In("model.layers.{l<3}", StateSpace, "input_layernorm.weight d AttentionNorm")
            + In("model.layers.{l>2}.mamba_decoder", StateSpace, "input_layernorm.weight d AttentionNorm")
            + In("model.layers.{l>2}", "linear.weight d 128 none")
            + In("model.layers.{l>2}.shared_transformer", "pre_ff_layernorm.weight d MlpNorm", "feed_forward.gate_up_proj.weight 2h d Gate,Up", "feed_forward.down_proj.weight d h Down", Unused(
                "input_layernorm.weight 256", "self_attn.q_proj.weight 256 256", "self_attn.k_proj.weight 256 256", "self_attn.v_proj.weight 256 256", "self_attn.o_proj.weight d 256",
                "self_attn.linear_q_adapter_list.0.0.weight 8 256", "self_attn.linear_q_adapter_list.0.1.weight 256 8",
                "feed_forward.gate_up_proj_adapter_list.0.0.weight 8 d", "feed_forward.gate_up_proj_adapter_list.0.1.weight 448 8"))),
        new("Nemotron-H", "nemotron-h", """
            backbone.embeddings.weight V d Embedding
            backbone.norm_f.weight d FinalNorm
            lm_head.weight V d Unembedding

            """
            + In("backbone.layers.0", "norm.weight d AttentionNorm", Mixer)
            + In("backbone.layers.1", "norm.weight d AttentionNorm", """
                mixer.q_proj.weight q d Query
                mixer.k_proj.weight k d Key
                mixer.v_proj.weight k d Value
                mixer.o_proj.weight d q AttentionOutput
                """)
            + In("backbone.layers.2", "norm.weight d MlpNorm", "mixer.up_proj.weight h d Up", "mixer.down_proj.weight d h Down")
            + In("backbone.layers.{l>2}", "norm.weight d MlpNorm", """
                mixer.gate.weight E d Router
                mixer.gate.e_score_correction_bias E RouterBias
                mixer.experts.{e}.up_proj.weight m d Up
                mixer.experts.{e}.down_proj.weight d m Down
                mixer.shared_experts.up_proj.weight h d Up
                mixer.shared_experts.down_proj.weight d h Down
                """)),
        new("LFM2", "lfm2", """
            model.embed_tokens.weight V d Embedding
            model.embedding_norm.weight d FinalNorm

            """
            + In("model.layers.{l}", "operator_norm.weight d AttentionNorm", "ffn_norm.weight d MlpNorm")
            + In("model.layers.{l<2}", "feed_forward.w1.weight h d Gate", "feed_forward.w3.weight h d Up", "feed_forward.w2.weight d h Down",
                Unused("conv.conv.weight 128 1 3", "conv.in_proj.weight 384 d", "conv.out_proj.weight d 128"))
            + In("model.layers.{l>1}", Experts("feed_forward.experts", "w1", "w3", "w2"), """
                feed_forward.gate.weight E d Router
                feed_forward.expert_bias E RouterBias
                self_attn.q_proj.weight q d Query
                self_attn.k_proj.weight k d Key
                self_attn.v_proj.weight k d Value
                self_attn.out_proj.weight d q AttentionOutput
                self_attn.q_layernorm.weight hd QueryNorm
                self_attn.k_layernorm.weight hd KeyNorm
                """)),
        new("RecurrentGemma", "recurrent-gemma", "model.embed_tokens.weight V d Embedding\nmodel.final_norm.weight d FinalNorm\n"
            + In("model.layers.{l}", "temporal_pre_norm.weight d AttentionNorm", "channel_pre_norm.weight d MlpNorm", Blocks.Mlp("mlp_block"), "mlp_block.down_proj.bias d DownBias")
            + In("model.layers.{l<3}.temporal_block", Unused(
                "conv_1d.weight 128 1 4", "conv_1d.bias 128", "linear_out.weight d 128", "linear_out.bias d", "linear_x.weight 128 d", "linear_x.bias 128", "linear_y.weight 128 d", "linear_y.bias 128",
                "rg_lru.input_gate_weight 8 16 16", "rg_lru.input_gate_bias 8 16", "rg_lru.recurrent_gate_weight 8 16 16", "rg_lru.recurrent_gate_bias 8 16", "rg_lru.recurrent_param 128"))
            + In("model.layers.{l>2}.temporal_block", """
                q_proj.weight q d Query
                k_proj.weight k d Key
                v_proj.weight k d Value
                o_proj.weight d q AttentionOutput
                o_proj.bias d AttentionOutputBias
                """)),
        new("xLSTM", "xlstm", """
            backbone.embeddings.weight V d Embedding
            backbone.out_norm.weight d FinalNorm
            lm_head.weight V d Unembedding

            """
            + In("backbone.blocks.{l}", "norm_mlstm.weight d AttentionNorm", "norm_ffn.weight d MlpNorm", "ffn.proj_up_gate.weight h d Gate", "ffn.proj_up.weight h d Up", "ffn.proj_down.weight d h Down", Unused(
                "mlstm_layer.q.weight 64 d", "mlstm_layer.k.weight 64 d", "mlstm_layer.v.weight 128 d", "mlstm_layer.ogate_preact.weight 128 d", "mlstm_layer.igate_preact.weight 8 d",
                "mlstm_layer.igate_preact.bias 8", "mlstm_layer.fgate_preact.weight 8 d", "mlstm_layer.fgate_preact.bias 8", "mlstm_layer.multihead_norm.weight 128", "mlstm_layer.out_proj.weight d 128"))),
    ];

    private static string Embeddings(string norm) => $"""
        model.embed_tokens.weight V d Embedding
        {norm}.weight d FinalNorm
        lm_head.weight V d Unembedding

        """;
}
