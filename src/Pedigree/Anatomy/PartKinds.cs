namespace Pedigree.Anatomy;

/// <summary>Kinds of parts that are counted together.</summary>
internal static class PartKinds
{
    /// <summary>Whether the part is a matrix of attention.</summary>
    public static bool IsAttention(this Part part) => part is
        Part.Query or Part.Key or Part.Value or Part.AttentionOutput or Part.QueryKeyValue
        or Part.LatentQuery or Part.QueryFromLatent or Part.LatentKeyValue or Part.RotaryKey or Part.KeyFromLatent or Part.ValueFromLatent
        or Part.CrossQuery or Part.CrossKey or Part.CrossValue or Part.CrossOutput;

    /// <summary>Whether the part is a table with a row for each token, position or segment.</summary>
    public static bool IsEmbedding(this Part part) => part is Part.Embedding or Part.PositionEmbedding or Part.SegmentEmbedding;

    /// <summary>Whether the part is a norm gain.</summary>
    public static bool IsGain(this Part part) => part is
        Part.AttentionNorm or Part.MlpNorm or Part.FinalNorm or Part.QueryNorm or Part.KeyNorm or Part.OtherNorm
        or Part.LatentQueryNorm or Part.LatentKeyValueNorm or Part.CrossNorm or Part.AttentionOutputNorm or Part.MlpOutputNorm or Part.EmbeddingNorm;
}
