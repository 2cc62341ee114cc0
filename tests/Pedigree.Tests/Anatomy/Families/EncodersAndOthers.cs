namespace Pedigree.Tests.Anatomy.Families;

/// <summary>Encoders of text and images, and models with an encoder and a decoder.</summary>
internal static class EncodersAndOthers
{
    private const string BertLayers = """
        {p}.embeddings.word_embeddings.weight V d Embedding
        {p}.embeddings.position_embeddings.weight P d PositionEmbedding
        {p}.embeddings.token_type_embeddings.weight 2 d SegmentEmbedding
        {p}.embeddings.LayerNorm.weight d EmbeddingNorm
        {p}.embeddings.LayerNorm.bias d EmbeddingNormBias
        {p}.encoder.layer.{l}.attention.self.query.weight q d Query
        {p}.encoder.layer.{l}.attention.self.query.bias q QueryBias
        {p}.encoder.layer.{l}.attention.self.key.weight q d Key
        {p}.encoder.layer.{l}.attention.self.key.bias q KeyBias
        {p}.encoder.layer.{l}.attention.self.value.weight q d Value
        {p}.encoder.layer.{l}.attention.self.value.bias q ValueBias
        {p}.encoder.layer.{l}.attention.output.dense.weight d q AttentionOutput
        {p}.encoder.layer.{l}.attention.output.dense.bias d AttentionOutputBias
        {p}.encoder.layer.{l}.attention.output.LayerNorm.weight d AttentionOutputNorm
        {p}.encoder.layer.{l}.attention.output.LayerNorm.bias d AttentionOutputNormBias
        {p}.encoder.layer.{l}.intermediate.dense.weight h d Up
        {p}.encoder.layer.{l}.intermediate.dense.bias h UpBias
        {p}.encoder.layer.{l}.output.dense.weight d h Down
        {p}.encoder.layer.{l}.output.dense.bias d DownBias
        {p}.encoder.layer.{l}.output.LayerNorm.weight d MlpOutputNorm
        {p}.encoder.layer.{l}.output.LayerNorm.bias d MlpOutputNormBias

        """;

    private const string T5Layers = """
        shared.weight V d Embedding
        encoder.block.{l}.layer.0.SelfAttention.q.weight q d Query
        encoder.block.{l}.layer.0.SelfAttention.k.weight q d Key
        encoder.block.{l}.layer.0.SelfAttention.v.weight q d Value
        encoder.block.{l}.layer.0.SelfAttention.o.weight d q AttentionOutput
        encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight 32 H none
        encoder.block.{l}.layer.0.layer_norm.weight d AttentionNorm
        encoder.block.{l}.layer.1.layer_norm.weight d MlpNorm
        encoder.final_layer_norm.weight d OtherNorm
        decoder.block.{l}.layer.0.SelfAttention.q.weight q d Query
        decoder.block.{l}.layer.0.SelfAttention.k.weight q d Key
        decoder.block.{l}.layer.0.SelfAttention.v.weight q d Value
        decoder.block.{l}.layer.0.SelfAttention.o.weight d q AttentionOutput
        decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight 32 H none
        decoder.block.{l}.layer.0.layer_norm.weight d AttentionNorm
        decoder.block.{l}.layer.1.EncDecAttention.q.weight q d CrossQuery
        decoder.block.{l}.layer.1.EncDecAttention.k.weight q d CrossKey
        decoder.block.{l}.layer.1.EncDecAttention.v.weight q d CrossValue
        decoder.block.{l}.layer.1.EncDecAttention.o.weight d q CrossOutput
        decoder.block.{l}.layer.1.layer_norm.weight d CrossNorm
        decoder.block.{l}.layer.2.layer_norm.weight d MlpNorm
        decoder.final_layer_norm.weight d FinalNorm

        """;

    private const string WhisperStack = """
        {p}.layers.{l}.self_attn.q_proj.weight q d Query
        {p}.layers.{l}.self_attn.q_proj.bias q QueryBias
        {p}.layers.{l}.self_attn.k_proj.weight q d Key
        {p}.layers.{l}.self_attn.v_proj.weight q d Value
        {p}.layers.{l}.self_attn.v_proj.bias q ValueBias
        {p}.layers.{l}.self_attn.out_proj.weight d q AttentionOutput
        {p}.layers.{l}.self_attn.out_proj.bias d AttentionOutputBias
        {p}.layers.{l}.self_attn_layer_norm.weight d AttentionNorm
        {p}.layers.{l}.self_attn_layer_norm.bias d AttentionNormBias
        {p}.layers.{l}.fc1.weight h d Up
        {p}.layers.{l}.fc1.bias h UpBias
        {p}.layers.{l}.fc2.weight d h Down
        {p}.layers.{l}.fc2.bias d DownBias
        {p}.layers.{l}.final_layer_norm.weight d MlpNorm
        {p}.layers.{l}.final_layer_norm.bias d MlpNormBias

        """;

    /// <summary>A vision tower in the names of SigLIP; <c>{p}</c> stands for its prefix.</summary>
    public const string SiglipTower = """
        {p}.embeddings.patch_embedding.weight d 3 4 4 none
        {p}.embeddings.patch_embedding.bias d none
        {p}.embeddings.position_embedding.weight P d PositionEmbedding
        {p}.encoder.layers.{l}.self_attn.q_proj.weight q d Query
        {p}.encoder.layers.{l}.self_attn.q_proj.bias q QueryBias
        {p}.encoder.layers.{l}.self_attn.k_proj.weight q d Key
        {p}.encoder.layers.{l}.self_attn.k_proj.bias q KeyBias
        {p}.encoder.layers.{l}.self_attn.v_proj.weight q d Value
        {p}.encoder.layers.{l}.self_attn.v_proj.bias q ValueBias
        {p}.encoder.layers.{l}.self_attn.out_proj.weight d q AttentionOutput
        {p}.encoder.layers.{l}.self_attn.out_proj.bias d AttentionOutputBias
        {p}.encoder.layers.{l}.layer_norm1.weight d AttentionNorm
        {p}.encoder.layers.{l}.layer_norm1.bias d AttentionNormBias
        {p}.encoder.layers.{l}.layer_norm2.weight d MlpNorm
        {p}.encoder.layers.{l}.layer_norm2.bias d MlpNormBias
        {p}.encoder.layers.{l}.mlp.fc1.weight h d Up
        {p}.encoder.layers.{l}.mlp.fc1.bias h UpBias
        {p}.encoder.layers.{l}.mlp.fc2.weight d h Down
        {p}.encoder.layers.{l}.mlp.fc2.bias d DownBias
        {p}.post_layernorm.weight d FinalNorm
        {p}.post_layernorm.bias d FinalNormBias

        """;

    public static string At(string prefix, string lines) => lines.Replace("{p}", prefix, StringComparison.Ordinal);

    public static IReadOnlyList<FamilyCheckpoint> All { get; } =
    [
        new("BERT", "bert", At("bert", BertLayers) + """
            bert.pooler.dense.weight d d none
            bert.pooler.dense.bias d none
            cls.predictions.bias V none
            cls.predictions.transform.dense.weight d d none
            cls.predictions.transform.dense.bias d none
            cls.predictions.transform.LayerNorm.weight d none
            cls.predictions.transform.LayerNorm.bias d none
            cls.seq_relationship.weight 2 d none
            cls.seq_relationship.bias 2 none
            """),
        new("RoBERTa", "bert", At("roberta", BertLayers) + """
            lm_head.bias V none
            lm_head.dense.weight d d none
            lm_head.dense.bias d none
            lm_head.layer_norm.weight d none
            lm_head.layer_norm.bias d none
            """),
        new("ELECTRA", "bert", At("electra", BertLayers) + """
            discriminator_predictions.dense.weight d d none
            discriminator_predictions.dense.bias d none
            discriminator_predictions.dense_prediction.weight 1 d none
            discriminator_predictions.dense_prediction.bias 1 none
            """),
        new("ViT", "vit", """
            vit.embeddings.cls_token 1 1 d none
            vit.embeddings.position_embeddings 1 P d PositionEmbedding
            vit.embeddings.patch_embeddings.projection.weight d 3 4 4 none
            vit.embeddings.patch_embeddings.projection.bias d none
            vit.encoder.layer.{l}.attention.attention.query.weight q d Query
            vit.encoder.layer.{l}.attention.attention.query.bias q QueryBias
            vit.encoder.layer.{l}.attention.attention.key.weight q d Key
            vit.encoder.layer.{l}.attention.attention.key.bias q KeyBias
            vit.encoder.layer.{l}.attention.attention.value.weight q d Value
            vit.encoder.layer.{l}.attention.attention.value.bias q ValueBias
            vit.encoder.layer.{l}.attention.output.dense.weight d q AttentionOutput
            vit.encoder.layer.{l}.attention.output.dense.bias d AttentionOutputBias
            vit.encoder.layer.{l}.intermediate.dense.weight h d Up
            vit.encoder.layer.{l}.intermediate.dense.bias h UpBias
            vit.encoder.layer.{l}.output.dense.weight d h Down
            vit.encoder.layer.{l}.output.dense.bias d DownBias
            vit.encoder.layer.{l}.layernorm_before.weight d AttentionNorm
            vit.encoder.layer.{l}.layernorm_before.bias d AttentionNormBias
            vit.encoder.layer.{l}.layernorm_after.weight d MlpNorm
            vit.encoder.layer.{l}.layernorm_after.bias d MlpNormBias
            vit.layernorm.weight d FinalNorm
            vit.layernorm.bias d FinalNormBias
            classifier.weight 10 d none
            classifier.bias 10 none
            """),
        new("SigLIP", "clip", At("vision_model", SiglipTower)),
        new("T5", "t5", T5Layers + """
            encoder.block.{l}.layer.1.DenseReluDense.wi.weight h d Up
            encoder.block.{l}.layer.1.DenseReluDense.wo.weight d h Down
            decoder.block.{l}.layer.2.DenseReluDense.wi.weight h d Up
            decoder.block.{l}.layer.2.DenseReluDense.wo.weight d h Down
            """),
        new("T5 1.1", "t5", T5Layers + """
            encoder.block.{l}.layer.1.DenseReluDense.wi_0.weight h d Gate
            encoder.block.{l}.layer.1.DenseReluDense.wi_1.weight h d Up
            encoder.block.{l}.layer.1.DenseReluDense.wo.weight d h Down
            decoder.block.{l}.layer.2.DenseReluDense.wi_0.weight h d Gate
            decoder.block.{l}.layer.2.DenseReluDense.wi_1.weight h d Up
            decoder.block.{l}.layer.2.DenseReluDense.wo.weight d h Down
            lm_head.weight V d Unembedding
            """),
        new("Whisper", "whisper", At("model.encoder", WhisperStack) + At("model.decoder", WhisperStack) + """
            model.encoder.conv1.weight d 20 3 none
            model.encoder.conv1.bias d none
            model.encoder.conv2.weight d d 3 none
            model.encoder.conv2.bias d none
            model.encoder.embed_positions.weight P d none
            model.encoder.layer_norm.weight d OtherNorm
            model.encoder.layer_norm.bias d OtherNormBias
            model.decoder.embed_tokens.weight V d Embedding
            model.decoder.embed_positions.weight P d PositionEmbedding
            model.decoder.layer_norm.weight d FinalNorm
            model.decoder.layer_norm.bias d FinalNormBias
            model.decoder.layers.{l}.encoder_attn.q_proj.weight q d CrossQuery
            model.decoder.layers.{l}.encoder_attn.q_proj.bias q CrossQueryBias
            model.decoder.layers.{l}.encoder_attn.k_proj.weight q d CrossKey
            model.decoder.layers.{l}.encoder_attn.v_proj.weight q d CrossValue
            model.decoder.layers.{l}.encoder_attn.v_proj.bias q CrossValueBias
            model.decoder.layers.{l}.encoder_attn.out_proj.weight d q CrossOutput
            model.decoder.layers.{l}.encoder_attn.out_proj.bias d CrossOutputBias
            model.decoder.layers.{l}.encoder_attn_layer_norm.weight d CrossNorm
            model.decoder.layers.{l}.encoder_attn_layer_norm.bias d CrossNormBias
            """),
    ];
}
