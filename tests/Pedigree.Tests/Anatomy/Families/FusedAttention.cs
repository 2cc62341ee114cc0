using static Pedigree.Tests.Anatomy.Families.NamedLikeLlama;

namespace Pedigree.Tests.Anatomy.Families;

/// <summary>Decoders that keep query, key and value in one tensor.</summary>
internal static class FusedAttention
{
    public static IReadOnlyList<FamilyCheckpoint> All { get; } =
    [
        new("Phi-3", "phi3", Norms + Outside + """
            model.layers.{l}.self_attn.qkv_proj.weight c d Query,Key,Value
            model.layers.{l}.self_attn.o_proj.weight d q AttentionOutput
            model.layers.{l}.mlp.gate_up_proj.weight 2h d Gate,Up
            model.layers.{l}.mlp.down_proj.weight d h Down
            """),
        new("Baichuan", "baichuan", Mlp + Norms + Outside + """
            model.layers.{l}.self_attn.W_pack.weight c3 d Query,Key,Value
            model.layers.{l}.self_attn.o_proj.weight d q AttentionOutput
            """),
        new("ChatGLM3", "chatglm", """
            transformer.embedding.word_embeddings.weight V d Embedding
            transformer.rotary_pos_emb.inv_freq 8 none
            transformer.encoder.layers.{l}.input_layernorm.weight d AttentionNorm
            transformer.encoder.layers.{l}.self_attention.query_key_value.weight c d Query,Key,Value
            transformer.encoder.layers.{l}.self_attention.query_key_value.bias c QueryBias,KeyBias,ValueBias
            transformer.encoder.layers.{l}.self_attention.dense.weight d q AttentionOutput
            transformer.encoder.layers.{l}.post_attention_layernorm.weight d MlpNorm
            transformer.encoder.layers.{l}.mlp.dense_h_to_4h.weight 2h d Gate,Up
            transformer.encoder.layers.{l}.mlp.dense_4h_to_h.weight d h Down
            transformer.encoder.final_layernorm.weight d FinalNorm
            transformer.output_layer.weight V d Unembedding
            """),
        new("ChatGLM-6B", "gpt-neox", """
            transformer.word_embeddings.weight V d Embedding
            transformer.layers.{l}.input_layernorm.weight d AttentionNorm
            transformer.layers.{l}.input_layernorm.bias d AttentionNormBias
            transformer.layers.{l}.attention.rotary_emb.inv_freq 8 none
            transformer.layers.{l}.attention.query_key_value.weight p d Query,Key,Value
            transformer.layers.{l}.attention.query_key_value.bias p QueryBias,KeyBias,ValueBias
            transformer.layers.{l}.attention.dense.weight d q AttentionOutput
            transformer.layers.{l}.attention.dense.bias d AttentionOutputBias
            transformer.layers.{l}.post_attention_layernorm.weight d MlpNorm
            transformer.layers.{l}.post_attention_layernorm.bias d MlpNormBias
            transformer.layers.{l}.mlp.dense_h_to_4h.weight h d Up
            transformer.layers.{l}.mlp.dense_h_to_4h.bias h UpBias
            transformer.layers.{l}.mlp.dense_4h_to_h.weight d h Down
            transformer.layers.{l}.mlp.dense_4h_to_h.bias d DownBias
            transformer.final_layernorm.weight d FinalNorm
            transformer.final_layernorm.bias d FinalNormBias
            lm_head.weight V d Unembedding
            """),
        new("Pythia", "gpt-neox", """
            gpt_neox.embed_in.weight V d Embedding
            gpt_neox.layers.{l}.input_layernorm.weight d AttentionNorm
            gpt_neox.layers.{l}.input_layernorm.bias d AttentionNormBias
            gpt_neox.layers.{l}.post_attention_layernorm.weight d MlpNorm
            gpt_neox.layers.{l}.post_attention_layernorm.bias d MlpNormBias
            gpt_neox.layers.{l}.attention.masked_bias 1 none
            gpt_neox.layers.{l}.attention.rotary_emb.inv_freq 4 none
            gpt_neox.layers.{l}.attention.query_key_value.weight p d Query,Key,Value
            gpt_neox.layers.{l}.attention.query_key_value.bias p QueryBias,KeyBias,ValueBias
            gpt_neox.layers.{l}.attention.dense.weight d q AttentionOutput
            gpt_neox.layers.{l}.attention.dense.bias d AttentionOutputBias
            gpt_neox.layers.{l}.mlp.dense_h_to_4h.weight h d Up
            gpt_neox.layers.{l}.mlp.dense_h_to_4h.bias h UpBias
            gpt_neox.layers.{l}.mlp.dense_4h_to_h.weight d h Down
            gpt_neox.layers.{l}.mlp.dense_4h_to_h.bias d DownBias
            gpt_neox.final_layer_norm.weight d FinalNorm
            gpt_neox.final_layer_norm.bias d FinalNormBias
            embed_out.weight V d Unembedding
            """),
        new("BLOOM", "bloom", """
            transformer.word_embeddings.weight V d Embedding
            transformer.word_embeddings_layernorm.weight d EmbeddingNorm
            transformer.word_embeddings_layernorm.bias d EmbeddingNormBias
            transformer.h.{l}.input_layernorm.weight d AttentionNorm
            transformer.h.{l}.input_layernorm.bias d AttentionNormBias
            transformer.h.{l}.self_attention.query_key_value.weight p d Query,Key,Value
            transformer.h.{l}.self_attention.query_key_value.bias p QueryBias,KeyBias,ValueBias
            transformer.h.{l}.self_attention.dense.weight d q AttentionOutput
            transformer.h.{l}.self_attention.dense.bias d AttentionOutputBias
            transformer.h.{l}.post_attention_layernorm.weight d MlpNorm
            transformer.h.{l}.post_attention_layernorm.bias d MlpNormBias
            transformer.h.{l}.mlp.dense_h_to_4h.weight h d Up
            transformer.h.{l}.mlp.dense_h_to_4h.bias h UpBias
            transformer.h.{l}.mlp.dense_4h_to_h.weight d h Down
            transformer.h.{l}.mlp.dense_4h_to_h.bias d DownBias
            transformer.ln_f.weight d FinalNorm
            transformer.ln_f.bias d FinalNormBias
            """),
        new("Falcon-7B", "falcon", """
            transformer.word_embeddings.weight V d Embedding
            transformer.h.{l}.input_layernorm.weight d AttentionNorm
            transformer.h.{l}.input_layernorm.bias d AttentionNormBias
            transformer.h.{l}.self_attention.query_key_value.weight 1g d Query,Key,Value
            transformer.h.{l}.self_attention.dense.weight d q AttentionOutput
            transformer.h.{l}.mlp.dense_h_to_4h.weight h d Up
            transformer.h.{l}.mlp.dense_4h_to_h.weight d h Down
            transformer.ln_f.weight d FinalNorm
            transformer.ln_f.bias d FinalNormBias
            lm_head.weight V d Unembedding
            """),
        new("Falcon-40B", "falcon", """
            transformer.word_embeddings.weight V d Embedding
            transformer.h.{l}.ln_attn.weight d AttentionNorm
            transformer.h.{l}.ln_attn.bias d AttentionNormBias
            transformer.h.{l}.ln_mlp.weight d MlpNorm
            transformer.h.{l}.ln_mlp.bias d MlpNormBias
            transformer.h.{l}.self_attention.query_key_value.weight g d Query,Key,Value
            transformer.h.{l}.self_attention.dense.weight d q AttentionOutput
            transformer.h.{l}.mlp.dense_h_to_4h.weight h d Up
            transformer.h.{l}.mlp.dense_4h_to_h.weight d h Down
            transformer.ln_f.weight d FinalNorm
            transformer.ln_f.bias d FinalNormBias
            lm_head.weight V d Unembedding
            """),
        new("InternLM2", "internlm2", """
            model.tok_embeddings.weight V d Embedding
            model.layers.{l}.attention.wqkv.weight g d Query,Key,Value
            model.layers.{l}.attention.wo.weight d q AttentionOutput
            model.layers.{l}.feed_forward.w1.weight h d Gate
            model.layers.{l}.feed_forward.w3.weight h d Up
            model.layers.{l}.feed_forward.w2.weight d h Down
            model.layers.{l}.attention_norm.weight d AttentionNorm
            model.layers.{l}.ffn_norm.weight d MlpNorm
            model.norm.weight d FinalNorm
            output.weight V d Unembedding
            """),
        new("GPT-2", "gpt2", """
            wte.weight V d Embedding
            wpe.weight P d PositionEmbedding
            h.{l}.ln_1.weight d AttentionNorm
            h.{l}.ln_1.bias d AttentionNormBias
            h.{l}.attn.c_attn.weight d c3 Query,Key,Value
            h.{l}.attn.c_attn.bias c3 QueryBias,KeyBias,ValueBias
            h.{l}.attn.c_proj.weight q d AttentionOutput
            h.{l}.attn.c_proj.bias d AttentionOutputBias
            h.{l}.ln_2.weight d MlpNorm
            h.{l}.ln_2.bias d MlpNormBias
            h.{l}.mlp.c_fc.weight d h Up
            h.{l}.mlp.c_fc.bias h UpBias
            h.{l}.mlp.c_proj.weight h d Down
            h.{l}.mlp.c_proj.bias d DownBias
            ln_f.weight d FinalNorm
            ln_f.bias d FinalNormBias
            """),
        new("Qwen 1", "qwen", """
            transformer.wte.weight V d Embedding
            transformer.h.{l}.ln_1.weight d AttentionNorm
            transformer.h.{l}.attn.c_attn.weight c3 d Query,Key,Value
            transformer.h.{l}.attn.c_attn.bias c3 QueryBias,KeyBias,ValueBias
            transformer.h.{l}.attn.c_proj.weight d q AttentionOutput
            transformer.h.{l}.ln_2.weight d MlpNorm
            transformer.h.{l}.mlp.w1.weight h d Up
            transformer.h.{l}.mlp.w2.weight h d Gate
            transformer.h.{l}.mlp.c_proj.weight d h Down
            transformer.ln_f.weight d FinalNorm
            lm_head.weight V d Unembedding
            """),
        new("MPT", "mpt", """
            transformer.wte.weight V d Embedding
            transformer.blocks.{l}.norm_1.weight d AttentionNorm
            transformer.blocks.{l}.attn.Wqkv.weight c3 d Query,Key,Value
            transformer.blocks.{l}.attn.out_proj.weight d q AttentionOutput
            transformer.blocks.{l}.norm_2.weight d MlpNorm
            transformer.blocks.{l}.ffn.up_proj.weight h d Up
            transformer.blocks.{l}.ffn.down_proj.weight d h Down
            transformer.norm_f.weight d FinalNorm
            """),
        new("OLMo 1", "olmo", """
            model.transformer.wte.weight V d Embedding
            model.transformer.blocks.{l}.att_proj.weight c3 d Query,Key,Value
            model.transformer.blocks.{l}.attn_out.weight d q AttentionOutput
            model.transformer.blocks.{l}.ff_proj.weight 2h d Up,Gate
            model.transformer.blocks.{l}.ff_out.weight d h Down
            model.transformer.ff_out.weight V d Unembedding
            """),
    ];
}
