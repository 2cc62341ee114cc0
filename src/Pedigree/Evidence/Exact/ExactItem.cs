namespace Pedigree.Evidence.Exact;

/// <summary>Puts an order test into the form of the report.</summary>
internal static class ExactItem
{
    /// <summary>The item of one run; without figures when the test did not run.</summary>
    public static EvidenceItem Of(OrderTestRun run)
    {
        if (run.Test is not { } test)
        {
            return new EvidenceItem
            {
                Test = run.Id,
                Tier = Tier.Exact,
                StatisticName = $"{run.Units} in the same seat",
                Null = "not run",
                BytesRead = run.BytesRead,
                Note = run.Note,
            };
        }

        var groups = test.Groups;
        var all = groups.GroupBy(group => (group.Group.ReferenceLayer, group.Group.Expert)).Any(own => own.Sum(group => group.Group.Seats.Length) < own.First().Group.TotalSeats) ? "sampled " : "";
        return new EvidenceItem
        {
            Test = run.Id,
            Tier = Tier.Exact,
            Statistic = test.Hits,
            StatisticName = $"hits among {test.Compared.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)} {all}{run.Units}",
            Null = $"a random order gives at most {groups.Count} on average, one for each of {groups.Count} {(groups.Count == 1 ? "group" : "groups")}",
            NullExpectation = groups.Count,
            Log10P = test.Log10P,
            PerLayer = [.. groups.GroupBy(group => (group.Group.SuspectLayer, group.Group.ReferenceLayer)).OrderBy(layer => layer.Key).Select(layer => new LayerEvidence(
                layer.Key.SuspectLayer, layer.Key.ReferenceLayer, layer.Sum(group => group.Valid.Length), layer.Sum(group => group.Hits),
                layer.Sum(group => group.Hits) == 0 ? null : layer.Sum(group => group.HitSimilarity.Sum()) / layer.Sum(group => group.Hits)))],
            Views = [.. groups[0].Group.Views.Select((view, v) => new ViewEvidence(
                view.Name, groups.Where(group => v < group.ViewHits.Length).Sum(group => group.ViewHits[v]), test.Compared))],
            Companion = test.Companion,
            BytesRead = run.BytesRead,
            Note = run.Note,
        };
    }
}
