using Pedigree.Anatomy;

namespace Pedigree.Evidence.Descriptive;

/// <summary>A family of curves over depth whose correlations are averaged to one score.</summary>
/// <param name="Test">Identifier of the evidence item.</param>
/// <param name="StatisticName">What the score is.</param>
/// <param name="Parts">Parts with a curve, in the order of the report; for biases the parts whose biases they are.</param>
/// <param name="Groups">Quantiles of the score among real pairs.</param>
/// <param name="Absent">Why there is no score where no curve could be made.</param>
internal sealed record CurveScoreKind(string Test, string StatisticName, IReadOnlyList<Part> Parts, IReadOnlyList<SigmaNullGroup> Groups, string Absent)
{
    /// <summary>Query, key, value and output matrices: the score that people quote.</summary>
    public static CurveScoreKind Attention { get; } = new(
        DepthCurveScore.Test, "HonestAGI score: mean correlation of depth curves (Q, K, V, O)",
        [Part.Query, Part.Key, Part.Value, Part.AttentionOutput], SigmaNullBank.Groups,
        "Not computed: fewer than three layers with comparable attention matrices, or flat curves.");

    /// <summary>Matrices of the MLP, dense or averaged over experts.</summary>
    public static CurveScoreKind Mlp { get; } = new(
        MlpCurveScore.Test, "mean correlation of depth curves (gate, up, down)",
        [Part.Gate, Part.Up, Part.Down], CurveNullBank.Mlp,
        "Not computed: fewer than three layers with comparable MLP matrices, or flat curves.");

    /// <summary>Deviations of norm gains.</summary>
    public static CurveScoreKind Gains { get; } = new(
        VectorCurveScore.GainTest, "mean correlation of depth curves (norm gains)",
        [Part.AttentionNorm, Part.MlpNorm, Part.AttentionOutputNorm, Part.MlpOutputNorm], CurveNullBank.Gains,
        "Not computed: fewer than three layers with norm gains of one kind in both models, or flat curves.");

    /// <summary>Deviations of biases.</summary>
    public static CurveScoreKind Biases { get; } = new(
        VectorCurveScore.BiasTest, "mean correlation of depth curves (Q, K, V biases)",
        [Part.Query, Part.Key, Part.Value], CurveNullBank.Biases,
        "Not computed: fewer than three layers with biases of query, key or value in both models, or flat curves.");
}
