using Pedigree.Anatomy;

namespace Pedigree.Units;

/// <summary>What the first look will read, within a budget of bytes for each model, decided from shapes alone before a value is seen.</summary>
/// <param name="Seed">Seed of all sampling.</param>
/// <param name="Full">Whether everything is read, whatever it costs.</param>
/// <param name="Budget">Bytes of each model that may be read, each counted once.</param>
internal sealed record ReadingPlan(ulong Seed, bool Full, long Budget)
{
    // Shares of the first look. Neurons carry most of the power; the sum leaves a thirtieth for anatomy, digest and single vectors.
    private const double NeuronShare = 0.42;
    private const double DownShare = 0.08;
    private const double AttentionShare = 0.10;
    private const double EmbeddingShare = 0.08;
    private const double ResidualShare = 0.07;
    private const double RouterShare = 0.05;

    // Shares for descriptive evidence, an eighth together.
    private const double ComponentShare = 0.03;
    private const double AttentionCurveShare = 0.05;
    private const double MlpCurveShare = 0.01;
    private const double FoldedRowShare = 0.024;
    private const double TokenShare = 0.014;

    // Read only where something was found.
    private const double CorrespondenceShare = 0.04;

    /// <summary>Bytes of the first look, unless the budget is smaller or more than sixteen times as large.</summary>
    public const long LeastFirstLook = 64L << 20;

    /// <summary>Fewest seats of a group worth reading: with fewer, more groups are left out instead.</summary>
    public const int FewestSeats = 32;

    // 64 MiB of a model of 7B shape already show row cosines far below any that training leaves. A search for hidden copies needs the rest.
    private long FirstLook => Math.Min(Budget, Math.Max(LeastFirstLook, Budget / 16));

    /// <summary>Bytes for the MLP's gate and up.</summary>
    public long NeuronBytes => Bytes(NeuronShare);

    /// <summary>Bytes for the MLP's down.</summary>
    public long DownBytes => Bytes(DownShare);

    /// <summary>Bytes for attention.</summary>
    public long AttentionBytes => Bytes(AttentionShare);

    /// <summary>Bytes for embedding rows.</summary>
    public long EmbeddingBytes => Bytes(EmbeddingShare);

    /// <summary>Bytes for rows that describe residual dimensions.</summary>
    public long ResidualBytes => Bytes(ResidualShare);

    /// <summary>Bytes for routers.</summary>
    public long RouterBytes => Bytes(RouterShare);

    /// <summary>Bytes for the comparison place by place.</summary>
    public long ComponentBytes => Bytes(ComponentShare);

    /// <summary>Bytes for depth curves of attention.</summary>
    public long AttentionCurveBytes => Bytes(AttentionCurveShare);

    /// <summary>Bytes for depth curves of the MLP.</summary>
    public long MlpCurveBytes => Bytes(MlpCurveShare);

    /// <summary>Bytes for spectra and kernels of projections.</summary>
    public long FoldedRowBytes => Bytes(FoldedRowShare);

    /// <summary>Bytes for the kernel of embeddings.</summary>
    public long TokenBytes => Bytes(TokenShare);

    /// <summary>Bytes for rows that say which matrices were inherited.</summary>
    public long CorrespondenceBytes => Bytes(CorrespondenceShare);

    /// <summary>How many of <paramref name="available"/> items of a size fit a number of bytes; at least 1.</summary>
    public static int Fit(long bytes, long itemBytes, int available) =>
        (int)Math.Clamp(bytes / Math.Max(1, itemBytes), 1, available);

    /// <summary>Bytes that one row of a view takes in its file.</summary>
    public static long RowBytes(TensorView view) => (long)((double)view.Columns * view.Tensor.StoredLength / Math.Max(1, view.Tensor.Count));

    private long Bytes(double share) => Full ? long.MaxValue / 4 : (long)(FirstLook * share);
}
