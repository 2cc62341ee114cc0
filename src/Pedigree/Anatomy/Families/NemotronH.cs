using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Nemotron-H and Nemotron 3: one mixer a layer, which is Mamba-2, attention, an MLP without a gate, or experts of the same kind.</summary>
internal static class NemotronH
{
    public static ModelFamily Family { get; } = new(
        "nemotron-h",
        [
            Reads("mixer.q_proj", Part.Query),
            Reads("mixer.k_proj", Part.Key),
            Reads("mixer.v_proj", Part.Value),
            Writes("mixer.o_proj", Part.AttentionOutput),
            .. CommonBlocks.StateSpace("mixer"),
            Reads("mixer.up_proj", Part.Up),
            Writes("mixer.down_proj", Part.Down),
            Reads("mixer.experts.{expert}.up_proj", Part.Up),
            Writes("mixer.experts.{expert}.down_proj", Part.Down),
            Reads("mixer.shared_experts.up_proj", Part.Up).OfSharedExpert(),
            Writes("mixer.shared_experts.down_proj", Part.Down).OfSharedExpert(),
            Reads("mixer.gate", Part.Router),
            Reads("mixer.gate.e_score_correction", Part.Router),
            WithoutRole("mixer.fc1_latent_proj"),
            WithoutRole("mixer.fc2_latent_proj"),
            Gain("norm", Part.AttentionNorm).Becomes(Part.MlpNorm, "mixer.up_proj", "mixer.gate"),
        ],
        [
            Reads("embedding", Part.Embedding),
            Reads("embeddings", Part.Embedding),
            Reads("lm_head", Part.Unembedding),
            Gain("norm_f", Part.FinalNorm),
        ]);
}
