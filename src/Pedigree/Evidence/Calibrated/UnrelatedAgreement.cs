namespace Pedigree.Evidence.Calibrated;

/// <summary>What two-view agreement is worth: the agreeing share that a quarter of the layers reach in pairs of models known to be unrelated, all put through the
/// search that suspects go through.</summary>
/// <remarks>
/// The pairs are those of <c>samples/controls</c>: six decoders of different seeds, shapes and corpora over one vocabulary, so that tokens can be joined and
/// features that a vocabulary imposes show. Of each pair the larger share of both directions, with the starts of today and with fewer: where a search begins moves single neurons.
/// They share no start with any other model of this project.
/// </remarks>
internal static class UnrelatedAgreement
{
    /// <summary>One entry a pair: its two models, and the share.</summary>
    public static IReadOnlyList<(string One, string Other, double Share)> Pairs { get; } =
    [
        ("c1", "c2", 0.0438), ("c1", "c3", 0.0313), ("c1", "c4", 0.0260), ("c1", "c5", 0.0192), ("c1", "c6", 0.0375),
        ("c2", "c3", 0.0313), ("c2", "c4", 0.0313), ("c2", "c5", 0.0250), ("c2", "c6", 0.0344), ("c3", "c4", 0.0234),
        ("c3", "c5", 0.0234), ("c3", "c6", 0.0500), ("c4", "c5", 0.0260), ("c4", "c6", 0.0250), ("c5", "c6", 0.0375),
    ];

    /// <summary>The same of query heads (<see cref="TwoViewHeads"/>), with the head layouts that their configurations state: their four heads a layer make one in four by chance.</summary>
    public static IReadOnlyList<double> Heads { get; } =
        [0.1875, 0, 0.25, 0.0625, 0.125, 0.0625, 0.0833, 0, 0.0833, 0.0833, 0.0417, 0, 0.1667, 0.1667, 0.0833];

    /// <summary>The shares alone.</summary>
    public static IReadOnlyList<double> Shares { get; } = [.. Pairs.Select(pair => pair.Share)];
}
