using System.Globalization;
using Pedigree.Evidence;
using Pedigree.Evidence.Descriptive;
using Pedigree.Evidence.Exact;
using Pedigree.Units;

namespace Pedigree.Lineage;

/// <summary>Everything measured on one pair of models.</summary>
internal sealed record PairComparison(
    ModelReader Suspect, ModelReader Reference, ExactFindings Exact, Identity Identity, NormGainAgreement? Gains, IReadOnlyList<ComponentAgreement> Components,
    IReadOnlyList<EvidenceItem> Descriptive, IReadOnlyList<Curve> Curves)
{
    /// <summary>Most seat pairs in a report.</summary>
    private const int MostSeats = 2000;

    /// <summary>Runs all tests on a pair.</summary>
    public static PairComparison Measure(
        ModelReader suspect, ModelReader reference, ReadingPlan plan, int threads, Action<string, double>? progress, CancellationToken cancellation)
    {
        var gate = new Lock();
        var steps = 0;
        // About what the tests take; only the bar depends on it.
        var expected = (3.0 * Math.Min(suspect.Anatomy.Layers, reference.Anatomy.Layers)) + 6;
        void Step(string stage)
        {
            if (progress is null)
            {
                return;
            }

            lock (gate)
            {
                progress(stage, Math.Min(0.95, ++steps / expected));
            }
        }

        var context = new ExactContext(plan.Seed, threads, () => suspect.Source.BytesRead + reference.Source.BytesRead, Step, cancellation);
        var join = TokenJoin.ByToken(suspect.Source, reference.Source, Vocabulary(suspect), Vocabulary(reference));
        var exact = ExactFindings.Of(ExactEvidence.Run(suspect, reference, join, plan, context));
        Step("describing");
        var (a, b) = (Described(reference) with { Threads = threads }, Described(suspect) with { Threads = threads });
        var components = ComponentCosines.Compare(a, b, plan.DescriptiveBytes / 2);
        var depth = DepthCurveScore.Compute(a, b, plan.DescriptiveBytes / 2);
        var gains = NormGainCosine.MeasureGains(a, b, plan.Seed);
        var descriptive = new List<EvidenceItem> { depth.Item };
        descriptive.AddRange(NormGainCosine.Evaluate(a, b, gains, plan.Seed));
        descriptive.AddRange(components.Items);
        descriptive.AddRange(TokenizerOverlap.Compare(a, b));
        descriptive.Add(ConfigDifferences.Compare(a, b));
        Step("checking for identity");
        var equal = components.Components.Count > 0 && components.Components.All(component => component.BitEqualShare is 1);
        var identity = Identity.Of(suspect, reference, plan, equal, cancellation);
        return new PairComparison(
            suspect, reference, exact, identity, gains, components.Components, descriptive, depth.Curves);
    }

    /// <summary>The result for the report.</summary>
    /// <param name="log10Correction">Decimal log of Holm's factor for this reference.</param>
    /// <param name="publishedFirst"><c>suspect</c>, <c>reference</c> or null.</param>
    public ComparisonResult Result(double log10Correction, string? publishedFirst)
    {
        var start = StartAgreement.Of(Gains, RowCosine(log10Correction), Components);
        var verdict = VerdictRule.Decide(new VerdictInputs(Exact, log10Correction, Identity, start, publishedFirst));
        var found = verdict.Relation is "identical" or "derived" or "related" or "shared-initialisation";
        var shown = found ? Exact.LayersShown() : [];
        var positive = found ? Exact.Positive(log10Correction) : [];
        return new ComparisonResult(
            verdict,
            InheritanceKinds.Of(verdict, Identity, positive, shown, Components, Exact),
            [.. Enumerable.Range(0, Suspect.Anatomy.Layers).Select(layer => new LayerLink(layer, [.. shown.Where(link => link.SuspectLayer == layer).Select(link => link.ReferenceLayer)]))],
            Exact.Find(ExactEvidence.Neurons)?.Test is null || Suspect.Anatomy.Layers == 0 ? null : shown.Sum(link => link.HitShare) / Suspect.Anatomy.Layers,
            Components, Controls(), Assumptions(publishedFirst), [.. Exact.Items(), .. Descriptive], Curves, Seats());
    }

    private double? RowCosine(double log10Correction) =>
        Exact.Positive(log10Correction) is [var first, ..] ? first.Test!.Companion!.MeanCosine : null;

    private IReadOnlyList<Assumption> Assumptions(string? publishedFirst)
    {
        var list = new List<Assumption>(ExactAssumptions.Common);
        if (publishedFirst is not null)
        {
            list.Add(new Assumption(
                "published-first", AssumptionStatus.NotChecked, $"The {publishedFirst} was published first.", "Declared by the user with `--published-first`; weights cannot show it."));
        }

        list.AddRange(Exact.Runs.SelectMany(run => run.Assumptions));
        return list;
    }

    private IReadOnlyList<Control> Controls() =>
    [
        .. Exact.Ran.Where(run => run.Test!.Tail is not null).Select(run => new Control(
            $"{run.Id}/relabelled-pair",
            $"Similarity of {run.Units} at different seats of the same two models, as relabelling the reference gives: mean over {run.Test!.Tail!.Count.ToString("N0", CultureInfo.InvariantCulture)} pairs.",
            run.Test.Tail.Mean)),
    ];

    private IReadOnlyList<SeatPair> Seats()
    {
        if (Exact.Find(ExactEvidence.Neurons)?.Test is not { } test)
        {
            return [];
        }

        var each = Math.Max(1, MostSeats / test.Groups.Count);
        return [.. test.Groups.SelectMany(group => Enumerable.Range(0, Math.Min(each, group.Match.Length)).Where(i => group.Match[i] >= 0).Select(i => new SeatPair(
            test.Id, group.Group.ReferenceLayer, group.Group.Seats[group.Valid[i]], group.Group.Seats[group.Valid[group.Match[i]]], Math.Round(group.MatchSimilarity[i], 4)))).Take(MostSeats)];
    }

    private static DescribedModel Described(ModelReader model) => new(model.Source, model.Anatomy, model.Weights);

    private static int Vocabulary(ModelReader model) => model.Find(new Anatomy.Role(Anatomy.Part.Embedding))?.Rows ?? 0;
}
