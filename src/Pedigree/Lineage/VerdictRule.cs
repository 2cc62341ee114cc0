using Pedigree.Evidence.Exact;

namespace Pedigree.Lineage;

/// <summary>Everything that decides a verdict.</summary>
/// <param name="Exact">The exact tests.</param>
/// <param name="Log10Correction">Decimal log of Holm's factor for this reference among several.</param>
/// <param name="Identity">Whether the models are the same bits.</param>
/// <param name="Start">Whether shared training is shown beyond a shared start.</param>
/// <param name="PublishedFirst"><c>suspect</c>, <c>reference</c> or null.</param>
/// <param name="Alignment">What came out after alignment.</param>
internal sealed record VerdictInputs(
    ExactFindings Exact, double Log10Correction, Identity Identity, StartAgreement Start, string? PublishedFirst, AlignmentFindings Alignment);

/// <summary>Turns evidence into a relation. Exact evidence decides first, calibrated evidence where order tells nothing; descriptive figures
/// enter where they qualify a positive, never to make one.</summary>
internal static class VerdictRule
{
    /// <summary>Reason of a verdict on models that share at least a start, where nothing tells whether they share training.</summary>
    public const string TrainingNotExcluded = "training-not-excluded";

    private const string Exact = "exact";
    private const string Calibrated = "calibrated";

    /// <summary>Whether something is shared, be it a start or training, so that it can be said where.</summary>
    public static bool IsSharing(Verdict verdict) =>
        verdict.Relation is "derived" or "related" or "shared-initialisation" || string.Equals(verdict.Reason, TrainingNotExcluded, StringComparison.Ordinal);

    /// <summary>Decides.</summary>
    public static Verdict Decide(VerdictInputs inputs)
    {
        var exact = inputs.Exact;
        double? log10P = exact.Log10P is { } p ? Math.Min(0, p + inputs.Log10Correction) : null;
        var limit = exact.Limit(inputs.Log10Correction) is { } found
            ? new DetectionLimit(Math.Round(found.RowCosine, 4), DetectionLimitFormula.Power, Math.Pow(10, ExactFindings.Log10Level), LimitConditions.Of(found.Run))
            : null;
        var positive = exact.Positive(inputs.Log10Correction);
        if (inputs.Identity.Identical)
        {
            return new Verdict("identical", log10P, "not-applicable", limit, null, Headline.Identical(inputs), []) { Tier = Exact };
        }

        // A rotation of the residual basis computes the same and can be fitted to the embeddings of any model; equal bits it cannot give, nor neurons that agree.
        var byEmbeddings = positive.Count > 0 && !inputs.Start.SameRunExcluded && positive.All(run => string.Equals(run.Id, ExactEvidence.ResidualByEmbedding, StringComparison.Ordinal));
        if (byEmbeddings && !inputs.Alignment.Convicts)
        {
            return new Verdict(
                "cannot-tell", log10P, "not-applicable", limit, "rotation-not-excluded", Headline.EmbeddingsAlone(positive[0], log10P), Settling.EmbeddingsAlone);
        }

        if (positive.Count > 0 && !byEmbeddings)
        {
            return Positive(inputs, positive, log10P, limit) with { Tier = Exact };
        }

        if (inputs.Alignment.Convicts)
        {
            var conformal = inputs.Alignment.Agreement is { Convicts: true } agreement ? agreement.Log10Conformal : inputs.Alignment.Heads!.Log10Conformal;
            return Found(inputs, conformal, limit, (relation, direction) => Headline.Aligned(inputs, relation, direction)) with { Tier = Calibrated };
        }

        if (exact.Significant(inputs.Log10Correction).FirstOrDefault() is { } order)
        {
            return new Verdict(
                "cannot-tell", log10P, "not-applicable", limit, "order-without-content", Headline.OrderWithoutContent(order, log10P), Settling.OrderWithoutContent)
            { Tier = Exact };
        }

        var searched = inputs.Alignment.PlantedCosine;
        var tier = limit is null ? Calibrated : Exact;
        limit ??= searched is { } cosine
            ? new DetectionLimit(Math.Round(cosine, 4), 1, Math.Pow(10, -Math.Log10(1 + inputs.Alignment.Agreement!.Controls)), [.. LimitConditions.Aligned, .. inputs.Alignment.Extent.Length > 0 ? [inputs.Alignment.Extent] : Array.Empty<string>()]) : null;
        return limit is null
            ? new Verdict("cannot-tell", log10P, "not-applicable", null, CannotTellReason(exact), Headline.CannotTell(exact, inputs.Alignment), Settling.NoTest(exact, inputs.Alignment))
            : new Verdict("none-found", log10P, "not-applicable", limit, null, Headline.NoneFound(limit, inputs.Alignment), Settling.NoneFound(inputs.Alignment)) { Tier = tier };
    }

    private static Verdict Positive(VerdictInputs inputs, IReadOnlyList<OrderTestRun> positive, double? log10P, DetectionLimit? limit)
    {
        if (inputs.Start.SharedTraining)
        {
            return Found(inputs, log10P, limit, (relation, direction) => Headline.Shared(inputs, positive, log10P, relation, direction));
        }

        // In a basis that was changed gains tell nothing.
        var isHidden = positive.All(run => string.Equals(run.Id, AlignedOrder.Id, StringComparison.Ordinal));
        return isHidden && !inputs.Start.TrainedApart
            ? new Verdict("cannot-tell", log10P, "not-applicable", limit, TrainingNotExcluded, Headline.StartOrTraining(inputs, positive, log10P), Settling.SharedStart)
            : new Verdict("shared-initialisation", log10P, "not-applicable", limit, "same-start-not-excluded", Headline.SharedStart(inputs, positive, log10P), Settling.SharedStart);
    }

    private static Verdict Found(VerdictInputs inputs, double? log10P, DetectionLimit? limit, Func<string, string, string> headline)
    {
        if (!inputs.Start.SharedTraining)
        {
            // Where lengths could not have shown shared training, a shared start is only one of two readings.
            return inputs.Start.TrainedApart
                ? new Verdict("shared-initialisation", log10P, "not-applicable", limit, "same-start-not-excluded", headline("shared-initialisation", "not-applicable"), Settling.SharedStart)
                : new Verdict("cannot-tell", log10P, "not-applicable", limit, TrainingNotExcluded, headline("cannot-tell", "not-applicable"), Settling.SharedStart);
        }

        var (relation, direction) = inputs.PublishedFirst switch
        {
            "reference" => ("derived", "suspect-from-reference"),
            "suspect" => ("derived", "reference-from-suspect"),
            _ => ("related", "undetermined"),
        };
        // Two runs of one script from one seed on one data set follow one trajectory: only trained values that are equal bit for bit exclude that.
        var reason = inputs.Start.SameRunExcluded ? null : "same-start-not-excluded";
        return new Verdict(
            relation, log10P, direction, limit, reason, headline(relation, direction), Settling.Shared(relation, reason));
    }

    private static string CannotTellReason(ExactFindings exact) =>
        exact.Runs.Any(run => run.OrderStructured) ? "order-structured"
        : exact.Tests > 0 ? "too-few-units"
        : "no-comparable-units";
}
