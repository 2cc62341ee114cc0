namespace Pedigree.Evidence.Exact;

/// <summary>States what an order test rests on and what was done to check it.</summary>
internal static class ExactAssumptions
{
    /// <summary>Assumptions of one test.</summary>
    public static IReadOnlyList<Assumption> Of(
        string id, string units, IReadOnlyList<PreparedGroup> groups, bool[] counts, OrderCheckSummary reference, OrderCheckSummary suspect)
    {
        var copies = groups.Sum(group => group.Copies);
        var empty = groups.Sum(group => group.Empty);
        var dependent = counts.Count(counted => !counted);
        var sketches = groups.Count(group => group.ReferenceSketch is not null);
        return
        [
            new Assumption(
                $"{id}/random-order", Status(reference, suspect),
                $"The order of {units} carries no structure of its own in at least one of the two models.",
                reference.Groups == 0
                    ? "Too few units in a group for a check."
                    : $"Trend, neighbourhood, drift and fixed distances over {reference.Groups} groups: log10 p {Figure(reference)} in the reference, {Figure(suspect)} in the suspect; fails where both are below {OrderCheckSummary.Log10Limit}."),
            new Assumption(
                $"{id}/distinct-units", AssumptionStatus.Held,
                "Each unit counts once: no zero rows, no copies.",
                empty + copies == 0 ? "None were found." : $"{empty} seats with a zero or non-finite row and {copies} copies were left out."),
            new Assumption(
                $"{id}/independent-groups", sketches > 1 ? AssumptionStatus.Held : AssumptionStatus.NotChecked,
                "The groups of the reference were ordered independently of each other.",
                sketches <= 1 ? "One group, or too few units in a group for a check."
                    : dependent == 0 ? $"No two of {sketches} groups share an order."
                    : $"{dependent} of {groups.Count} groups repeat the order of another and were not counted."),
        ];
    }

    /// <summary>Assumptions of the exact tier as a whole, which no file can prove.</summary>
    public static readonly IReadOnlyList<Assumption> Common =
    [
        new Assumption(
            "reference-from-random-start", AssumptionStatus.NotChecked,
            "The reference, or the model that it was itself made from, was trained from a random start by a procedure that treats units alike.",
            "It cannot be seen in the weights; training logs or the seed of the reference would show it."),
        new Assumption(
            "reference-not-fitted-to-suspect", AssumptionStatus.NotChecked,
            "Neither model was reordered or rotated to match the other after the fact.",
            "A dated digest of the reference, published before the suspect, would show it; the companion check catches reordering without shared content, not a rotation of the residual basis."),
        new Assumption(
            "seats-chosen-blind", AssumptionStatus.Held,
            "Seats were chosen without looking at content.",
            "They follow from the printed seed; another seed redraws them."),
    ];

    private static AssumptionStatus Status(OrderCheckSummary reference, OrderCheckSummary suspect) =>
        reference.Groups == 0 ? AssumptionStatus.NotChecked
        : reference.Held || suspect.Held ? AssumptionStatus.Held
        : AssumptionStatus.Failed;

    private static string Figure(OrderCheckSummary summary) => summary.Log10P.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);
}
