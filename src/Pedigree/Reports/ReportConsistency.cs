using Pedigree.Lineage;

namespace Pedigree.Reports;

/// <summary>What must agree inside a report for it to be drawn: the words that it may use, and lists of equal length.</summary>
internal static class ReportConsistency
{
    // Far more than any model has, and few enough to be counted through.
    private const int MostLayers = 1_000_000;

    public static void Check(ComparisonReport report)
    {
        Require(report.References.Count > 0, "it names no reference");
        Require(report.Results.Count == report.References.Count, "it has not one result for each reference");
        Require(report.Run.ReferenceAddresses.Count == report.References.Count, "it has not one address for each reference");
        Require(report.Run.ReferenceBytesRead.Count == report.References.Count, "it has not one count of bytes for each reference");
        Require(report.Options.PublishedFirst is null or "suspect" or "reference", $"`{report.Options.PublishedFirst}` cannot have been published first");
        foreach (var model in report.References.Prepend(report.Suspect))
        {
            Require(model.Layers is >= 0 and <= MostLayers, "a model has a number of layers that none has");
            Require(model.Digest.Kind is "full" or "sampled", $"`{model.Digest.Kind}` is no kind of digest");
        }

        foreach (var result in report.Results)
        {
            Check(result);
        }
    }

    private static void Check(ComparisonResult result)
    {
        Require(Relations.IsKnown(result.Verdict.Relation), $"`{result.Verdict.Relation}` is no relation");
        Require(Directions.IsKnown(result.Verdict.Direction), $"`{result.Verdict.Direction}` is no direction");
        Require(result.Verdict.Log10P is null or <= 0, "a logarithm of a probability is above 0");
        Require(result.Kinds.All(kind => kind.Interval is null || kind.Interval.Count == 2), "an interval has not two ends");
        Require(
            result.LayerMap.SelectMany(link => link.ReferenceLayers.Concat(link.Experts.Select(expert => expert.ReferenceLayer)).Append(link.SuspectLayer)).All(IsLayer), "a layer has a number that none has");
        Require(result.Curves.SelectMany(curve => curve.NullBand).All(point => double.IsFinite(point.Low + point.LowerQuartile + point.UpperQuartile + point.High)), "a band is no number");
        foreach (var item in result.Evidence)
        {
            Require(item.Log10P is null or <= 0, "a logarithm of a probability is above 0");
            Require(item.NullGroups.All(group => group.ShareBelow is >= 0 and <= 1 && group.Points.All(point => point.Share is >= 0 and <= 1 && double.IsFinite(point.Value))), "a quantile is no number");
            Require(item.Companion is null || double.IsFinite(item.Companion.MeanCosine + item.Companion.Ceiling + item.Companion.Margin), "a similarity is no number");
            Require(item.PerLayer.All(layer => IsLayer(layer.SuspectLayer) && IsLayer(layer.ReferenceLayer)), "a layer has a number that none has");
            Require(item.PerLayer.All(layer => layer.Units >= 0 && layer.Hits >= 0 && layer.Hits <= layer.Units), "a layer has more hits than units");
        }
    }

    private static bool IsLayer(int number) => number is >= -1 and < MostLayers;

    private static void Require(bool holds, string fault)
    {
        if (!holds)
        {
            throw new ReportException($"The report contradicts itself: {fault}.", "It may have been edited after it was written.");
        }
    }
}
