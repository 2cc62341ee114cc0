using static Pedigree.Anatomy.Families.TensorPattern;

namespace Pedigree.Anatomy.Families;

/// <summary>Zamba and Zamba 2: layers of Mamba, and one or two blocks of attention and MLP that many layers share. Their attention reads the stream and the embedding side by side, so only the neurons
/// have a role.</summary>
internal static class Zamba
{
    public static ModelFamily Family { get; } = new(
        "zamba",
        [
            .. CommonBlocks.StateSpace("mamba"),
            .. CommonBlocks.StateSpace("mamba_decoder.mamba"),
            Gain("input_layernorm", Part.AttentionNorm),
            Gain("mamba_decoder.input_layernorm", Part.AttentionNorm),
            WithoutRole("linear"),
            .. Shared("shared_transf"),
            .. Shared("shared_transformer"),
        ],
        [
            Reads("embed_tokens", Part.Embedding),
            Reads("lm_head", Part.Unembedding),
            Gain("final_layernorm", Part.FinalNorm),
        ]);

    private static IEnumerable<TensorPattern> Shared(string module) =>
    [
        .. CommonBlocks.GatedMlp($"{module}.feed_forward"),
        FusedGateUp($"{module}.feed_forward.gate_up_proj"),
        WithoutRole($"{module}.feed_forward.gate_up_proj_adapter_list.{{expert}}.{{expert}}"),
        WithoutRole($"{module}.self_attn.q_proj"),
        WithoutRole($"{module}.self_attn.k_proj"),
        WithoutRole($"{module}.self_attn.v_proj"),
        WithoutRole($"{module}.self_attn.o_proj"),
        WithoutRole($"{module}.self_attn.linear_q_adapter_list.{{expert}}.{{expert}}"),
        WithoutRole($"{module}.self_attn.linear_k_adapter_list.{{expert}}.{{expert}}"),
        WithoutRole($"{module}.self_attn.linear_v_adapter_list.{{expert}}.{{expert}}"),
        WithoutRole($"{module}.input_layernorm"),
        Gain($"{module}.pre_ff_layernorm", Part.MlpNorm),
    ];
}
