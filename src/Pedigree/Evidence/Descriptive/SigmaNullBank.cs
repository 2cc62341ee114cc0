namespace Pedigree.Evidence.Descriptive;

/// <summary>What the depth-curve score is worth: its quantiles among real models whose relation is known. Source: layer statistics of 877 models
/// captured by PaddlePaddle/GraphNet (MIT, commit 1dcbd6690d80), 2,134 attention stacks; the scores and quantiles are our own computation.
/// No group has 48 layers, a width of 5,120 or billions of parameters, and pairs of one group share models: shares, not p-values.</summary>
public static class SigmaNullBank
{
    private const double None = double.NaN;

    /// <summary>Source of the figures, as a phrase for the report.</summary>
    public const string Source = "GraphNet captures (MIT), our own computation";

    /// <summary>Fewest layers that the bank has figures for.</summary>
    public const int Shallowest = 6;

    /// <summary>Most layers that the bank has more than a few pairs of.</summary>
    public const int Deepest = 24;

    /// <summary>Shares of a group that its quantiles stand at; the last is the largest score.</summary>
    public static IReadOnlyList<double> Probabilities { get; } = [0.01, 0.05, 0.25, 0.50, 0.75, 0.90, 0.95, 0.975, 0.99, 0.995, 0.999, 1];

    /// <summary>All groups.</summary>
    public static IReadOnlyList<SigmaNullGroup> Groups { get; } =
    [
        new("Transformer-big translation models, encoder", SigmaNullKind.SameRecipe, 6, false, 3570,
            [0.1692, 0.4792, 0.7182, 0.8426, 0.9154, 0.9524, 0.9647, 0.9727, 0.9794, 0.9836, 0.9879, 0.9928]),
        new("Transformer-base translation models, encoder", SigmaNullKind.SameRecipe, 6, false, 135460,
            [-0.4281, -0.2000, 0.1131, 0.3794, 0.6326, 0.8042, 0.8686, 0.9053, 0.9352, 0.9496, 0.9710, 0.9959]),
        new("Transformer-big translation models, encoder and decoder", SigmaNullKind.SameRecipe, 12, false, 3570,
            [0.3540, 0.4814, 0.6891, 0.8092, 0.8816, 0.9226, 0.9395, 0.9503, 0.9607, 0.9675, 0.9778, 0.9886]),
        new("Transformer-base translation models, encoder and decoder", SigmaNullKind.SameRecipe, 12, false, 135460,
            [-0.2598, -0.1013, 0.1543, 0.3956, 0.6481, 0.8030, 0.8608, 0.8924, 0.9192, 0.9324, 0.9533, 0.9892]),
        new("T5 models, 12 layers of width 768", SigmaNullKind.SameRecipe, 12, false, 45,
            [None, 0.2102, 0.4257, 0.5818, 0.7560, 0.8154, 0.8549, 0.8745, None, None, None, 0.8909]),
        new("T5 models, 24 layers of width 1,024", SigmaNullKind.SameRecipe, 24, false, 78,
            [None, 0.2066, 0.3304, 0.5052, 0.6225, 0.7015, 0.7371, 0.7591, None, None, None, 0.8726]),
        new("T5, BERT, RoBERTa, ViT and others of one recipe, any depth", SigmaNullKind.SameRecipe, 0, false, 265,
            [0.0605, 0.2078, 0.3737, 0.5544, 0.7038, 0.7820, 0.8259, 0.8842, 0.9447, 0.9802, None, 0.9875]),
        new("models of one recipe and different depth", SigmaNullKind.SameRecipe, 0, true, 1102,
            [-0.0836, 0.0340, 0.3125, 0.5223, 0.6738, 0.7693, 0.8258, 0.8640, 0.8963, 0.9075, 0.9341, 0.9565]),
        new("models of different recipes, 6 layers", SigmaNullKind.OtherRecipe, 6, false, 764,
            [-0.7371, -0.5157, -0.1226, 0.1822, 0.4264, 0.6395, 0.7149, 0.7670, 0.8291, 0.8454, None, 0.9355]),
        new("models of different recipes, 12 layers", SigmaNullKind.OtherRecipe, 12, false, 3367,
            [-0.4668, -0.2666, 0.0453, 0.2334, 0.4601, 0.6520, 0.7670, 0.8126, 0.8768, 0.9277, 0.9501, 0.9521]),
        new("models of different recipes, 24 layers", SigmaNullKind.OtherRecipe, 24, false, 1399,
            [-0.4062, -0.1943, 0.0410, 0.1767, 0.3823, 0.5695, 0.6313, 0.6930, 0.7773, 0.7972, 0.8360, 0.8451]),
        new("models of different recipes and depth", SigmaNullKind.OtherRecipe, 0, true, 22148,
            [-0.6289, -0.4158, -0.0294, 0.1661, 0.3962, 0.5843, 0.6705, 0.7497, 0.8323, 0.8596, 0.9256, 0.9520]),
        new("related models of equal depth", SigmaNullKind.Related, 0, false, 96,
            [None, 0.8399, 0.9589, 0.9935, 0.9975, 1.0000, 1.0000, 1.0000, None, None, None, 1.0000]),
        new("related models, layers dropped", SigmaNullKind.Related, 0, true, 27,
            [None, 0.4991, 0.6395, 0.7148, 0.7532, 0.7803, 0.8317, None, None, None, None, 0.8853]),
    ];

    /// <summary>Groups to read a score against, one list a kind of relation. Where the depths differ these are the stretched groups. Otherwise, for each
    /// kind, the groups whose depth is nearest on a logarithmic scale to the number of layers (a group of mixed depth only where no other exists).</summary>
    /// <param name="kind">The relation.</param>
    /// <param name="referenceDepth">Layers of the reference's curves.</param>
    /// <param name="suspectDepth">Layers of the suspect's curves.</param>
    public static IReadOnlyList<SigmaNullGroup> Nearest(SigmaNullKind kind, int referenceDepth, int suspectDepth) => Nearest(Groups, kind, referenceDepth, suspectDepth);

    /// <summary>The same choice among groups of another score.</summary>
    internal static IReadOnlyList<SigmaNullGroup> Nearest(IReadOnlyList<SigmaNullGroup> all, SigmaNullKind kind, int referenceDepth, int suspectDepth)
    {
        var stretched = referenceDepth != suspectDepth;
        var depth = Math.Min(referenceDepth, suspectDepth);
        var groups = all.Where(group => group.Kind == kind && group.Stretched == stretched).ToArray();
        var depths = groups.Select(group => group.Depth).Where(known => known > 0).Distinct().ToArray();
        if (depths.Length == 0)
        {
            return groups;
        }

        var nearest = depths.MinBy(known => Math.Abs(Math.Log((double)known / depth)));
        return [.. groups.Where(group => group.Depth == nearest)];
    }

    /// <summary>The groups that a score is read against, with their quantiles, in the form of the report: unrelated pairs first.</summary>
    /// <param name="all">All groups of the score.</param>
    /// <param name="score">The score observed.</param>
    /// <param name="referenceDepth">Layers of the reference's curves.</param>
    /// <param name="suspectDepth">Layers of the suspect's curves.</param>
    internal static IReadOnlyList<NullGroup> GroupsFor(IReadOnlyList<SigmaNullGroup> all, double score, int referenceDepth, int suspectDepth)
    {
        return
        [
            .. Relation(SigmaNullKind.SameRecipe, "unrelated-same-recipe"),
            .. Relation(SigmaNullKind.OtherRecipe, "unrelated-other-recipe"),
            .. Relation(SigmaNullKind.Related, "related"),
        ];

        IEnumerable<NullGroup> Relation(SigmaNullKind kind, string word) => Nearest(all, kind, referenceDepth, suspectDepth).Select(group => new NullGroup(
            group.Name, word, group.Pairs, group.ShareBelow(score),
            [.. group.Quantiles.Select((value, index) => new NullPoint(Probabilities[index], value)).Where(point => !double.IsNaN(point.Value))]));
    }
}
