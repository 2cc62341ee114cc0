using Pedigree.Evidence;
using Pedigree.Lineage;
using Pedigree.Reports;

namespace Pedigree.Cli.Rendering;

/// <summary>A verdict for somebody who has never heard of the method: one sentence, its strength in words, what it does not say. Made from the report alone.</summary>
internal static class PlainWords
{
    private const int LongestName = 48;

    /// <summary>The short names of the two models: the last parts of their addresses, or the whole ones where those are equal.</summary>
    public static (string Suspect, string Reference) Names(RunRecord run, int index)
    {
        var (suspect, reference) = (run.SuspectAddress, run.ReferenceAddresses[index]);
        var (one, two) = (LastPart(suspect), LastPart(reference));
        return string.Equals(one, two, StringComparison.Ordinal) ? (Shortened(suspect), Shortened(reference)) : (Shortened(one), Shortened(two));
    }

    /// <summary>The verdict in one sentence, as pieces: names of models stand alone in theirs, so that a page can set them apart.</summary>
    public static IReadOnlyList<(string Text, bool IsName)> Sentence(ComparisonReport report, int index)
    {
        var verdict = report.Results[index].Verdict;
        var (suspect, reference) = Names(report.Run, index);
        (string, bool)[] pieces = (verdict.Relation, verdict.Direction) switch
        {
            (Relations.Identical, _) => [(suspect, true), (" and ", false), (reference, true), (" are the same model: every number in them is equal.", false)],
            (Relations.Derived, Directions.SuspectFromReference) => [(suspect, true), (" was made from ", false), (reference, true), (", given that ", false), (reference, true), (" was published first.", false)],
            (Relations.Derived, Directions.ReferenceFromSuspect) => [(reference, true), (" was made from ", false), (suspect, true), (", given that ", false), (suspect, true), (" was published first.", false)],
            (Relations.Derived or Relations.Related, Directions.Siblings) => [(suspect, true), (" and ", false), (reference, true), (" were both made from a third model.", false)],
            (Relations.Derived or Relations.Related, _) when verdict.Reason is "same-start-not-excluded" =>
                [(suspect, true), (" and ", false), (reference, true), (" share weights: one was made from the other, both from a third model, or both by one script from one start.", false)],
            (Relations.Derived or Relations.Related, _) => [(suspect, true), (" and ", false), (reference, true), (" share trained weights: one was made from the other, or both from a third model.", false)],
            (Relations.SharedInitialisation, _) => [(suspect, true), (" and ", false), (reference, true), (" began as the same random numbers; that they share training too is not shown.", false)],
            (Relations.NoneFound, _) => [("Nothing in ", false), (suspect, true), (" was found to come from ", false), (reference, true), (".", false)],
            _ => [("The weights do not settle whether ", false), (suspect, true), (" was made from ", false), (reference, true), (".", false)],
        };
        return pieces;
    }

    /// <summary>The strength of the verdict in a word or two.</summary>
    public static string StrengthWord(Verdict verdict) => verdict switch
    {
        { Relation: Relations.Identical } => "Certain",
        { Relation: Relations.NoneFound } => "No sign of a tie",
        { Relation: Relations.CannotTell } => "Undecided",
        { Tier: "calibrated" } => "Far beyond all controls",
        { Log10P: <= -50 } => "Overwhelming",
        { Log10P: <= -12 } => "Very strong",
        _ => "Strong",
    };

    /// <summary>The strength of the verdict as sentences with a comparison that anybody grasps.</summary>
    public static IReadOnlyList<string> Strength(ComparisonReport report, int index)
    {
        var result = report.Results[index];
        var verdict = result.Verdict;
        if (verdict.Relation is Relations.Identical)
        {
            return ["Every value was compared with its counterpart and none differs, so no probability is needed."];
        }

        if (verdict.Tier is "calibrated" && (Relations.IsFound(verdict.Relation) || verdict.Reason is "training-not-excluded"))
        {
            return verdict.Reason is "training-not-excluded" ? [.. Calibrated(result), Open(verdict.Reason)!] : Calibrated(result);
        }

        if (verdict.Log10P is not { } log10P)
        {
            return [Open(verdict.Reason) ?? "No test applied, so no strength can be given."];
        }

        return verdict.Relation switch
        {
            Relations.NoneFound => [$"The agreement between the two is what chance gives: log10 p = {Figures.Log10(log10P)}.{Coins(log10P, " That is no more remarkable than ", ".")}", .. Why(result), .. Limit(result)],
            Relations.CannotTell => log10P <= -6
                ? [$"Something agrees far beyond chance: as unlikely as {Tosses(log10P)} (log10 p = {Figures.Log10(log10P)}). {Open(verdict.Reason) ?? "It has more than one explanation, and the weights cannot tell them apart."}"]
                : [$"What could be tested agrees no more than chance allows (log10 p = {Figures.Log10(log10P)}). {Open(verdict.Reason) ?? "The tests could not have found even a copy."}"],
            _ => [$"If the two shared nothing, agreement this close would be as unlikely as {Tosses(log10P)} (log10 p = {Figures.Log10(log10P)}, corrected for every test that was run).", .. Why(result)],
        };
    }

    /// <summary>What the verdict does not say.</summary>
    public static IReadOnlyList<string> DoesNotSay(Verdict verdict)
    {
        var said = new List<string>();
        switch (verdict.Relation)
        {
            case Relations.NoneFound:
                said.Add("It does not say that the two models are independent: only that nothing above the limit was found, on the conditions named.");
                said.Add("It does not reach a copy that was changed more than the limit allows, nor training on the other's outputs (distillation).");
                break;
            case Relations.CannotTell:
                said.Add(verdict.Reason is "training-not-excluded" ? "It does not say that one learned from the other's training: starting numbers can come from one program with one seed."
                    : "It says neither that weights were taken over nor that they were not.");
                break;
            case Relations.SharedInitialisation:
                said.Add("It does not say that one learned from the other's training: starting numbers can come from one program with one seed.");
                break;
            default:
                if (verdict.Direction is Directions.Undetermined or Directions.NotApplicable)
                {
                    said.Add("It does not say which of the two came first.");
                }

                said.Add("It does not say that anything was done wrongly: licences often allow it, and weights show no intent.");
                break;
        }

        if (verdict.Reason is "same-start-not-excluded" && verdict.Relation is Relations.Related or Relations.Derived)
        {
            said.Add("It does not exclude two runs of one script with one seed on the same data, which would look the same.");
        }

        if (verdict.Log10P is not null)
        {
            said.Add("Its p is not the probability that the models are unrelated: it says how often chance alone would look like this.");
        }

        said.Add("It says nothing about outputs, training data or distillation.");
        return said;
    }

    /// <summary>Coin tosses that all come up heads, as unlikely as a probability.</summary>
    public static string Tosses(double log10P) =>
        Math.Floor(-log10P / Math.Log10(2)) is > 0 and var tosses ? tosses == 1 ? "one coin toss that comes up heads" : $"a fair coin that comes up heads {Figures.Count((long)Math.Min(tosses, 1e15))} times in a row" : "something that happens every time";

    // Why nothing can be told, for the reasons that this version knows.
    private static string? Open(string? reason) => reason switch
    {
        "order-without-content" => "That has two explanations, and the weights cannot tell them apart: both models began alike and were then trained apart for very long, "
            + "or somebody put the units of one in the order of the other afterwards, which anybody can do to any model. The order agrees; the content of the units does not.",
        "rotation-not-excluded" => "That has two explanations, and the weights cannot tell them apart: the embeddings were taken over and trained on, or an independent model was rotated to match. Nothing else agrees.",
        "training-not-excluded" => "That has two explanations, and the weights cannot tell them apart: both began as the same random numbers and were trained apart, or a part of what one learned is in the other.",
        "order-structured" => "The units of one model are sorted or arranged by their content, so that their order proves nothing.",
        "too-few-units" => "The tests that apply have too few units to find even an exact copy.",
        "no-comparable-units" or "no-common-width" => "The two models have no parts of the same kind and size that could be compared.",
        _ => null,
    };

    private static string Coins(double log10P, string before, string after) => Math.Floor(-log10P / Math.Log10(2)) > 0 ? $"{before}{Tosses(log10P)}{after}" : " Unrelated models look just like this.";

    // The test that speaks for the verdict: of the neurons where it ran and nothing was found, otherwise the strongest whose hits agree in content.
    private static IEnumerable<string> Why(ComparisonResult result)
    {
        var tests = result.Evidence.Where(item => item is { Tier: Tier.Exact, Statistic: not null, Log10P: not null, NullExpectation: not null, PerLayer.Count: > 0 }).ToArray();
        var isFound = Relations.IsFound(result.Verdict.Relation);
        var item = isFound ? tests.Where(test => test.Companion is { Passed: true }).MinBy(test => test.Log10P) : tests.FirstOrDefault(test => test.Test is "mlp-neuron-order") ?? tests.MinBy(test => test.Log10P);
        if (item is not null)
        {
            yield return $"Why: {Figures.Measure(item.Statistic!.Value)} of {Figures.Count(item.PerLayer.Sum(layer => (long)layer.Units))} {TestNames.Of(item.Test)} stand in the same seat in both models, where luck gives {Figures.Measure(item.NullExpectation!.Value)}"
                + (isFound && item.Companion is { } content ? $", and their contents agree too: a cosine of {Figures.Measure(content.MeanCosine)}, where reordering alone could reach {Figures.Measure(content.Ceiling + content.Margin)}." : ".");
        }
    }

    private static IReadOnlyList<string> Calibrated(ComparisonResult result)
    {
        var told = new List<string>();
        if (result.Evidence.FirstOrDefault(item => item.Tier == Tier.Calibrated && item.Statistic is not null) is { Statistic: { } reached, NullExpectation: { } most } item)
        {
            told.Add($"Once the change of order is undone, {Figures.Percent(reached)} of the neurons in a quarter of the layers or more point to the same partner in two separate ways of looking. "
                + $"Models known to be unrelated reach {Figures.Percent(most)} at most.");
            if (item.Log10P is { } log10P)
            {
                told.Add($"What convinces is the distance: it must be threefold and is {Figures.Measure(Math.Round(reached / Math.Max(most, 1e-9)))}-fold. It is no probability; so few known strangers can give no p below {Sentences.Chance(log10P)} "
                    + $"(log10 p = {Figures.Log10(log10P)}), however great the distance.");
            }
        }

        return told;
    }

    // The limit and the condition without which it would be read as too much.
    private static IEnumerable<string> Limit(ComparisonResult result)
    {
        if (result.Verdict.DetectionLimit is { } limit)
        {
            yield return $"What would have been found, {Figures.Measure(Math.Round(100 * limit.Power))} times in 100: neurons that still resemble the other model's at a cosine of {Figures.Value(limit.RowCosine)} or more "
                + $"(1 is equal, 0 is unrelated){(limit.Conditions.Count > 0 ? $", but only with {limit.Conditions[0]}" : "")}.";
        }

        if (result.Controls.FirstOrDefault(control => control.Id.EndsWith("/planted-child", StringComparison.Ordinal)) is { } planted)
        {
            yield return planted.Statistic is { } cosine
                ? $"If somebody changed the order or the axes: a child disguised so, planted at a cosine of {Figures.Measure(cosine)}, was found by the same search."
                : "If somebody changed the order or the axes: children disguised so and planted were not found, so the search says nothing about such a change.";
        }
    }

    private static string LastPart(string address)
    {
        var trimmed = address.TrimEnd('/', '\\');
        var part = trimmed[(trimmed.LastIndexOfAny(['/', '\\']) + 1)..];
        return part.Length > 0 ? part : address;
    }

    /// <summary>A name or word that fits a line.</summary>
    public static string Shortened(string name) => name.Length <= LongestName ? name
        : name[..(char.IsHighSurrogate(name[LongestName - 2]) ? LongestName - 2 : LongestName - 1)] + "…";
}
