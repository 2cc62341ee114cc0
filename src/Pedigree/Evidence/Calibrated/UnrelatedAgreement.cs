namespace Pedigree.Evidence.Calibrated;

/// <summary>What two-view agreement is worth: the agreeing share that a quarter of the layers reach in pairs of models known to be unrelated.</summary>
internal static class UnrelatedAgreement
{
    /// <summary>One entry a pair, all put through the search that suspects go through.</summary>
    public static IReadOnlyList<double> Shares { get; } = [0.05];
}
