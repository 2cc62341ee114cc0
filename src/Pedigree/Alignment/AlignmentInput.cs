using Pedigree.Anatomy;

namespace Pedigree.Alignment;

/// <summary>Everything of one model that an alignment looks at, in normal form. It may come from a checkpoint, or from another input by a known map.</summary>
/// <param name="Width">Width d of the residual stream.</param>
/// <param name="Layers">One entry a layer.</param>
/// <param name="Embedding">Embedding rows of the shared tokens, tokens × d; null when there are too few.</param>
/// <param name="Unembedding">Unembedding rows of the shared tokens with the final gain folded in; null likewise, or when tied.</param>
internal sealed record AlignmentInput(int Width, IReadOnlyList<LayerInput> Layers, float[]? Embedding, float[]? Unembedding)
{
    /// <summary>How attention splits into heads; null when it is not known.</summary>
    public HeadLayout? Heads { get; init; }
}

/// <summary>One layer of an <see cref="AlignmentInput"/>.</summary>
/// <param name="mlps">Its MLP; several for a layer of experts; none when it has no two views.</param>
/// <param name="attention">Rows of query, key, value and output projections, rows × d each, by name of the part.</param>
/// <param name="judged">Those of the MLPs whose origin is looked for when this is the suspect; null for all.</param>
internal sealed class LayerInput(IReadOnlyList<MlpRows> mlps, IReadOnlyDictionary<string, float[]> attention, IReadOnlyList<MlpRows>? judged = null)
{
    private readonly Lazy<NeuronPool?> pool = new(() => NeuronPool.Of(mlps));

    /// <summary>Its MLP; several for a layer of experts; none when it has no two views.</summary>
    public IReadOnlyList<MlpRows> Mlps => mlps;

    /// <summary>Rows of query, key, value and output projections, rows × d each, by name of the part.</summary>
    public IReadOnlyDictionary<string, float[]> Attention => attention;

    /// <summary>Ranks of latent attention; null for attention of another kind.</summary>
    public LatentShape? Latent { get; init; }

    /// <summary>Those of the MLPs whose origin is looked for when this is the suspect: a few of many experts, read with more neurons than the others.</summary>
    public IReadOnlyList<MlpRows> Judged => judged ?? mlps;

    /// <summary>All neurons of the layer, of whatever expert: among them an origin is looked for when this is the reference. Null when there are none.</summary>
    public NeuronPool? Pool => pool.Value;
}
