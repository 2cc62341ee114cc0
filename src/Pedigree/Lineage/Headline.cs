using System.Globalization;
using Pedigree.Evidence.Calibrated;
using Pedigree.Evidence.Exact;

namespace Pedigree.Lineage;

/// <summary>Verdicts in plain words, with the conditions under which they hold.</summary>
internal static class Headline
{
    private const string Kept = "if unit order and residual basis were kept";

    /// <summary>Every tensor is equal.</summary>
    public static string Identical(VerdictInputs inputs) =>
        $"The two models are identical: all {inputs.Identity.Compared.ToString("N0", CultureInfo.InvariantCulture)} values are equal bit for bit.";

    /// <summary>Trained parameters are shared.</summary>
    public static string Shared(VerdictInputs inputs, IReadOnlyList<OrderTestRun> positive, double? log10P, string relation, string direction)
    {
        var claim = (relation, direction) switch
        {
            ("derived", "suspect-from-reference") => "The suspect was derived from the reference, given the declaration that the reference was published first",
            ("derived", _) => "The reference was derived from the suspect, given the declaration that the suspect was published first",
            _ => "The models share trained parameters; these two alone do not tell which came first, or whether both came from a third",
        };
        var same = inputs.Start.SameRunExcluded
            ? ""
            : " Two runs of one script with one seed on the same data would look alike and are not excluded.";
        return $"{claim}. {Count(positive[0])} {Chance(log10P)}{same}{NoDifference(inputs)}";
    }

    /// <summary>Found after alignment, by two views.</summary>
    public static string Aligned(VerdictInputs inputs, string relation, string direction)
    {
        var claim = (relation, direction) switch
        {
            ("cannot-tell", _) => Undecided(inputs),
            ("shared-initialisation", _) => $"The models began from the same random start; that they also share training is not shown ({inputs.Start.Text})",
            ("derived", "suspect-from-reference") => "The suspect was derived from the reference, given the declaration that the reference was published first",
            ("derived", _) => "The reference was derived from the suspect, given the declaration that the suspect was published first",
            _ => "The models share trained parameters; which of them came first, or whether both came from a third, cannot be told from these two alone",
        };
        var agreement = inputs.Alignment.Agreement!;
        if (!agreement.Convicts && inputs.Alignment.Heads is { } heads)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"{claim}. MLPs show nothing; in attention what a query head looks for and what it writes point to the same head of the reference for {heads.Held.AllAgreeing:N0} of {heads.Held.Total:N0} heads, ")
                + string.Create(CultureInfo.InvariantCulture,
                $"where chance gives about {heads.Chance:N0} and unrelated models reach at most {heads.Unrelated:0 %}. This rests on controls, not on an exact probability.");
        }

        var others = Math.Max(agreement.Unrelated, agreement.WrongLayer ?? 0);
        return string.Create(CultureInfo.InvariantCulture,
            $"{claim}. The order of units or the residual basis was changed; after that is undone, two separate views of the neurons point to the same neuron of the reference in {agreement.Linked} of {agreement.Judged} layers, ")
            + string.Create(CultureInfo.InvariantCulture,
            $"for {agreement.QuarterShare:0 %} of the neurons, where unrelated models and layers that do not correspond reach at most {others:0.0 %}. This rests on controls, not on an exact probability.");
    }

    /// <summary>The same random start.</summary>
    public static string SharedStart(VerdictInputs inputs, IReadOnlyList<OrderTestRun> positive, double? log10P) =>
        $"The models began from the same random start; that they also share training is not shown ({inputs.Start.Text}). {Count(positive[0])} {Chance(log10P)}";

    /// <summary>At least the same random start; training neither shown nor excluded.</summary>
    public static string StartOrTraining(VerdictInputs inputs, IReadOnlyList<OrderTestRun> positive, double? log10P) => $"{Undecided(inputs)}. {Count(positive[0])} {Chance(log10P)}";

    /// <summary>Order agrees, content does not.</summary>
    public static string OrderWithoutContent(OrderTestRun run, double? log10P) =>
        $"Cannot tell: the order of the {run.Units} agrees far beyond chance, but their content agrees no more closely than reordering could make it: "
        + $"the same start followed by very long training, or units reordered afterwards. {ByChanceAlone(log10P)}";

    /// <summary>Only the embeddings agree.</summary>
    public static string EmbeddingsAlone(OrderTestRun run, double? log10P) =>
        "Cannot tell: the residual dimensions agree in the embeddings and in nothing else that was tested. Embeddings that were taken over and trained on look like this, "
        + $"and so does an independent model whose residual basis was rotated to match. {Count(run)} {ByChanceAlone(log10P)}";

    /// <summary>Nothing was found.</summary>
    public static string NoneFound(DetectionLimit limit, AlignmentFindings alignment)
    {
        var byOrder = limit.Power < 1;
        var exact = byOrder
            ? $"units that agree with the reference at a row cosine of {Cosine(limit.RowCosine)} or more "
                + $"would have been found with probability {limit.Power.ToString("0.##", CultureInfo.InvariantCulture)}, "
                + $"{(limit.Conditions[0].EndsWith("alignment", StringComparison.Ordinal) ? "if unit order was kept" : Kept)}. " : "";
        var aligned = (alignment.PlantedCosine, alignment.Agreement) switch
        {
            ({ } cosine, _) => $"{(byOrder ? "A" : "a")} permuted, rotated or re-layered child planted at a row cosine of {Cosine(cosine)} was found by the same search, so one as close would have been.",
            (null, { } agreement) => WithoutLimit(agreement, alignment),
            _ => $"A permuted, rotated or re-shaped copy would not have been: the search for one did not run ({alignment.Note}).",
        };
        return $"Nothing inherited was found: {exact}{aligned}";
    }

    /// <summary>No test applies.</summary>
    public static string CannotTell(ExactFindings exact, AlignmentFindings alignment)
    {
        var reasons = exact.Runs.Where(run => run.Note.Length > 0).Select(run => $"{run.Units}: {run.Note}").Distinct(StringComparer.Ordinal).Take(3).ToArray();
        var aligned = alignment.Agreement is { } agreement ? $" {WithoutLimit(agreement, alignment)}" : $" The search for permuted and rotated copies did not run: {alignment.Note}.";
        return (exact.Tests > 0
            ? $"Cannot tell: the tests that apply, {Kept}, have too few units to find even an exact copy."
            : $"Cannot tell: no exact test applies {Kept}. {string.Join("; ", reasons)}.") + aligned;
    }

    // Why a search that found nothing has no limit.
    private static string WithoutLimit(TwoViewAgreement agreement, AlignmentFindings alignment) => agreement switch
    {
        { Judged: 0 } => "Permuted and rotated copies could not be searched for: no layer holds neurons that can be compared.",
        { CanConvict: false } => "A search for permuted and rotated copies was made, but too few neurons can be compared for it to find any.",
        _ when alignment.Wide is { CanPlant: false } => "Reordered copies were searched for in the residual basis as stored; a rotated one would not have been found.",
        _ => "A search for permuted and rotated copies was made, but did not find planted ones either, so it says nothing.",
    };

    private static string Undecided(VerdictInputs inputs) =>
        $"Cannot tell: the models share at least a random start; whether they share training is neither shown nor excluded ({inputs.Start.Text})";

    private static string Cosine(double value) => value.ToString("0.00##", CultureInfo.InvariantCulture);

    private static string Count(OrderTestRun run)
    {
        var test = run.Test!;
        return $"{test.Hits.ToString("N0", CultureInfo.InvariantCulture)} of {test.Compared.ToString("N0", CultureInfo.InvariantCulture)} {run.Units} stand in the same seat, "
            + $"where a random order gives about {test.Groups.Count}, with a mean row cosine of {test.Companion!.MeanCosine.ToString("0.00", CultureInfo.InvariantCulture)} "
            + $"against at most {test.Companion.Ceiling.ToString("0.00", CultureInfo.InvariantCulture)} by reordering.";
    }

    private static string Chance(double? log10P) => log10P is { } p
        ? $"Without common parameters such agreement has a chance of at most 1 in 10^{Math.Floor(-p).ToString("N0", CultureInfo.InvariantCulture)}, after correction for all tests."
        : "";

    // Where somebody may have arranged the agreement, its chance says nothing about common parameters.
    private static string ByChanceAlone(double? log10P) => log10P is { } p
        ? $"Accident alone brings that about at most once in 10^{Math.Floor(-p).ToString("N0", CultureInfo.InvariantCulture)}; somebody who arranges it needs no luck, so that figure accuses nobody."
        : "";

    private static string NoDifference(VerdictInputs inputs) =>
        inputs.Identity.NoDifferenceSeen ? " No difference was seen in what was read." : "";
}
