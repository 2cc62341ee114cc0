using System.Globalization;
using Pedigree.Evidence;
using Pedigree.Evidence.Calibrated;
using Pedigree.Numerics;

namespace Pedigree.Lineage;

/// <summary>What <see cref="AlignmentFindings"/> put into a report.</summary>
internal static class AlignmentItems
{
    /// <summary>The calibrated test as an item of the report; without figures when alignment did not run.</summary>
    public static EvidenceItem Evidence(AlignmentFindings findings)
    {
        if (findings.Agreement is not { } agreement)
        {
            return new EvidenceItem
            {
                Test = TwoViewAgreement.Id,
                Tier = Tier.Calibrated,
                StatisticName = "agreeing share of neurons after alignment",
                Null = "not run",
                BytesRead = findings.BytesRead,
                Note = $"not run: {findings.Note}",
            };
        }

        var held = agreement.Held;
        var wrong = agreement.WrongLayer is { } share ? $"; layers of these two models that do not correspond reach {Percent(share)}" : "";
        return new EvidenceItem
        {
            Test = TwoViewAgreement.Id,
            Tier = Tier.Calibrated,
            Statistic = agreement.QuarterShare,
            StatisticName = "share of neurons on which two views agree, reached in a quarter of the layers",
            Null = $"{agreement.Controls} pairs of unrelated models reach at most {Percent(agreement.Unrelated)}{wrong}; a layer counts from {Percent(agreement.Threshold)}",
            NullExpectation = agreement.Unrelated,
            Log10P = agreement.Log10Conformal,
            PerLayer = [.. Enumerable.Range(0, held.Suspect.Count).Select(row => (row, best: held.Best(row))).Select(cell => new LayerEvidence(
                held.Suspect[cell.row], cell.best, held.Possible[cell.row][cell.best], held.Agreeing[cell.row][cell.best],
                findings.Neurons.FirstOrDefault(map => map.SuspectLayer == cell.row) is { Pairs.Count: > 0 } map ? map.Pairs.Average(pair => pair.Cosine) : null,
                held.Share(cell.row, cell.best)))],
            BytesRead = findings.BytesRead,
            Note = $"Residual basis from {string.Join(" and ", findings.Pair!.Fit.Start.Where(name => name.Length > 0).Distinct(StringComparer.Ordinal))}, {(findings.Pair.Fit.Inside is null ? "each layer" : "each half of the neurons")} judged under a map that it took no part in."
                + (findings.Extent.Length > 0 ? $" Compared: {findings.Extent}; rows shortened to {RowProjection.Length} values." : ""),
        };
    }

    /// <summary>The controls.</summary>
    public static IEnumerable<Control> Controls(AlignmentFindings findings)
    {
        if (findings.Agreement is not { } agreement)
        {
            yield break;
        }

        if (agreement.WrongLayer is { } wrong)
        {
            yield return new Control($"{TwoViewAgreement.Id}/wrong-layers", "Layers of this pair that do not correspond: largest agreeing share.", wrong);
        }

        yield return new Control(
            $"{TwoViewAgreement.Id}/unrelated-pairs", $"{agreement.Controls} unrelated pairs: largest share in a quarter of the layers.", agreement.Unrelated);
        if (findings.Heads is { Held.Total: > 0 } heads)
        {
            yield return new Control($"{TwoViewHeads.Id}/unrelated-pairs", $"{heads.Controls} unrelated pairs: largest share of query heads.", heads.Unrelated);
        }

        foreach (var control in findings.Known.Items)
        {
            yield return control;
        }

        if (findings.Planted.Count > 0)
        {
            var tries = findings.Planted.Select(child => string.Create(CultureInfo.InvariantCulture, $"{(child.Found ? "found" : "not found")} at {child.Cosine:0.00}"));
            yield return new Control($"{TwoViewAgreement.Id}/planted-child", $"Planted children by row cosine: {string.Join(", ", tries)}.", findings.PlantedCosine);
        }
    }

    /// <summary>Assumptions of the calibrated test.</summary>
    public static IEnumerable<Assumption> Assumptions(AlignmentFindings findings)
    {
        if (findings.Agreement is not null)
        {
            yield return new Assumption(
                "controls-comparable", AssumptionStatus.NotChecked, "Unrelated models of this kind share no more features than the controls do.",
                "The margin over the largest control is threefold; `--controls DIR` adds models of your own.");
        }
    }

    private static string Percent(double share) => share.ToString("0.0 %", CultureInfo.InvariantCulture);
}
