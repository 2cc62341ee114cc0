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
        return $"{(exponent == -log10P ? "at most" : "less than")} 1 in 10^{Figures.Count((long)Math.Min(exponent, 1e15))}";
    }

    public static string Strength(ComparisonResult result, int references)
    {
        if (result.Verdict.Log10P is not { } log10P)
        {
            return "No test applied, so no chance can be given.";
        }

        var tests = result.Evidence.Count(item => item.Tier == Tier.Exact && item.Log10P is not null);
        var corrected = (tests > 1, references > 1) switch
        {
            (true, true) => $"after correction for {tests} exact tests (Bonferroni) and {references} references (Holm)",
            (true, false) => $"after correction for {tests} exact tests (Bonferroni)",
            (false, true) => $"after correction for {references} references (Holm)",
            _ => "with nothing to correct for: one test, one reference",
        };
        return $"If nothing was inherited, an agreement this strong has a chance of {Chance(log10P)}, {corrected}.{Shortfall(log10P, result.Verdict.DetectionLimit)}";
    }

    private static string Shortfall(double log10P, DetectionLimit? limit) =>
        limit is not null && limit.Level > 0 && log10P > Math.Log10(limit.Level)
            ? $" A positive needs a chance of {Chance(Math.Round(Math.Log10(limit.Level), 9))}."
            : "";

    public static string Direction(Verdict verdict, string? publishedFirst)
    {
        var sentence = verdict.Direction switch
        {
            Directions.SuspectFromReference => "The suspect comes from the reference",
            Directions.ReferenceFromSuspect => "The reference comes from the suspect",
            Directions.Siblings => "Both come from a third model",
            Directions.Undetermined => "Undetermined: what was examined does not say which model came first",
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

        var conditions = limit.Conditions.Count == 0 ? "" : $" Conditions: {string.Join("; ", limit.Conditions)}.";
        return $"Inherited rows at cosine {Figures.Value(limit.RowCosine)} or more would have been found with probability {Figures.Value(limit.Power)}, "
            + $"at the level {Figures.Value(limit.Level)} that a positive needs.{conditions}";
    }

    public static string Companion(CompanionCheck check)
    {
        var reach = $"Reordering alone reaches at most {Figures.Value(check.Ceiling)}, and sampling could add {Figures.Value(check.Margin)} ({check.Basis}).";
        return check.Passed
            ? $"Passed: the hits agree in content too, at a mean cosine of {Figures.Value(check.MeanCosine)}. {reach}"
            : $"Not passed: the hits agree in content at a mean cosine of {Figures.Value(check.MeanCosine)}, which reordering could have made. {reach}";
    }

    public static string Status(AssumptionStatus status) => status switch
    {
        AssumptionStatus.Held => "held",
        AssumptionStatus.Failed => "FAILED",
        _ => "not checked",
    };

    public static string Model(ModelSummary model, string divider)
    {
        var facts = new List<string> { $"family {model.Family}", Figures.Plural(model.Layers, "layer"), $"width {Figures.Count(model.Width)}" };
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
