using Pedigree.Evidence;
using Pedigree.Lineage;
using Pedigree.Reports;

namespace Pedigree.Cli.Rendering.Html;

/// <summary>What stands at the top: the verdict in one sentence, its strength, its three key figures, its conditions, what it does not say.</summary>
internal static class VerdictHead
{
    // Where an exact test carries the verdict, controls carry nothing.
    private const string ForControls = "controls-comparable";

    /// <summary>Word, sentence and strength.</summary>
    public static Element Of(ComparisonReport report, int index, bool several)
    {
        var verdict = report.Results[index].Verdict;
        var sentence = Element.Of(several ? "h2" : "h1", PlainWords.Sentence(report, index).Select(piece => piece.IsName ? HtmlReport.Name(piece.Text) : (Node)piece.Text)).Class("sentence");
        return Element.Of("header",
            Element.Of("p",
                Element.Of("span", Sign(verdict.Relation)).Class("sign").With("aria-hidden", "true"),
                verdict.Relation.Replace('-', ' '),
                several ? Element.Of("span", $" · reference {index + 1} of {report.Results.Count}") : null,
                verdict.Reason is { } reason ? Element.Of("span", $" · {PlainWords.Shortened(reason.Replace('-', ' '))}") : null).Class("kicker"),
            sentence,
            Element.Of("div", PlainWords.Strength(report, index).Select(line => (Node)Element.Of("p", line)).Prepend(Element.Of("p", PlainWords.StrengthWord(verdict)).Class("word"))).Class("strength")).Class("verdict");
    }

    /// <summary>Key figures, conditions, what is not said, what would settle the rest.</summary>
    public static IEnumerable<Node> Around(ComparisonReport report, int index, int level)
    {
        var result = report.Results[index];
        var verdict = result.Verdict;
        var heading = $"h{level}";
        yield return Element.Of("dl", Keys(result).Select(key => Element.Of("div", Element.Of("dt", key.Meaning), Element.Of("dd", key.Figure)))).Class("keys");
        var changed = InheritanceWords.Of(report, index);
        yield return Element.Of("div",
            Element.Of("section", Element.Of(heading, "It holds on condition that"), List(Conditions(result))),
            Element.Of("section", Element.Of(heading, "What it does not say"), List(PlainWords.DoesNotSay(verdict))),
            changed.Count > 0 ? Element.Of("section", Element.Of(heading, "What was taken over, and what was changed"), List(changed)) : null,
            verdict.Settles.Count > 0 ? Element.Of("section", Element.Of(heading, "What would settle the rest"), List(verdict.Settles)) : null).Class("columns");
        var words = Element.Of("section", Element.Of(heading, "For the record")).Class("record");
        var record = new HtmlPage(words, level);
        record.Field("Verdict", verdict.Headline);
        record.Field("Strength", Sentences.Strength(result, report.Results.Count(each => each.Verdict.Log10P is not null)));
        record.Field("Detection limit", Sentences.DetectionLimit(verdict.DetectionLimit));
        record.Field("Direction", Sentences.Direction(verdict, report.Options.PublishedFirst));
        yield return words;
    }

    private static IReadOnlyList<string> Conditions(ComparisonResult result)
    {
        // What was checked and held for one test, and had too few units in another, is no open condition.
        var held = result.Assumptions.Where(assumption => assumption.Status == AssumptionStatus.Held).Select(assumption => assumption.Text).ToHashSet(StringComparer.Ordinal);
        var conditions = result.Assumptions.Where(assumption => assumption.Id is not ForControls || result.Verdict.Tier is not "exact" || !Relations.IsFound(result.Verdict.Relation)).Where(assumption => assumption.Status == AssumptionStatus.Failed || (assumption.Status == AssumptionStatus.NotChecked && !held.Contains(assumption.Text)))
            .Select(assumption => assumption.Status == AssumptionStatus.Failed ? $"FAILED: {assumption.Text}" : assumption.Text).Distinct(StringComparer.Ordinal).ToList();
        if (result.Verdict.Relation is Relations.NoneFound)
        {
            conditions.InsertRange(0, (result.Verdict.DetectionLimit?.Conditions ?? []).Select(condition => $"The limit holds with {condition}."));
        }

        if (conditions.Count == 0)
        {
            conditions.Add("The files are what they are said to be. There is no other condition.");
        }

        return conditions;
    }

    private static IEnumerable<(string Figure, string Meaning)> Keys(ComparisonResult result)
    {
        var stored = result.Evidence.FirstOrDefault(item => item.Test is "mlp-neuron-order" && item.Statistic is not null)
            ?? result.Evidence.Where(item => item.Tier == Tier.Exact && item.Log10P is not null).MinBy(item => item.Log10P);
        if (stored is { Statistic: { } hits, PerLayer.Count: > 0 })
        {
            yield return ($"{Figures.Value(hits)} of {Figures.Count(stored.PerLayer.Sum(layer => (long)layer.Units))}",
                $"{TestNames.Of(stored.Test)} in the same seat; chance gives {Figures.MeasureOr(stored.NullExpectation, "about one a layer")}");
        }

        if (result.Evidence.FirstOrDefault(item => item.Tier == Tier.Calibrated && item.Statistic is <= 1) is { Statistic: { } share } agreement)
        {
            yield return (Figures.Percent(share), $"of neurons agree once any change of order is undone; unrelated models reach {(agreement.NullExpectation is { } most ? Figures.Percent(most) : "an unknown share")} at most");
        }

        if (result.InheritedShare is { } inherited)
        {
            yield return (Figures.Percent(inherited), "of the suspect’s parameters shown to be inherited");
        }

        if (result.Evidence.FirstOrDefault(item => item.NullGroups.Count > 0 && item.Statistic is not null) is { Statistic: { } score } old)
        {
            var hardest = old.NullGroups.Where(group => group.Relation.StartsWith("unrelated", StringComparison.Ordinal)).MinBy(group => group.ShareBelow);
            yield return (Figures.Measure(score), $"on the old score, which decides nothing{(hardest is null ? "" : $": {ScoreHistogram.Reaching(hardest)} that are unrelated reach it")}");
        }
    }

    private static string Sign(string relation) => relation switch
    {
        Relations.NoneFound => "○",
        Relations.CannotTell => "◐",
        _ => "●",
    };

    private static Element List(IEnumerable<string> lines) => Element.Of("ul", lines.Select(line => Element.Of("li", HtmlPage.Inline(line))));
}
