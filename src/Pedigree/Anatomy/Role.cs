namespace Pedigree.Anatomy;

/// <summary>What a tensor is for. Orientation of the matching <see cref="TensorView"/> is given as rows × columns;
/// d is the width of the residual stream, h the number of MLP neurons, V the vocabulary, E the experts.</summary>
public enum Part
{
    /// <summary>Token embedding, V × d.</summary>
    Embedding,
    /// <summary>Learned position embedding, context × d.</summary>
    PositionEmbedding,
    /// <summary>Unembedding (language-model head), V × d.</summary>
    Unembedding,
    /// <summary>Query projection, (query heads · head dimension) × d.</summary>
    Query,
    /// <summary>Key projection, (KV groups · head dimension) × d.</summary>
    Key,
    /// <summary>Value projection, (KV groups · head dimension) × d.</summary>
    Value,
    /// <summary>Attention output projection, d × (query heads · head dimension).</summary>
    AttentionOutput,
    /// <summary>MLP gate projection of a gated MLP, h × d.</summary>
    Gate,
    /// <summary>MLP up projection (the only input projection of an MLP without a gate), h × d.</summary>
    Up,
    /// <summary>MLP down projection, d × h.</summary>
    Down,
    /// <summary>Router of a mixture of experts, E × d.</summary>
    Router,
    /// <summary>Gate of a shared expert, 1 × d.</summary>
    SharedExpertGate,
    /// <summary>Norm gain before attention, 1 × d.</summary>
    AttentionNorm,
    /// <summary>Norm gain before the MLP, 1 × d.</summary>
    MlpNorm,
    /// <summary>Norm gain before the unembedding, 1 × d.</summary>
    FinalNorm,
    /// <summary>Norm gain of queries (QK-norm), 1 × head dimension or 1 × query rows.</summary>
    QueryNorm,
    /// <summary>Norm gain of keys (QK-norm), 1 × head dimension or 1 × key rows.</summary>
    KeyNorm,
    /// <summary>Norm gain of another kind, 1 × d.</summary>
    OtherNorm,
    /// <summary>Bias of the part that <see cref="Role.BiasOf"/> names, 1 × rows.</summary>
    Bias,
    /// <summary>Query, key and value projection in one matrix whose order could not be established, rows × d.</summary>
    QueryKeyValue,
    /// <summary>Down-projection of queries to a compressed vector of length r (latent attention, MLA), r × d.</summary>
    LatentQuery,
    /// <summary>Norm gain of the compressed query, 1 × r.</summary>
    LatentQueryNorm,
    /// <summary>Up-projection of the compressed query, (heads · query rows) × r.</summary>
    QueryFromLatent,
    /// <summary>Down-projection of keys and values to a compressed vector of length c (latent attention, MLA), c × d.</summary>
    LatentKeyValue,
    /// <summary>Norm gain of the compressed key and value, 1 × c.</summary>
    LatentKeyValueNorm,
    /// <summary>Key rows with rotary embedding that all heads share (latent attention, MLA), rotary dimensions × d.</summary>
    RotaryKey,
    /// <summary>Up-projection of the compressed vector to keys, (heads · key rows) × c.</summary>
    KeyFromLatent,
    /// <summary>Up-projection of the compressed vector to values, (heads · value rows) × c.</summary>
    ValueFromLatent,
    /// <summary>Query projection of a decoder's attention to the encoder, rows × d.</summary>
    CrossQuery,
    /// <summary>Key projection of a decoder's attention to the encoder, rows × d.</summary>
    CrossKey,
    /// <summary>Value projection of a decoder's attention to the encoder, rows × d.</summary>
    CrossValue,
    /// <summary>Output projection of a decoder's attention to the encoder, d × rows.</summary>
    CrossOutput,
    /// <summary>Norm gain before a decoder's attention to the encoder, 1 × d.</summary>
    CrossNorm,
    /// <summary>Norm gain after attention, before its output is added to the stream (or after it was, in post-norm models), 1 × d.</summary>
    AttentionOutputNorm,
    /// <summary>Norm gain after the MLP, before its output is added to the stream (or after it was, in post-norm models), 1 × d.</summary>
    MlpOutputNorm,
    /// <summary>Norm gain of the embedding, 1 × d.</summary>
    EmbeddingNorm,
    /// <summary>Embedding of the segment that a token belongs to, segments × d.</summary>
    SegmentEmbedding,
}

/// <summary>The place of a tensor in a model: part, layer, expert. A value is comparable, so it serves as a key.</summary>
/// <param name="Part">What the tensor is for.</param>
/// <param name="Layer">Layer counted from 0; -1 outside the layers.</param>
/// <param name="Expert">Routed expert counted from 0; <see cref="Dense"/> or <see cref="Shared"/> otherwise.</param>
/// <param name="BiasOf">For <see cref="Part.Bias"/>, the part whose bias this is.</param>
public readonly record struct Role(Part Part, int Layer = -1, int Expert = Role.Dense, Part? BiasOf = null) : IComparable<Role>
{
    /// <summary>Marks a tensor that belongs to no expert.</summary>
    public const int Dense = -1;

    /// <summary>Marks the shared expert (or the shared experts, stored as one MLP).</summary>
    public const int Shared = -2;

    /// <summary>Orders by layer, then part, then expert, then bias: the canonical order of a model.</summary>
    public int CompareTo(Role other) =>
        (Layer, Part, Expert, BiasOf ?? 0).CompareTo((other.Layer, other.Part, other.Expert, other.BiasOf ?? 0));

    /// <summary>A short name for messages, such as <c>layer 7 expert 3 Gate</c>.</summary>
    public override string ToString()
    {
        var part = BiasOf is { } of ? $"{of} bias" : Part.ToString();
        var expert = Expert switch { Dense => "", Shared => " shared expert", _ => $" expert {Expert}" };
        return Layer < 0 ? part : $"layer {Layer}{expert} {part}";
    }

    /// <summary>Compares by canonical order.</summary>
    public static bool operator <(Role left, Role right) => left.CompareTo(right) < 0;

    /// <summary>Compares by canonical order.</summary>
    public static bool operator >(Role left, Role right) => left.CompareTo(right) > 0;

    /// <summary>Compares by canonical order.</summary>
    public static bool operator <=(Role left, Role right) => left.CompareTo(right) <= 0;

    /// <summary>Compares by canonical order.</summary>
    public static bool operator >=(Role left, Role right) => left.CompareTo(right) >= 0;
}
