using System.Globalization;
using Pedigree.Alignment;
using Pedigree.Evidence;
using Pedigree.Evidence.Calibrated;
using Pedigree.Evidence.Descriptive;
using Pedigree.Evidence.Exact;
using Pedigree.Units;

namespace Pedigree.Lineage;

/// <summary>Everything measured on one pair of models.</summary>
internal sealed record PairComparison(
    ModelReader Suspect, ModelReader Reference, ExactFindings Exact, Identity Identity, NormGainAgreement? Gains, IReadOnlyList<ComponentAgreement> Components,
    IReadOnlyList<EvidenceItem> Descriptive, IReadOnlyList<Curve> Curves, AlignmentFindings Alignment)
{
    /// <summary>Most seat pairs in a report.</summary>
    private const int MostSeats = 2000;

    /// <summary>Runs all tests on a pair.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="controls">Models that the user names as unrelated.</param>
    /// <param name="plan">Budget and seed.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="progress">Receives the stage and the share done; may be null.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static PairComparison Measure(
        ModelReader suspect, ModelReader reference, IReadOnlyList<ModelReader> controls, ReadingPlan plan, int threads, Action<string, double>? progress,
        CancellationToken cancellation)
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
        var stored = ExactEvidence.Run(suspect, reference, join, plan, context);
        Step("describing");
        var (a, b) = (Described(reference) with { Threads = threads }, Described(suspect) with { Threads = threads });
        var components = ComponentCosines.Compare(a, b, plan.ComponentBytes);
        var depth = DepthCurveScore.Compute(a, b, plan.AttentionCurveBytes);
        var mlp = MlpCurveScore.Compute(a, b, plan.MlpCurveBytes);
        var vectors = VectorCurveScore.Compute(a, b);
        var starts = ConstantStartFigures.Measure(a, b, plan.Seed);
        var descriptive = new List<EvidenceItem> { depth.Item };
        descriptive.AddRange(mlp.Items);
        descriptive.AddRange(vectors.Items);
        descriptive.AddRange(NormGainCosine.Items(starts));
        descriptive.AddRange(components.Items);
        var rows = FoldedRows.Read(a, b, plan.FoldedRowBytes, plan.Seed);
        descriptive.Add(NeuronKernel.Compare(rows, plan.Seed, threads));
        descriptive.Add(TokenKernel.Compare(a, b, join is { } ids ? (ids.B, ids.A) : null, plan.TokenBytes, plan.Seed));
        descriptive.AddRange(SpectrumDistance.Compare(rows, threads));
        descriptive.AddRange(TokenizerOverlap.Compare(a, b));
        descriptive.Add(ConfigDifferences.Compare(a, b));
        Step("checking for identity");
        var equal = components.Components.Count > 0 && components.Components.All(component => component.BitEqualShare is 1);
        var identity = Identity.Of(suspect, reference, plan, equal, cancellation);
        var alignment = Align(suspect, reference, join, stored, identity, plan, controls, context);
        var exact = ExactFindings.Of(alignment.Order is { } order ? [.. stored, order] : stored);
        if (!identity.Identical && exact.Positive(0).Count == 0 && !alignment.Convicts)
        {
            alignment = alignment.WithPlantedChildren(plan.Seed, context);
        }

        var measured = new PairComparison(
            suspect, reference, exact, identity, starts.LayerGains, components.Components, descriptive, [.. depth.Curves, .. mlp.Curves, .. vectors.Curves], alignment);
        return MappedCurveScore.Of(depth.Curves, suspect.Anatomy.Layers, reference.Anatomy.Layers, measured.Layers().Select(link => (link.SuspectLayer, link.ReferenceLayer))) is { } mapped
            ? measured with { Descriptive = [.. descriptive, mapped] } : measured;
    }

    // Nothing is left to find where every layer of the suspect was shown to come from its own place in the reference.
    private static AlignmentFindings Align(
        ModelReader suspect, ModelReader reference, (int[] Suspect, int[] Reference)? join, IReadOnlyList<OrderTestRun> stored, Identity identity, ReadingPlan plan,
        IReadOnlyList<ModelReader> controls, ExactContext context)
    {
        if (identity.Identical || ExactFindings.Of(stored).LayersShown().Count == suspect.Anatomy.Layers)
        {
            return new AlignmentFindings { Note = "not needed: order and basis are shown to be kept in every layer" };
        }

        context.Step("aligning");
        return AlignmentFindings.Of(suspect, reference, join, plan, controls, context);
    }

    /// <summary>The result for the report.</summary>
    /// <param name="log10Correction">Decimal log of Holm's factor for this reference.</param>
    /// <param name="publishedFirst"><c>suspect</c>, <c>reference</c> or null.</param>
    public ComparisonResult Result(double log10Correction, string? publishedFirst)
    {
        var start = StartAgreement.Of(Gains, RowCosine(log10Correction), Components, Exact.Lengths(log10Correction) ?? Alignment.Lengths);
        var verdict = VerdictRule.Decide(new VerdictInputs(Exact, log10Correction, Identity, start, publishedFirst, Alignment));
        var found = verdict.Relation is "identical" or "derived" or "related" or "shared-initialisation";
        var shown = found ? Layers() : [];
        var positive = found ? Exact.Positive(log10Correction) : [];
        return new ComparisonResult(
            verdict,
            InheritanceKinds.Of(verdict, Identity, positive, shown, Components, Suspect.Anatomy.Layers, Alignment),
            [.. Enumerable.Range(0, Suspect.Anatomy.Layers).Select(layer => new LayerLink(layer, [.. shown.Where(link => link.SuspectLayer == layer).Select(link => link.ReferenceLayer)]))],
            Suspect.Anatomy.Layers == 0 || (Exact.Find(ExactEvidence.Neurons)?.Test is null && Alignment.Agreement is null) ? null
                : shown.Sum(link => link.Share) / Suspect.Anatomy.Layers,
            Components, Controls(), Assumptions(publishedFirst), [.. Exact.Items(), Alignment.Item(), .. Descriptive], Curves, Seats());
    }

    // What order shows layer by layer, and what alignment shows where order shows nothing.
    private IReadOnlyList<(int SuspectLayer, int ReferenceLayer, double Share)> Layers()
    {
        var byOrder = Exact.LayersShown();
        var aligned = Alignment.Agreement is { } agreement
            ? Enumerable.Range(0, agreement.Links.Count).Where(layer => agreement.Links[layer] >= 0)
                .Select(layer => (SuspectLayer: layer, ReferenceLayer: agreement.Links[layer], Share: agreement.Held.Share(layer, agreement.Links[layer])))
            : [];
        return [.. byOrder.Concat(aligned.Where(link => byOrder.All(shown => shown.SuspectLayer != link.SuspectLayer))).OrderBy(link => link.Item1)];
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
        list.AddRange(Alignment.AssumptionItems());
        return list;
    }

    private IReadOnlyList<Control> Controls() =>
    [
        .. Exact.Ran.Where(run => run.Test!.Tail is not null).Select(run => new Control(
            $"{run.Id}/relabelled-pair",
            $"Similarity of {run.Units} at different seats of the same two models, as relabelling the reference gives: mean over {run.Test!.Tail!.Count.ToString("N0", CultureInfo.InvariantCulture)} pairs.",
            run.Test.Tail.Mean)),
        .. Alignment.ControlItems(),
    ];

    private IReadOnlyList<SeatPair> Seats()
    {
        if (Alignment.Neurons.Count > 0 && Exact.LayersShown().Count == 0)
        {
            var most = Math.Max(1, MostSeats / Alignment.Neurons.Count);
            return [.. Alignment.Neurons.SelectMany(map => map.Pairs.Take(most).Select(pair => new SeatPair(
                TwoViewAgreement.Id, map.ReferenceLayer, pair.Suspect, pair.Reference, Math.Round(pair.Cosine, 4)))).Take(MostSeats)];
        }

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
