using System.Text.Json;
using System.Text.Json.Nodes;
using Pedigree.Checkpoints;
using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Storage;

/// <summary>config.json as Hugging Face writes it for the families that the zoo knows.</summary>
internal static class ModelConfig
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>The text of config.json.</summary>
    public static string Write(DecoderShape shape, TensorStyle style, ElementType type)
    {
        var (architecture, model) = style switch
        {
            TensorStyle.Gpt2 => ("GPT2LMHeadModel", "gpt2"),
            TensorStyle.Phi3 => ("Phi3ForCausalLM", "phi3"),
            TensorStyle.Mixtral => ("MixtralForCausalLM", "mixtral"),
            TensorStyle.QwenMoe => shape.QueryKeyNorm ? ("Qwen3MoeForCausalLM", "qwen3_moe") : ("Qwen2MoeForCausalLM", "qwen2_moe"),
            _ when shape.QueryKeyNorm => ("Qwen3ForCausalLM", "qwen3"),
            _ when shape.QueryKeyValueBias && !shape.OutputBias => ("Qwen2ForCausalLM", "qwen2"),
            _ => ("LlamaForCausalLM", "llama"),
        };
        var config = style == TensorStyle.Gpt2
            ? new JsonObject
            {
                ["vocab_size"] = shape.Vocabulary,
                ["n_embd"] = shape.Width,
                ["n_layer"] = shape.Layers,
                ["n_head"] = shape.QueryHeads,
                ["num_key_value_heads"] = shape.KeyValueHeads,
                ["head_dim"] = shape.HeadWidth,
                ["n_inner"] = shape.Neurons,
                ["n_positions"] = shape.Context,
                ["layer_norm_epsilon"] = shape.NormEpsilon,
                ["activation_function"] = "gelu_new",
            }
            : new JsonObject
            {
                ["vocab_size"] = shape.Vocabulary,
                ["hidden_size"] = shape.Width,
                ["num_hidden_layers"] = shape.Layers,
                ["num_attention_heads"] = shape.QueryHeads,
                ["num_key_value_heads"] = shape.KeyValueHeads,
                ["head_dim"] = shape.HeadWidth,
                ["intermediate_size"] = shape.Neurons,
                ["max_position_embeddings"] = shape.Context,
                ["rms_norm_eps"] = shape.NormEpsilon,
                ["rope_theta"] = shape.RotaryBase,
                ["hidden_act"] = shape.Activation == Activation.Relu ? "relu" : "silu",
                ["attention_bias"] = shape.QueryKeyValueBias,
            };
        config.Insert(0, "architectures", new JsonArray(architecture));
        config.Insert(1, "model_type", model);
        config["tie_word_embeddings"] = shape.Tied;
        config["torch_dtype"] = type switch
        {
            ElementType.BF16 => "bfloat16",
            ElementType.F16 => "float16",
            ElementType.F32 => "float32",
            _ => type.ToString().ToLowerInvariant(),
        };
        if (shape.Experts > 0)
        {
            config[style == TensorStyle.Mixtral ? "num_local_experts" : "num_experts"] = shape.Experts;
            config["num_experts_per_tok"] = shape.ActiveExperts;
            if (style == TensorStyle.QwenMoe)
            {
                config["moe_intermediate_size"] = shape.Neurons;
                config["norm_topk_prob"] = true;
            }
        }

        return config.ToJsonString(s_indented);
    }

    /// <summary>The shape and naming that a config.json of the zoo describes. Which biases and head norms there are, is seen from the tensors.</summary>
    /// <exception cref="FormatException">A key is missing or no number, or the family is unknown.</exception>
    public static (DecoderShape Shape, TensorStyle Style) Read(ReadOnlySpan<byte> json, IReadOnlyCollection<string> tensorNames)
    {
        var config = JsonNode.Parse(json) as JsonObject ?? throw new FormatException("config.json is no object");
        var style = (string?)config["model_type"] switch
        {
            "gpt2" => TensorStyle.Gpt2,
            "phi3" => TensorStyle.Phi3,
            "mixtral" => TensorStyle.Mixtral,
            "qwen2_moe" or "qwen3_moe" => TensorStyle.QwenMoe,
            "llama" or "qwen2" or "qwen3" => TensorStyle.Llama,
            var other => throw new FormatException($"the zoo has no models of type {other}"),
        };
        var isGpt2 = style == TensorStyle.Gpt2;
        var heads = Number("num_attention_heads", "n_head");
        var width = Number("hidden_size", "n_embd");
        bool HasBias(string module) => tensorNames.Any(name => name.EndsWith($"{module}.bias", StringComparison.Ordinal));
        return (new DecoderShape
        {
            Layers = Number("num_hidden_layers", "n_layer"),
            Width = width,
            QueryHeads = heads,
            KeyValueHeads = config["num_key_value_heads"] is null ? heads : Number("num_key_value_heads"),
            HeadWidth = config["head_dim"] is null ? width / heads : Number("head_dim"),
            Neurons = config["moe_intermediate_size"] is null ? Number("intermediate_size", "n_inner") : Number("moe_intermediate_size"),
            Vocabulary = Number("vocab_size"),
            Context = config["max_position_embeddings"] is null && !isGpt2 ? 64 : Number("max_position_embeddings", "n_positions"),
            Experts = config["num_local_experts"] is null && config["num_experts"] is null ? 0 : Number("num_local_experts", "num_experts"),
            ActiveExperts = config["num_experts_per_tok"] is null ? 0 : Number("num_experts_per_tok"),
            Norm = isGpt2 ? NormKind.Layer : NormKind.RootMeanSquare,
            Activation = isGpt2 ? Activation.Gelu : (string?)config["hidden_act"] == "relu" ? Activation.Relu : Activation.Silu,
            Gated = !isGpt2,
            LearnedPositions = isGpt2,
            QueryKeyValueBias = HasBias("q_proj") || HasBias("qkv_proj") || HasBias("c_attn"),
            OutputBias = HasBias("o_proj") || HasBias("attn.c_proj"),
            MlpBias = HasBias("up_proj") || HasBias("c_fc"),
            QueryKeyNorm = tensorNames.Any(name => name.EndsWith("q_norm.weight", StringComparison.Ordinal)),
            Tied = (bool?)config["tie_word_embeddings"] ?? false,
            NormEpsilon = (double?)(config["rms_norm_eps"] ?? config["layer_norm_epsilon"]) ?? throw new FormatException("config.json has no epsilon"),
            RotaryBase = (double?)config["rope_theta"] ?? 10000,
        }, style);

        int Number(params string[] keys) => keys.Select(key => config[key]).FirstOrDefault(node => node is not null) is { } node
            ? (int)node
            : throw new FormatException($"config.json has no {keys[0]}");
    }
}
