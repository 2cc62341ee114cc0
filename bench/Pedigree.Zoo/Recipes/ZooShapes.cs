using Pedigree.Zoo.Models;
using Pedigree.Zoo.Text;

namespace Pedigree.Zoo.Recipes;

/// <summary>The shapes of the zoo's roots.</summary>
/// <param name="Width">Residual width of the usual shape; a multiple of 32.</param>
/// <param name="Layers">Layers of the usual shape.</param>
internal sealed record ZooShapes(int Width, int Layers)
{
    /// <summary>RMSNorm, rotary positions, two query heads a group, SwiGLU.</summary>
    public DecoderShape Llama => new()
    {
        Layers = Layers,
        Width = Width,
        QueryHeads = Width / 16,
        KeyValueHeads = Width / 32,
        HeadWidth = 16,
        Neurons = Width * 5 / 2,
        Vocabulary = Lexicon.Tokens.Count,
    };

    /// <summary>The same with biases of queries, keys and values, as Qwen2.</summary>
    public DecoderShape Qwen2 => Llama with { QueryKeyValueBias = true };

    /// <summary>The same with norms of queries and keys and one key-value head for all, as Qwen3.</summary>
    public DecoderShape Qwen3 => Llama with { QueryKeyNorm = true, KeyValueHeads = 1, Layers = Math.Max(2, Layers - 1), Neurons = 3 * Width };

    /// <summary>LayerNorm, learned positions, GELU, biases everywhere, tied.</summary>
    public DecoderShape Gpt2 => Llama with
    {
        KeyValueHeads = Width / 16,
        Neurons = 4 * Width,
        Norm = NormKind.Layer,
        NormEpsilon = 1e-5,
        Activation = Activation.Gelu,
        Gated = false,
        LearnedPositions = true,
        QueryKeyValueBias = true,
        OutputBias = true,
        MlpBias = true,
        Tied = true,
    };

    /// <summary>Four experts, two used at a time.</summary>
    public DecoderShape Mixtral => Llama with { Layers = Math.Max(2, Layers - 1), Experts = 4, ActiveExperts = 2, Neurons = Width * 5 / 4 };

    /// <summary>Narrower, deeper, tied, a key-value head for each query head.</summary>
    public DecoderShape Deep => Llama with { Width = Width * 3 / 4, Layers = Layers * 2, QueryHeads = 4, KeyValueHeads = 4, HeadWidth = Width * 3 / 16, Neurons = 2 * Width, Tied = true };
}
