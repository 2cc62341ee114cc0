using static Pedigree.Tests.Anatomy.Families.Blocks;
using static Pedigree.Tests.Anatomy.Families.NamedLikeLlama;

namespace Pedigree.Tests.Anatomy.Families;

/// <summary>Decoders with names, norms or gates of their own.</summary>
internal static class OlderAndRarer
{
    public static IReadOnlyList<FamilyCheckpoint> All { get; } =
    [
        new("Apertus", "llama", NamedLikeLlama.Attention + NamedLikeLlama.HeadNorms + Outside
            + In("model.layers.{l}", "mlp.up_proj.weight h d Up", "mlp.down_proj.weight d h Down", "attention_layernorm.weight d AttentionNorm", "feedforward_layernorm.weight d MlpNorm",
                Unused("mlp.act_fn.alpha_n 1", "mlp.act_fn.alpha_p 1", "mlp.act_fn.beta 1", "mlp.act_fn.eps 1"))),
        new("BitNet", "llama", NamedLikeLlama.Attention + NamedLikeLlama.Mlp + NamedLikeLlama.Norms + Outside + In("model.layers.{l}", Unused("mlp.ffn_sub_norm.weight h", "self_attn.attn_sub_norm.weight q"))),
        new("HyperCLOVA X", "llama", NamedLikeLlama.Attention + NamedLikeLlama.Mlp + NamedLikeLlama.Norms + Outside + In("model.layers.{l}", "post_norm1.weight d AttentionOutputNorm", "post_norm2.weight d MlpOutputNorm")),
        new("DiffLlama", "diffllama", NamedLikeLlama.Attention + NamedLikeLlama.Mlp + NamedLikeLlama.Norms + Outside
            + In("model.layers.{l}", Unused("self_attn.lambda_k1 hd", "self_attn.lambda_k2 hd", "self_attn.lambda_q1 hd", "self_attn.lambda_q2 hd"))),
        new("Doge", "doge", NamedLikeLlama.Attention + NamedLikeLlama.HeadNorms + NamedLikeLlama.Mlp + NamedLikeLlama.Norms + Outside
            + In("model.layers.{l}", Unused("self_attn.A 4", "self_attn.dt_proj.weight 4 64", "input_residual d", "post_attention_residual d"))),
        new("ModernBERT decoder", "modernbert", """
            model.embeddings.tok_embeddings.weight V d Embedding
            model.embeddings.norm.weight d EmbeddingNorm
            model.final_norm.weight d FinalNorm
            lm_head.dense.weight d d none
            lm_head.norm.weight d none
            decoder.bias V none

            """
            + In("model.layers.{l}", """
                attn.q_proj.weight q d Query
                attn.k_proj.weight q d Key
                attn.v_proj.weight q d Value
                attn.Wo.weight d q AttentionOutput
                mlp.Wi.weight 2h d Gate,Up
                mlp.Wo.weight d h Down
                mlp_norm.weight d MlpNorm
                """)
            + In("model.layers.{l>0}", "attn_norm.weight d AttentionNorm")),
        new("Persimmon", "persimmon", NamedLikeLlama.Norms + """
            model.embed_tokens.weight V d Embedding
            model.final_layernorm.weight d FinalNorm
            model.final_layernorm.bias d FinalNormBias
            lm_head.weight V d Unembedding

            """
            + In("model.layers.{l}", """
                self_attn.query_key_value.weight p d Query,Key,Value
                self_attn.dense.weight d q AttentionOutput
                self_attn.q_layernorm.weight hd QueryNorm
                self_attn.q_layernorm.bias hd QueryNormBias
                self_attn.k_layernorm.weight hd KeyNorm
                self_attn.k_layernorm.bias hd KeyNormBias
                mlp.dense_h_to_4h.weight h d Up
                mlp.dense_4h_to_h.weight d h Down
                """)),
        new("nanochat", "nanochat", NamedLikeLlama.Attention + """
            model.embed_tokens.weight V d Embedding
            lm_head.weight V d Unembedding

            """ + In("model.layers.{l}", "mlp.fc1.weight h d Up", "mlp.fc2.weight d h Down")),
        new("Moshi", "moshi", NamedLikeLlama.Norms + Outside
            + In("model.layers.{l}", Blocks.Attention.Replace("_proj.", "_proj.linear.", StringComparison.Ordinal), "mlp.fc1.weight 2h d Gate,Up", "mlp.fc2.weight d h Down")),
        new("GPT", "openai-gpt", """
            transformer.tokens_embed.weight V d Embedding
            transformer.positions_embed.weight P d PositionEmbedding

            """
            + In("transformer.h.{l}", """
                attn.c_attn.weight d c3 Query,Key,Value
                attn.c_proj.weight q d AttentionOutput
                mlp.c_fc.weight d h Up
                mlp.c_proj.weight h d Down
                ln_1.weight d AttentionOutputNorm
                ln_2.weight d MlpOutputNorm
                """)),
        new("CTRL", "ctrl", """
            transformer.w.weight V d Embedding
            transformer.layernorm.weight d FinalNorm
            lm_head.bias V none

            """
            + In("transformer.h.{l}", """
                multi_head_attention.Wq.weight q d Query
                multi_head_attention.Wk.weight q d Key
                multi_head_attention.Wv.weight q d Value
                multi_head_attention.dense.weight d q AttentionOutput
                ffn.0.weight h d Up
                ffn.0.bias h UpBias
                ffn.2.weight d h Down
                layernorm1.weight d AttentionNorm
                layernorm2.weight d MlpNorm
                """)),
        new("CodeGen", "codegen", """
            transformer.wte.weight V d Embedding
            transformer.ln_f.weight d FinalNorm
            lm_head.weight V d Unembedding
            lm_head.bias V UnembeddingBias

            """
            + In("transformer.h.{l}", """
                attn.qkv_proj.weight 384 d Query,Key,Value
                attn.out_proj.weight d q AttentionOutput
                mlp.fc_in.weight h d Up
                mlp.fc_in.bias h UpBias
                mlp.fc_out.weight d h Down
                ln_1.weight d AttentionNorm
                """)),
        new("ProphetNet", "prophetnet", """
            prophetnet.word_embeddings.weight V d Embedding
            prophetnet.decoder.position_embeddings.weight P d PositionEmbedding
            prophetnet.decoder.ngram_embeddings.weight 2 d none
            prophetnet.decoder.embeddings_layer_norm.weight d EmbeddingNorm

            """
            + In("prophetnet.decoder.layers.{l}", """
                self_attn.query_proj.weight q d Query
                self_attn.key_proj.weight q d Key
                self_attn.value_proj.weight q d Value
                self_attn.out_proj.weight d q AttentionOutput
                self_attn.relative_pos_embeddings.weight 64 d none
                self_attn_layer_norm.weight d AttentionOutputNorm
                cross_attn.query_proj.weight q d CrossQuery
                cross_attn.key_proj.weight q d CrossKey
                cross_attn.value_proj.weight q d CrossValue
                cross_attn.out_proj.weight d q CrossOutput
                cross_attn_layer_norm.weight d CrossNorm
                feed_forward.intermediate.weight h d Up
                feed_forward.output.weight d h Down
                feed_forward_layer_norm.weight d MlpOutputNorm
                """)),
        new("CPM-Ant", "cpmant", """
            cpmant.input_embedding.weight V d Embedding
            cpmant.segment_embedding.weight 32 d SegmentEmbedding
            cpmant.position_bias.relative_attention_bias 48 8 none
            cpmant.encoder.output_layernorm.weight d FinalNorm
            lm_head.weight V d Unembedding

            """
            + In("cpmant.encoder.layers.{l}", """
                self_att.layernorm_before_attention.weight d AttentionNorm
                self_att.self_attention.project_q.weight q d Query
                self_att.self_attention.project_k.weight q d Key
                self_att.self_attention.project_v.weight q d Value
                self_att.self_attention.attention_out.weight d q AttentionOutput
                ffn.layernorm_before_ffn.weight d MlpNorm
                ffn.ffn.w_in.w_0.weight h d Gate
                ffn.ffn.w_in.w_1.weight h d Up
                ffn.ffn.w_out.weight d h Down
                """)),
        new("RoBERTa with norms before", "bert", """
            roberta.embeddings.word_embeddings.weight V d Embedding
            roberta.embeddings.LayerNorm.weight d EmbeddingNorm
            roberta.LayerNorm.weight d FinalNorm

            """
            + In("roberta.encoder.layer.{l}", """
                attention.self.query.weight q d Query
                attention.self.key.weight q d Key
                attention.self.value.weight q d Value
                attention.output.dense.weight d q AttentionOutput
                attention.LayerNorm.weight d AttentionNorm
                intermediate.LayerNorm.weight d MlpNorm
                intermediate.dense.weight h d Up
                output.dense.weight d h Down
                """)),
    ];
}
