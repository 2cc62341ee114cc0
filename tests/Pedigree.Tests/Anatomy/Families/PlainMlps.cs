namespace Pedigree.Tests.Anatomy.Families;

/// <summary>Decoders with an MLP without a gate and names of their own, and models without attention.</summary>
internal static class PlainMlps
{
    public static IReadOnlyList<FamilyCheckpoint> All { get; } =
    [
        new("OPT", "opt", """
            model.decoder.embed_tokens.weight V d Embedding
            model.decoder.embed_positions.weight P d PositionEmbedding
            model.decoder.layers.{l}.self_attn.q_proj.weight q d Query
            model.decoder.layers.{l}.self_attn.q_proj.bias q QueryBias
            model.decoder.layers.{l}.self_attn.k_proj.weight q d Key
            model.decoder.layers.{l}.self_attn.k_proj.bias q KeyBias
            model.decoder.layers.{l}.self_attn.v_proj.weight q d Value
            model.decoder.layers.{l}.self_attn.v_proj.bias q ValueBias
            model.decoder.layers.{l}.self_attn.out_proj.weight d q AttentionOutput
            model.decoder.layers.{l}.self_attn.out_proj.bias d AttentionOutputBias
            model.decoder.layers.{l}.self_attn_layer_norm.weight d AttentionNorm
            model.decoder.layers.{l}.self_attn_layer_norm.bias d AttentionNormBias
            model.decoder.layers.{l}.fc1.weight h d Up
            model.decoder.layers.{l}.fc1.bias h UpBias
            model.decoder.layers.{l}.fc2.weight d h Down
            model.decoder.layers.{l}.fc2.bias d DownBias
            model.decoder.layers.{l}.final_layer_norm.weight d MlpNorm
            model.decoder.layers.{l}.final_layer_norm.bias d MlpNormBias
            model.decoder.final_layer_norm.weight d FinalNorm
            model.decoder.final_layer_norm.bias d FinalNormBias
            """),
        new("GPT-Neo", "gpt-neo", """
            transformer.wte.weight V d Embedding
            transformer.wpe.weight P d PositionEmbedding
            transformer.h.{l}.ln_1.weight d AttentionNorm
            transformer.h.{l}.ln_1.bias d AttentionNormBias
            transformer.h.{l}.attn.attention.q_proj.weight q d Query
            transformer.h.{l}.attn.attention.k_proj.weight q d Key
            transformer.h.{l}.attn.attention.v_proj.weight q d Value
            transformer.h.{l}.attn.attention.out_proj.weight d q AttentionOutput
            transformer.h.{l}.attn.attention.out_proj.bias d AttentionOutputBias
            transformer.h.{l}.ln_2.weight d MlpNorm
            transformer.h.{l}.ln_2.bias d MlpNormBias
            transformer.h.{l}.mlp.c_fc.weight h d Up
            transformer.h.{l}.mlp.c_fc.bias h UpBias
            transformer.h.{l}.mlp.c_proj.weight d h Down
            transformer.h.{l}.mlp.c_proj.bias d DownBias
            transformer.ln_f.weight d FinalNorm
            transformer.ln_f.bias d FinalNormBias
            """),
        new("GPT-J", "gpt-j", """
            transformer.wte.weight V d Embedding
            transformer.h.{l}.ln_1.weight d AttentionNorm
            transformer.h.{l}.ln_1.bias d AttentionNormBias
            transformer.h.{l}.attn.masked_bias 1 none
            transformer.h.{l}.attn.q_proj.weight q d Query
            transformer.h.{l}.attn.k_proj.weight q d Key
            transformer.h.{l}.attn.v_proj.weight q d Value
            transformer.h.{l}.attn.out_proj.weight d q AttentionOutput
            transformer.h.{l}.mlp.fc_in.weight h d Up
            transformer.h.{l}.mlp.fc_in.bias h UpBias
            transformer.h.{l}.mlp.fc_out.weight d h Down
            transformer.h.{l}.mlp.fc_out.bias d DownBias
            transformer.ln_f.weight d FinalNorm
            transformer.ln_f.bias d FinalNormBias
            lm_head.weight V d Unembedding
            lm_head.bias V UnembeddingBias
            """),
        new("Mamba", "mamba", """
            backbone.embeddings.weight V d Embedding
            backbone.layers.{l}.norm.weight d AttentionNorm
            backbone.layers.{l}.mixer.in_proj.weight 2h d Up,Gate
            backbone.layers.{l}.mixer.conv1d.weight h 1 4 none
            backbone.layers.{l}.mixer.conv1d.bias h none
            backbone.layers.{l}.mixer.x_proj.weight 40 h none
            backbone.layers.{l}.mixer.dt_proj.weight h 8 none
            backbone.layers.{l}.mixer.dt_proj.bias h none
            backbone.layers.{l}.mixer.A_log h 16 none
            backbone.layers.{l}.mixer.D h none
            backbone.layers.{l}.mixer.out_proj.weight d h Down
            backbone.norm_f.weight d FinalNorm
            """),
        new("RWKV-7", "rwkv7", """
            emb.weight V d Embedding
            blocks.0.ln0.weight d EmbeddingNorm
            blocks.0.ln0.bias d EmbeddingNormBias
            blocks.{l}.ln1.weight d AttentionNorm
            blocks.{l}.ln1.bias d AttentionNormBias
            blocks.{l}.ln2.weight d MlpNorm
            blocks.{l}.ln2.bias d MlpNormBias
            blocks.{l}.att.x_r 1 1 d none
            blocks.{l}.att.x_w 1 1 d none
            blocks.{l}.att.x_k 1 1 d none
            blocks.{l}.att.x_v 1 1 d none
            blocks.{l}.att.x_a 1 1 d none
            blocks.{l}.att.x_g 1 1 d none
            blocks.{l}.att.w0 1 1 d none
            blocks.{l}.att.w1 d 24 none
            blocks.{l}.att.w2 24 d none
            blocks.{l}.att.a0 1 1 d none
            blocks.{l}.att.a1 d 24 none
            blocks.{l}.att.a2 24 d none
            blocks.{l>0}.att.v0 1 1 d none
            blocks.{l>0}.att.v1 d 20 none
            blocks.{l>0}.att.v2 20 d none
            blocks.{l}.att.g1 d 28 none
            blocks.{l}.att.g2 28 d none
            blocks.{l}.att.k_k 1 1 d none
            blocks.{l}.att.k_a 1 1 d none
            blocks.{l}.att.r_k H hd none
            blocks.{l}.att.receptance.weight q d Query
            blocks.{l}.att.key.weight q d Key
            blocks.{l}.att.value.weight q d Value
            blocks.{l}.att.output.weight d q AttentionOutput
            blocks.{l}.att.ln_x.weight d none
            blocks.{l}.att.ln_x.bias d none
            blocks.{l}.ffn.x_k 1 1 d none
            blocks.{l}.ffn.key.weight h d Up
            blocks.{l}.ffn.value.weight d h Down
            ln_out.weight d FinalNorm
            ln_out.bias d FinalNormBias
            head.weight V d Unembedding
            """),
        new("RWKV-5", "rwkv", """
            rwkv.embeddings.weight V d Embedding
            rwkv.blocks.0.pre_ln.weight d EmbeddingNorm
            rwkv.blocks.0.pre_ln.bias d EmbeddingNormBias
            rwkv.blocks.{l}.ln1.weight d AttentionNorm
            rwkv.blocks.{l}.ln1.bias d AttentionNormBias
            rwkv.blocks.{l}.ln2.weight d MlpNorm
            rwkv.blocks.{l}.ln2.bias d MlpNormBias
            rwkv.blocks.{l}.attention.time_decay H hd none
            rwkv.blocks.{l}.attention.time_faaaa H hd none
            rwkv.blocks.{l}.attention.time_mix_key 1 1 d none
            rwkv.blocks.{l}.attention.time_mix_value 1 1 d none
            rwkv.blocks.{l}.attention.time_mix_receptance 1 1 d none
            rwkv.blocks.{l}.attention.receptance.weight q d Query
            rwkv.blocks.{l}.attention.key.weight q d Key
            rwkv.blocks.{l}.attention.value.weight q d Value
            rwkv.blocks.{l}.attention.output.weight d q AttentionOutput
            rwkv.blocks.{l}.attention.ln_x.weight d none
            rwkv.blocks.{l}.attention.ln_x.bias d none
            rwkv.blocks.{l}.feed_forward.time_mix_key 1 1 d none
            rwkv.blocks.{l}.feed_forward.time_mix_receptance 1 1 d none
            rwkv.blocks.{l}.feed_forward.key.weight h d Up
            rwkv.blocks.{l}.feed_forward.receptance.weight d d none
            rwkv.blocks.{l}.feed_forward.value.weight d h Down
            rwkv.ln_out.weight d FinalNorm
            rwkv.ln_out.bias d FinalNormBias
            head.weight V d Unembedding
            """),
    ];
}
