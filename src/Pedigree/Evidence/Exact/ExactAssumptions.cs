namespace Pedigree.Evidence.Exact;

/// <summary>States what an order test rests on and what was done to check it.</summary>
internal static class ExactAssumptions
{
    /// <summary>Assumptions of one test.</summary>
    public static IReadOnlyList<Assumption> Of(
        string id, IReadOnlyList<PreparedGroup> groups, bool[] counts, OrderCheckSummary reference, OrderCheckSummary suspect)
    {
        var copies = groups.Sum(group => group.Copies);
        var empty = groups.Sum(group => group.Empty);
        var dependent = counts.Count(counted => !counted);
        var sketches = groups.Count(group => group.ReferenceSketch is not null);
        return
        [
            new Assumption(
                $"{id}/random-order", Status(reference, suspect),
                $"The order of the units carries no structure in one model at least (trend, neighbourhood, drift, fixed distance: fails below log10 p {OrderCheckSummary.Log10Limit}).",
                reference.Groups == 0
                    ? "Too few units."
                    : $"log10 p {Figure(reference)} in the reference, {Figure(suspect)} in the suspect."),
            new Assumption(
                $"{id}/distinct-units", AssumptionStatus.Held,
                "Each unit counts once: no zero rows, no copies.",
                empty + copies == 0 ? "None were found." : $"{empty} seats with a zero or non-finite row and {copies} copies were left out."),
            new Assumption(
                $"{id}/independent-groups", sketches > 1 ? AssumptionStatus.Held : AssumptionStatus.NotChecked,
                "The groups of the reference were ordered independently.",
                sketches <= 1 ? "One group, or too few units."
                    : dependent == 0 ? $"No two of {sketches} are alike."
                    : $"{dependent} of {groups.Count} groups repeat the order of another and were not counted."),
        ];
    }

    /// <summary>Assumptions of the exact tier as a whole, which no file can prove.</summary>
    public static readonly IReadOnlyList<Assumption> Common =
    [
        new Assumption(
            "reference-from-random-start", AssumptionStatus.NotChecked,
            "The reference, or a model that it was made from, was trained from a random start by a procedure that treats units alike.",
            "Weights cannot show it; training logs or the seed would."),
        new Assumption(
            "reference-not-fitted-to-suspect", AssumptionStatus.NotChecked,
            "Neither model was reordered or rotated to match the other afterwards.",
            "A digest of either model dated before the other would show it."),
        new Assumption(
            "seats-chosen-blind", AssumptionStatus.Held,
            "Seats were chosen without looking at content.",
            "The printed seed decides; another redraws them."),
    ];

    private static AssumptionStatus Status(OrderCheckSummary reference, OrderCheckSummary suspect) =>
        reference.Groups == 0 ? AssumptionStatus.NotChecked
        : reference.Held || suspect.Held ? AssumptionStatus.Held
        : AssumptionStatus.Failed;

    // Adding zero takes the sign off a value that rounds to it.
    private static string Figure(OrderCheckSummary summary) => (Math.Round(summary.Log10P, 1) + 0.0).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);
}
