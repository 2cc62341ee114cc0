namespace Pedigree.Alignment;

/// <summary>Everything of one model that an alignment looks at, in normal form. It may come from a checkpoint, or from another input by a known map.</summary>
/// <param name="Width">Width d of the residual stream.</param>
/// <param name="Layers">One entry a layer.</param>
/// <param name="Embedding">Embedding rows of the shared tokens, tokens × d; null when there are too few.</param>
/// <param name="Unembedding">Unembedding rows of the shared tokens with the final gain folded in; null likewise, or when tied.</param>
internal sealed record AlignmentInput(int Width, IReadOnlyList<LayerInput> Layers, float[]? Embedding, float[]? Unembedding);

/// <summary>One layer of an <see cref="AlignmentInput"/>.</summary>
/// <param name="Mlps">Its MLP; several for a layer of experts; none when it has no two views.</param>
/// <param name="Attention">Rows of query, key, value and output projections, rows × d each, by name of the part.</param>
internal sealed record LayerInput(IReadOnlyList<MlpRows> Mlps, IReadOnlyDictionary<string, float[]> Attention);
