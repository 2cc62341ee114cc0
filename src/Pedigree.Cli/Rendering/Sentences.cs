using System.Globalization;
using Pedigree.Evidence;
using Pedigree.Lineage;
using Pedigree.Reports;

namespace Pedigree.Cli.Rendering;

/// <summary>The sentences of a page that carry a verdict's figures: each can be read aloud and is true as it stands.</summary>
internal static class Sentences
{
    /// <summary>A probability as a phrase, such as <c>less than 1 in 10^211</c>.</summary>
    public static string Chance(double log10P)
    {
        if (log10P > -2)
        {
            return Math.Pow(10, log10P).ToString("0.##", CultureInfo.InvariantCulture);
        }

        var exponent = Math.Floor(-log10P);
        var bound = exponent <= 6 ? Figures.Count((long)Math.Pow(10, exponent)) : $"10^{Figures.Count((long)Math.Min(exponent, 1e15))}";
        return $"{(exponent == -log10P ? "at most" : "less than")} 1 in {bound}";
    }

    public static string Strength(ComparisonResult result, int references)
    {
        if (result.Verdict.Log10P is not { } log10P)
        {
            return "No test applied, so no chance can be given.";
        }

        if (result.Verdict.Tier is "calibrated" && Relations.IsFound(result.Verdict.Relation))
        {
            return $"{Margin(result)}A margin over known strangers, not a probability: so few controls can give no p below {Chance(log10P)}.";
        }

        var tests = result.Evidence.Count(item => item.Tier == Tier.Exact && item.Log10P is not null);
        var corrected = (tests > 1, references > 1) switch
        {
            (true, true) => $"Bonferroni over {tests} exact tests, Holm over {references} references",
            (true, false) => $"Bonferroni over {tests} exact tests",
            (false, true) => $"Holm over {references} references",
            _ => "one test, one reference: nothing to correct",
        };
        var needed = result.Verdict.DetectionLimit is { Level: > 0 } limit
            ? $"; a positive needs {Figures.Log10(Math.Log10(limit.Level))} or less"
            : "";
        return $"log10 p = {Figures.Log10(log10P)}{(log10P > -2 ? $" (p = {Chance(log10P)})" : "")}, {corrected}{needed}.";
    }

    // Of the tests that convict, the one that is told first.
    private static string Margin(ComparisonResult result) =>
        result.Evidence.Where(item => item is { Tier: Tier.Calibrated, Statistic: not null, NullExpectation: not null }).MaxBy(item => item.Statistic - item.NullExpectation) is { } item
            ? $"{Figures.Percent(item.Statistic!.Value)} where the largest control reaches {Figures.Percent(item.NullExpectation!.Value)}; three times as much is needed. " : "";

    public static string Direction(Verdict verdict, string? publishedFirst)
    {
        var sentence = verdict.Direction switch
        {
            Directions.SuspectFromReference => "The suspect comes from the reference",
            Directions.ReferenceFromSuspect => "The reference comes from the suspect",
            Directions.Siblings => "Both come from a third model",
            Directions.Undetermined => "Undetermined: what was examined does not say which model came first",
            _ when verdict.Relation is Relations.Identical => "Not applicable: equal models do not show which came first",
            _ when verdict.Relation is Relations.SharedInitialisation => "Not applicable: a common start has no direction",
            _ => "Not applicable: nothing is known to be shared",
        };
        var declared = publishedFirst is null ? "" : $" The user declared that the {publishedFirst} was published first, which is not checked.";
        return sentence + "." + declared;
    }

    public static string DetectionLimit(DetectionLimit? limit)
    {
        if (limit is null)
        {
            return "No test applied, so there is no limit below which an inheritance would have been missed.";
        }

        var conditions = limit.Conditions.Count == 0 ? "" : $", on condition: {string.Join("; ", limit.Conditions)}";
        return $"Inherited rows at a cosine of {Figures.Value(limit.RowCosine)} or more would have been found with probability {Figures.Value(limit.Power)}{conditions}.";
    }

    /// <summary>The content of hits against what it must exceed, such as <c>0.990 &gt; 0.366</c>, with as many decimals as it takes to tell them apart.</summary>
    public static string Against(CompanionCheck check)
    {
        var needed = check.Ceiling + check.Margin;
        var decimals = 3;
        while (decimals < 6 && Math.Abs(check.MeanCosine - needed) < Math.Pow(10, -decimals))
        {
            decimals++;
        }

        var format = "0." + new string('0', decimals);
        return $"{check.MeanCosine.ToString(format, CultureInfo.InvariantCulture)} {(check.Passed ? ">" : "<")} {needed.ToString(format, CultureInfo.InvariantCulture)}";
    }

    public static string Companion(CompanionCheck check)
    {
        var reach = $"Reordering alone reaches at most {Figures.Measure(check.Ceiling)}, and sampling could add {Figures.Measure(check.Margin)} ({check.Basis}).";
        return check.Passed
            ? $"Passed: the hits agree in content too, at a mean cosine of {Figures.Measure(check.MeanCosine)}. {reach}"
            : $"Not passed: the hits agree in content at a mean cosine of {Figures.Measure(check.MeanCosine)}, which reordering could have made. {reach}";
    }

    public static string Model(ModelSummary model, string divider)
    {
        var facts = new List<string> { model.Family, Figures.Plural(model.Layers, "layer"), $"width {Figures.Count(model.Width)}" };
        Add(model.Neurons > 0, () => $"{Figures.Count(model.Neurons)} neurons {(model.Experts > 0 ? "an expert" : "a layer")}");
        Add(model.QueryHeads is not null, () => Figures.Plural(model.QueryHeads!.Value, "query head"));
        Add(model.KeyValueHeads is not null, () => Figures.Plural(model.KeyValueHeads!.Value, "KV group"));
        Add(model.Experts > 0, () => Figures.Plural(model.Experts, "routed expert"));
        Add(model.Vocabulary > 0, () => $"vocabulary {Figures.Count(model.Vocabulary)}");
        Add(true, () => $"{Figures.Count(model.Parameters)} parameters");
        return string.Join(divider, facts);

        void Add(bool known, Func<string> fact)
        {
            if (known)
            {
                facts.Add(fact());
            }
        }
    }
}
