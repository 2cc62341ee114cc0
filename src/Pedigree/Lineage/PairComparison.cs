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
    private const int MostSeats = 1200;

    /// <summary>Rows that correspond, where a relation stands.</summary>
    public RowCorrespondence Rows { get; init; } = RowCorrespondence.None;

    /// <summary>Runs all tests on a pair.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="controls">Models that the user names as unrelated.</param>
    /// <param name="plan">Budget and seed.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="progress">Receives the stage and the share done; may be null.</param>
    /// <param name="estimate">Receives bytes, and the least and most multiply-adds, of a search that turns out to be needed; may be null.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static PairComparison Measure(
        ModelReader suspect, ModelReader reference, IReadOnlyList<ModelReader> controls, ReadingPlan plan, int threads, Action<string, double>? progress,
        Action<long, double, double>? estimate, CancellationToken cancellation)
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

        var context = new ExactContext(plan.Seed, threads, () => suspect.Source.BytesRead + reference.Source.BytesRead, Step, cancellation) { Estimate = estimate };
        var join = TokenJoin.ByToken(suspect.Source, reference.Source, Vocabulary(suspect), Vocabulary(reference));
        var stored = ExactFindings.Of(ExactEvidence.Run(suspect, reference, join, plan, context));
        Step("describing");
        var described = PairDescription.Of(suspect, reference, join, plan, threads, cancellation);
        var components = described.Components;
        Step("checking for identity");
        var equal = components.Components.Count > 0 && components.Components.All(component => component.BitEqualShare is 1);
        var identity = Identity.Of(suspect, reference, plan, equal, cancellation);
        var alignment = Align(suspect, reference, join, stored, identity, plan, controls, context);
        var exact = alignment.Order is { } order ? ExactFindings.Of([.. stored.Runs, order]) : stored;
        if (!identity.Identical && exact.Positive(0).Count == 0 && !alignment.Convicts)
        {
            alignment = alignment.WithPlantedChildren(plan.Seed, context);
        }

        var measured = new PairComparison(
            suspect, reference, exact, identity, described.Starts.LayerGains, components.Components, described.Items, described.Curves, alignment);
        measured = measured with { Rows = measured.Correspondence(join, plan, context) };
        return MappedCurveScore.Of(described.DepthCurves, suspect.Anatomy.Layers, reference.Anatomy.Layers, measured.Layers().Select(link => (link.SuspectLayer, link.ReferenceLayer))) is { } mapped
            ? measured with { Descriptive = [.. described.Items, mapped] } : measured;
    }

    // Only where a relation stands: which matrices took part says nothing about whether there is one.
    private RowCorrespondence Correspondence((int[] Suspect, int[] Reference)? join, ReadingPlan plan, ExactContext context)
    {
        var links = Layers();
        var kept = Exact.Positive(0).FirstOrDefault(run => run.Id is not AlignedOrder.Id);
        var cosines = Alignment.Neurons.SelectMany(map => map.Pairs).Select(pair => pair.Cosine).ToArray();
        if (Identity.Identical || (kept is null && !(Alignment.Convicts && cosines.Length > 0)))
        {
            return RowCorrespondence.None;
        }

        // Layers whose MLP was replaced keep their place where both models have as many.
        var layers = Enumerable.Range(0, Suspect.Anatomy.Layers)
            .Select(layer => (layer, links.Where(link => link.SuspectLayer == layer).Select(link => link.ReferenceLayer)
                .FirstOrDefault(Suspect.Anatomy.Layers == Reference.Anatomy.Layers ? layer : -1)))
            .Where(link => link.Item2 >= 0).ToArray();
        context.Step("locating what was inherited");
        return RowCorrespondence.Measure(
            Suspect, Reference, join, layers, kept is null ? Alignment.Map : null, kept?.Test!.Companion!.MeanCosine ?? cosines.Average(), plan, context);
    }

    // Nothing is left to find where every layer of the suspect was shown to come from its own place in the reference.
    private static AlignmentFindings Align(
        ModelReader suspect, ModelReader reference, (int[] Suspect, int[] Reference)? join, ExactFindings stored, Identity identity, ReadingPlan plan,
        IReadOnlyList<ModelReader> controls, ExactContext context)
    {
        if (identity.Identical || stored.LayersShown().Count == suspect.Anatomy.Layers)
        {
            return new AlignmentFindings { Note = "not needed: order and basis are shown to be kept in every layer" };
        }

        context.Step("aligning");
        return AlignmentFindings.Of(suspect, reference, join, plan, controls, context);
    }

    /// <summary>Writes the map that undoes a disguise.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>Whether there was one to write.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public bool WriteMap(string path, int threads, CancellationToken cancellation)
    {
        if (Alignment.Neurons.All(map => map.Pairs.Count == 0))
        {
            return false;
        }

        var (suspect, reference) = (new FoldedModel(Suspect), new FoldedModel(Reference));
        var map = RecoveredMap.Of(suspect, reference, Alignment.Neurons, Alignment.Map, threads, cancellation);
        if (TokenJoin.ByToken(Suspect.Source, Reference.Source, Vocabulary(Suspect), Vocabulary(Reference)) is var (own, other)
            && MapResiduals.Correspond(suspect, reference, (own, other), map.Stream, threads))
        {
            map = map with { Tokens = (own, other) };
        }

        if (MapCheck.Residual(suspect, reference, map, threads) is not { } residual)
        {
            return false;
        }

        MapFile.Write(path, map, MapCheck.Digest(Suspect), MapCheck.Digest(Reference), residual, MapResiduals.Measure(suspect, reference, map, threads, cancellation));
        return true;
    }

    /// <summary>The result for the report.</summary>
    /// <param name="log10Correction">Decimal log of Holm's factor for this reference.</param>
    /// <param name="publishedFirst"><c>suspect</c>, <c>reference</c> or null.</param>
    public ComparisonResult Result(double log10Correction, string? publishedFirst)
    {
        var start = Start(log10Correction);
        var verdict = VerdictRule.Decide(new VerdictInputs(Exact, log10Correction, Identity, start, publishedFirst, Alignment));
        var found = verdict.Relation is "identical" || VerdictRule.IsSharing(verdict);
        var neurons = found ? Layers() : [];
        // Layers of which attention alone is shown.
        var shown = neurons.Concat(found ? (Alignment.Heads?.Links ?? []).Where(link => neurons.All(layer => layer.SuspectLayer != link.SuspectLayer)) : [])
            .OrderBy(link => link.SuspectLayer).ToArray();
        var positive = found ? Exact.Positive(log10Correction) : [];
        return new ComparisonResult(
            verdict,
            InheritanceKinds.Of(verdict, Identity, positive, shown, Components, Suspect.Anatomy.Layers, Alignment),
            [.. Enumerable.Range(0, Suspect.Anatomy.Layers).Select(layer => new LayerLink(layer, [.. shown.Where(link => link.SuspectLayer == layer).Select(link => link.ReferenceLayer)]) { Experts = found ? Experts(layer) : [] })],
            InheritedParameters.Of(Suspect, verdict, positive, neurons, Alignment, Rows, Components, Exact.Tests),
            Components, Controls(), Assumptions(publishedFirst), [.. Exact.Items(), AlignmentItems.Evidence(Alignment), .. Alignment.Heads?.Item() is { } attention ? new[] { attention } : [], .. Descriptive, .. Rows.Items()], Curves, Seats());
    }

    /// <summary>Whether training is shared beyond the start, with what was measured.</summary>
    /// <param name="log10Correction">Decimal log of Holm's factor for this reference.</param>
    public StartAgreement Start(double log10Correction) => StartAgreement.Of(Gains, RowCosine(log10Correction), Components, MoreNeurons(Exact.Lengths(log10Correction), Alignment.Lengths), Alignment.Heads);

    // Chosen before anything is judged. Starts from one table may tie the projections of a neuron to each other; then only the bound on whole lengths holds.
    private RowLengthAgreement? MoreNeurons(RowLengthAgreement? inOrder, RowLengthAgreement? aligned)
    {
        var chosen = (aligned?.Neurons ?? 0) > (inOrder?.Neurons ?? 0) ? aligned : inOrder;
        return Exact.Find(ExactEvidence.Neurons) is { StructureSeen: true } && chosen is not null ? chosen with { CrossCorrelation = null, CrossDeviates = null } : chosen;
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

    // Of a mixture on either side, which expert came from which; a pair counts as a layer does.
    private IReadOnlyList<ExpertLink> Experts(int layer) =>
        Alignment.Agreement is { } agreement && (Suspect.Anatomy.Experts > 0 || Reference.Anatomy.Experts > 0)
            && Alignment.Neurons.FirstOrDefault(map => agreement.Held.Suspect[map.SuspectLayer] == layer) is { } neurons
            ? [.. neurons.Experts.Where(expert => expert.Share >= agreement.Threshold).Select(expert => new ExpertLink(expert.Suspect, neurons.ReferenceLayer, expert.Reference, Math.Round(expert.Share, 4)))]
            : [];

    // Gains are compared as stored, so they say something only where the basis is shown to be.
    private double? RowCosine(double log10Correction) =>
        Exact.Positive(log10Correction).FirstOrDefault(run => run.Id is not AlignedOrder.Id)?.Test!.Companion!.MeanCosine;

    private IReadOnlyList<Assumption> Assumptions(string? publishedFirst)
    {
        var list = new List<Assumption>(ExactAssumptions.Common);
        if (publishedFirst is not null)
        {
            list.Add(new Assumption(
                "published-first", AssumptionStatus.NotChecked, $"The {publishedFirst} was published first.", "Declared by the user with `--published-first`; weights cannot show it."));
        }

        list.AddRange(Exact.Runs.SelectMany(run => run.Assumptions));
        list.AddRange(AlignmentItems.Assumptions(Alignment));
        return list;
    }

    private IReadOnlyList<Control> Controls() =>
    [
        .. Exact.Ran.Where(run => run.Test!.Tail is not null).Select(run => new Control(
            $"{run.Id}/relabelled-pair",
            $"Similarity of {run.Units} at different seats of the same two models, as relabelling the reference gives: mean over {run.Test!.Tail!.Count.ToString("N0", CultureInfo.InvariantCulture)} pairs.",
            run.Test.Tail.Mean)),
        .. AlignmentItems.Controls(Alignment),
    ];

    // Half of the dots for the order as stored, half for what is left after reordering is undone.
    private IReadOnlyList<SeatPair> Seats()
    {
        var most = Alignment.Drawn.Count > 0 ? MostSeats / 2 : MostSeats;
        return
        [
            .. Spread(Exact.Find(ExactEvidence.Neurons)?.Test?.Groups ?? [], most, group => group.Match.Length, (group, i) => group.Match[i] < 0 ? null : new SeatPair(
                ExactEvidence.Neurons, group.Group.ReferenceLayer, group.Group.Seats[group.Valid[i]], group.Group.Seats[group.Valid[group.Match[i]]], Math.Round(group.MatchSimilarity[i], 4))),
            .. Spread(Alignment.Drawn, most, map => map.Matches.Count, (map, i) => new SeatPair(
                TwoViewAgreement.Id, map.ReferenceLayer, map.Matches[i].First, map.Matches[i].Second, Math.Round(map.Matches[i].Cosine, 4))),
        ];
    }

    // Every group gets the same number, spread over its seats: the first ones would show a corner of the plot.
    private static IEnumerable<SeatPair> Spread<T>(IReadOnlyList<T> groups, int most, Func<T, int> count, Func<T, int, SeatPair?> pair) =>
        groups.SelectMany(group =>
        {
            var (all, each) = (count(group), Math.Max(1, most / groups.Count));
            return Enumerable.Range(0, Math.Min(all, each)).Select(i => pair(group, (int)((long)i * all / Math.Min(all, each)))).OfType<SeatPair>();
        }).Take(most);

    private static int Vocabulary(ModelReader model) => model.Find(new Anatomy.Role(Anatomy.Part.Embedding))?.Rows ?? 0;
}
