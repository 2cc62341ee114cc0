namespace Pedigree.Evidence;

/// <summary>How much an observation can carry. Tiers are never mixed into one number.</summary>
public enum Tier
{
    /// <summary>A p-value that holds whatever the suspect's maker did without looking at the reference.</summary>
    Exact,
    /// <summary>An error rate that comes from controls.</summary>
    Calibrated,
    /// <summary>A description, printed beside its null; carries no verdict.</summary>
    Descriptive,
}

/// <summary>Whether an assumption was checked, and how the check came out.</summary>
public enum AssumptionStatus
{
    /// <summary>Checked, and nothing speaks against it.</summary>
    Held,
    /// <summary>Checked, and it does not hold.</summary>
    Failed,
    /// <summary>It cannot be checked from the files, or was not.</summary>
    NotChecked,
}

/// <summary>An assumption that evidence rests on, with the check that was made.</summary>
/// <param name="Id">Stable identifier in kebab case.</param>
/// <param name="Status">Outcome of the check.</param>
/// <param name="Text">The assumption, as one sentence.</param>
/// <param name="Check">What was measured and what came out, as one sentence; what it would take where nothing was measured.</param>
public sealed record Assumption(string Id, AssumptionStatus Status, string Text, string Check);

/// <summary>One observation about a pair of models, complete enough to be printed, drawn and verified.</summary>
public sealed record EvidenceItem
{
    /// <summary>Stable identifier of the test, such as <c>mlp-neuron-order</c>.</summary>
    public required string Test { get; init; }

    /// <summary>The tier that the observation belongs to.</summary>
    public required Tier Tier { get; init; }

    /// <summary>What was observed, in the unit that <see cref="StatisticName"/> says; null when it could not be computed.</summary>
    public double? Statistic { get; init; }

    /// <summary>Name and unit of the statistic, such as <c>hits among 1,024 sampled seats</c>.</summary>
    public required string StatisticName { get; init; }

    /// <summary>What unrelated models give, as a phrase with its source: the expectation, or quantiles of a bank. Its first clause, up to a semicolon,
    /// can stand alone.</summary>
    public required string Null { get; init; }

    /// <summary>Typical value under the null, on the scale of <see cref="Statistic"/>; null when only the phrase is known.</summary>
    public double? NullExpectation { get; init; }

    /// <summary>Share of the null that lies below the statistic, 0 to 1; descriptive evidence only.</summary>
    public double? NullPercentile { get; init; }

    /// <summary>Quantiles of the statistic in groups of real pairs, for drawing; empty where the null is no bank of pairs.</summary>
    public IReadOnlyList<NullGroup> NullGroups { get; init; } = [];

    /// <summary>Decimal logarithm of the p-value of this test alone; null for descriptive evidence and where no test applied.</summary>
    public double? Log10P { get; init; }

    /// <summary>One entry a layer (or other group), in order; empty where the test has one group.</summary>
    public IReadOnlyList<LayerEvidence> PerLayer { get; init; } = [];

    /// <summary>Hits of each view matched alone, so that a forger who reordered by one view is seen; empty for descriptive evidence.</summary>
    public IReadOnlyList<ViewEvidence> Views { get; init; } = [];

    /// <summary>The companion check on the content of the hits; null where it does not apply.</summary>
    public CompanionCheck? Companion { get; init; }

    /// <summary>Bytes read for this test, both models together.</summary>
    public long BytesRead { get; init; }

    /// <summary>Further words for the reader: what was left out and why; may be empty.</summary>
    public string Note { get; init; } = "";
}

/// <summary>What a statistic comes to in a group of real pairs.</summary>
/// <param name="Name">The group, as a phrase.</param>
/// <param name="Relation"><c>unrelated-same-recipe</c>, <c>unrelated-other-recipe</c> or <c>related</c>.</param>
/// <param name="Pairs">Number of pairs.</param>
/// <param name="ShareBelow">Share of the group below the statistic observed, 0 to 1.</param>
/// <param name="Points">Known quantiles, ascending; the last is the largest value.</param>
public sealed record NullGroup(string Name, string Relation, int Pairs, double ShareBelow, IReadOnlyList<NullPoint> Points);

/// <summary>A quantile.</summary>
/// <param name="Share">Share of the group at or below it, 0 to 1.</param>
/// <param name="Value">The value, on the scale of the statistic.</param>
public sealed record NullPoint(double Share, double Value);

/// <summary>Result of one group of units.</summary>
/// <param name="SuspectLayer">Layer of the suspect, from 0; -1 for the whole model.</param>
/// <param name="ReferenceLayer">Layer of the reference, from 0; -1 for the whole model.</param>
/// <param name="Units">Units compared.</param>
/// <param name="Hits">Units matched to the same seat.</param>
/// <param name="MeanCosine">Mean row cosine of the hits; null without hits.</param>
/// <param name="Value">Value of the statistic where it is not a count of hits; null otherwise.</param>
public sealed record LayerEvidence(int SuspectLayer, int ReferenceLayer, int Units, int Hits, double? MeanCosine, double? Value = null);

/// <summary>Hits when only one view is matched.</summary>
/// <param name="View">Name of the view: gate, up, down, embedding …</param>
/// <param name="Hits">Units matched to the same seat by that view alone.</param>
/// <param name="Units">Units compared.</param>
public sealed record ViewEvidence(string View, int Hits, int Units);

/// <summary>Whether the content of hits agrees more closely than any reordering of unrelated units could make it.</summary>
/// <param name="MeanCosine">Mean row cosine over all hits.</param>
/// <param name="Ceiling">The largest mean that reordering reaches, from all seats of the group.</param>
/// <param name="Margin">What sampling could add to it at level 1e-6.</param>
/// <param name="Passed">MeanCosine &gt; Ceiling + Margin.</param>
/// <param name="Basis">How the ceiling was measured, as a phrase.</param>
public sealed record CompanionCheck(double MeanCosine, double Ceiling, double Margin, bool Passed, string Basis);

/// <summary>A named series over layers, for drawing.</summary>
/// <param name="Name">Such as <c>query-deviation</c>.</param>
/// <param name="Suspect">One value a layer of the suspect.</param>
/// <param name="Reference">One value a layer of the reference.</param>
public sealed record Curve(string Name, IReadOnlyList<double> Suspect, IReadOnlyList<double> Reference)
{
    /// <summary>Where such curves of unrelated models run, from the first layer to the last in equal steps; empty where that is not known.</summary>
    public IReadOnlyList<BandPoint> NullBand { get; init; } = [];

    /// <summary>Whose curves the band is made of, as a phrase; empty without a band.</summary>
    public string NullBandSource { get; init; } = "";
}

/// <summary>Quantiles of curves of unrelated models at one depth, in standard deviations of a curve over its layers from its mean.</summary>
/// <param name="Low">One model in twenty lies lower.</param>
/// <param name="LowerQuartile">One model in four lies lower.</param>
/// <param name="UpperQuartile">One model in four lies higher.</param>
/// <param name="High">One model in twenty lies higher.</param>
public sealed record BandPoint(double Low, double LowerQuartile, double UpperQuartile, double High);

/// <summary>One sampled pair of seats, for drawing. After alignment, of the test <c>two-view-agreement</c>, order is undone by one view of the neurons and
/// the others are looked at: a neuron of the suspect then has the seat that the first view gives it.</summary>
/// <param name="Test">The test it belongs to.</param>
/// <param name="Layer">Layer of the reference, -1 for the whole model.</param>
/// <param name="Suspect">Seat in the suspect; after alignment, the seat of the reference that the neuron's first view was matched to.</param>
/// <param name="Reference">Seat of the reference that it was matched to; after alignment, that its other views were matched to.</param>
/// <param name="Cosine">Their row cosine.</param>
public sealed record SeatPair(string Test, int Layer, int Suspect, int Reference, double Cosine);
