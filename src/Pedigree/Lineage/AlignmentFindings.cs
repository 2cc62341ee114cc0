using System.Globalization;
using Pedigree.Alignment;
using Pedigree.Evidence;
using Pedigree.Evidence.Calibrated;
using Pedigree.Evidence.Descriptive;
using Pedigree.Evidence.Exact;
using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Lineage;

/// <summary>What came out when two models were brought into one residual basis; or why they were not.</summary>
internal sealed record AlignmentFindings
{
    private const int MostDrawn = 8;

    /// <summary>Most children that are planted.</summary>
    public const int MostPlanted = 3;

    // Thirty times as many multiply-adds take about ten seconds on two cores.
    private const double QuickWork = 2e10;

    // Thirty times as many multiply-adds take about two minutes on two cores: above that, only on demand.
    private const double MostWork = 3e11;

    /// <summary>The aligned models; null when alignment did not run.</summary>
    public AlignedPair? Pair { get; init; }

    /// <summary>The residual map that the suspect was judged under; null for the basis as stored, or when alignment did not run.</summary>
    public ResidualMap? Map { get; init; }

    /// <summary>How many of the suspect's layers were judged, when not all were; empty otherwise.</summary>
    public string Extent { get; init; } = "";

    /// <summary>The search of models too large to be held whole; null when it was not needed.</summary>
    public WideSearch? Wide { get; init; }

    /// <summary>Why alignment did not run; empty when it did.</summary>
    public string Note { get; init; } = "";

    /// <summary>Bytes of each model that it would have needed; 0 when it ran or cannot.</summary>
    public long BytesNeeded { get; init; }

    /// <summary>Bytes of each model that judging attention as well would have needed, where MLPs alone were paid for; 0 otherwise.</summary>
    public long BytesForHeads { get; init; }

    /// <summary>What unrelated models reach.</summary>
    public ControlModels Known { get; init; } = ControlModels.Bundled;

    /// <summary>The calibrated test.</summary>
    public TwoViewAgreement? Agreement { get; init; }

    /// <summary>The calibrated test on attention; null when heads are not known.</summary>
    public TwoViewHeads? Heads { get; init; }

    /// <summary>The exact order test after alignment.</summary>
    public OrderTestRun? Order { get; init; }

    /// <summary>Agreeing neurons of the linked layers.</summary>
    public IReadOnlyList<NeuronMap> Neurons { get; init; } = [];

    /// <summary>Matches of neurons for drawing: of the linked layers, or of the most similar ones where no layer is linked.</summary>
    public IReadOnlyList<NeuronMap> Drawn { get; init; } = [];

    /// <summary>Whether corresponding neurons also vary in length together.</summary>
    public RowLengthAgreement? Lengths { get; init; }

    /// <summary>The smallest row cosine at which a planted child was found; null when none was planted or found.</summary>
    public double? PlantedCosine { get; init; }

    /// <summary>Cosines at which children were planted, with what came of them.</summary>
    public IReadOnlyList<(double Cosine, bool Found, double QuarterShare)> Planted { get; init; } = [];

    /// <summary>Bytes read from both models.</summary>
    public long BytesRead { get; init; }

    /// <summary>A calibrated test convicts.</summary>
    public bool Convicts => Agreement is { Convicts: true } || Heads is { Convicts: true };

    /// <summary>Aligns two models and runs the tests that follow.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="join">Ids of shared tokens, or null.</param>
    /// <param name="plan">Budget and seed.</param>
    /// <param name="controls">Models that the user names as unrelated.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    public static AlignmentFindings Of(
        ModelReader suspect, ModelReader reference, (int[] Suspect, int[] Reference)? join, ReadingPlan plan, IReadOnlyList<ModelReader> controls, ExactContext context)
    {
        var (one, two) = (new FoldedModel(suspect), new FoldedModel(reference));
        if (one.Width < 2 || two.Width < 2 || one.Layers == 0 || two.Layers == 0)
        {
            return new AlignmentFindings { Note = "no layers with a known residual width" };
        }

        var left = plan.Full ? long.MaxValue / 4 : plan.Budget - Math.Max(suspect.Source.BytesRead, reference.Source.BytesRead);
        if (AlignmentReading.Within(one, two, left) is not { } reading || (reading.Work(one, two) > MostWork && !plan.Full))
        {
            return OfWide(one, two, join, left, null, plan, controls, context);
        }

        // Where aligning whole takes long, the quick search comes first: it finds what kept its vocabulary or its basis.
        var quick = reading.Work(one, two) > QuickWork ? OfWide(one, two, join, left, reading, plan, controls, context) : null;
        if (quick is { Agreement: { Convicts: true } found } && found.Linked == found.Judged)
        {
            return quick;
        }

        if (quick?.Wide is null)
        {
            Announce(SearchEstimate.Of(one, two, null, reading, null, controls.Count), context);
        }

        var before = context.BytesRead();
        var (suspectRows, referenceRows) = AlignedPair.Read(one, two, join, reading, plan.Seed, context.Threads, context.Cancellation);
        if (!suspectRows.Layers.Any(layer => layer.Mlps.Count > 0) || !referenceRows.Layers.Any(layer => layer.Mlps.Count > 0))
        {
            return new AlignmentFindings { Note = "no MLP with two views was understood in both models", BytesRead = context.BytesRead() - before };
        }

        var known = ControlModels.Of(controls, reference, plan, context);
        var (pair, agreement) = HiddenSearch.Run(suspectRows, referenceRows, known.Shares, context.Threads, context.Step, context.Cancellation);
        var heads = TwoViewHeads.Of(pair, known.Heads, plan.Seed, context.Threads, context.Cancellation);
        var groups = AlignedOrder.Groups(pair, context.Threads);
        NeuronMap[] neurons = [.. Enumerable.Range(0, agreement.Links.Count).Where(layer => agreement.Links[layer] >= 0)
            .Select(layer => NeuronMap.Of(pair, layer, agreement.Links[layer], context.Threads))];
        return new AlignmentFindings
        {
            Pair = pair,
            Map = pair.Fit.Maps.FirstOrDefault(map => map is not null),
            Wide = quick?.Wide is { CanPlant: true } wide ? wide : null,
            Known = known,
            Agreement = agreement,
            Heads = heads,
            Order = groups.Count == 0 ? null : OrderTestRun.Of(AlignedOrder.Id, "MLP neurons after alignment", groups.Count, i => groups[i], context),
            Neurons = neurons,
            Lengths = agreement.Convicts || heads is not { Convicts: true } ? Lengthwise(neurons, one, two) : Headwise(heads),
            Drawn = neurons.Length > 0 ? Spread(neurons)
                : [.. Spread([.. Enumerable.Range(0, agreement.Held.Suspect.Count).Where(row => agreement.Held.Possible[row].Any(count => count > 0) && pair.Fit.MapOf(row) is not null)])
                    .Select(row => NeuronMap.Of(pair, row, agreement.Held.Best(row), context.Threads))],
            BytesRead = context.BytesRead() - before,
        };
    }

    private static void Announce(SearchEstimate estimate, ExactContext context) => context.Estimate?.Invoke(estimate.Bytes, estimate.Least, estimate.Most);

    // What comes after it, if the models are not too large for that, is a whole search.
    private static AlignmentFindings OfWide(
        FoldedModel one, FoldedModel two, (int[] Suspect, int[] Reference)? join, long left, AlignmentReading? after, ReadingPlan plan, IReadOnlyList<ModelReader> controls, ExactContext context)
    {
        if (WidePlan.Within(one, two, join?.Suspect.Length ?? 0, after is null, left, out var needed) is not { } wide)
        {
            var total = needed + Math.Max(one.Stored.Source.BytesRead, two.Stored.Source.BytesRead);
            return needed > 0
                ? new AlignmentFindings { Note = $"it needs {Bytes(total)} of each model, more than the budget of {Bytes(plan.Budget)}", BytesNeeded = total }
                : new AlignmentFindings { Note = "no MLP was understood in both models" };
        }

        var before = context.BytesRead();
        // A whole search judges attention itself.
        var looked = Math.Max(one.Stored.Source.BytesRead, two.Stored.Source.BytesRead);
        var more = 0L;
        var attention = after is null ? WideHeadPlan.Within(one, two, left - wide.Bytes, out more) : null;
        Announce(SearchEstimate.Of(one, two, wide, after, attention, controls.Count), context);
        var known = ControlModels.Of(controls, two.Stored, plan, context);
        var search = new WideSearch(one, two, wide, join, plan.Seed, context.Threads, context.Step, context.Cancellation);
        var ((pair, neurons, map, _, _), agreement) = LargeHiddenSearch.Run(search, known.Shares);
        var unshaped = search.Unshaped;
        search.Unshaped = [];
        var heads = attention is null || agreement.Convicts ? null
            : WideTwoViewHeads.Of(one, two, attention, unshaped, known.Heads, plan.Seed, context.Threads, context.Step, context.Cancellation);
        var groups = AlignedOrder.Groups(pair, context.Threads);
        NeuronMap[] linked = [.. neurons.Where(layer => agreement.Links[layer.Key] >= 0).Select(layer => layer.Value)];
        return new AlignmentFindings
        {
            Pair = pair,
            Map = map,
            Wide = search,
            Extent = wide.Extent(one.Layers, two.Layers),
            BytesForHeads = more == 0 ? 0 : looked + wide.Bytes + more,
            Known = known,
            Agreement = agreement,
            Heads = heads,
            Order = groups.Count == 0 ? null : OrderTestRun.Of(AlignedOrder.Id, "MLP neurons after alignment", groups.Count, i => groups[i], context),
            Neurons = linked,
            Drawn = Spread(linked.Length > 0 ? linked : [.. neurons.Values]),
            Lengths = heads is { Convicts: true } ? Headwise(heads) : Lengthwise(linked, one, two),
            BytesRead = context.BytesRead() - before,
        };
    }

    /// <summary>Plants children of the reference, the hardest first, until one is found: what a negative answer is worth. The first is at the cosine from which the
    /// test itself would count, each further one three tenths closer to the reference.
    /// Only the first part of the search is made on them; what that finds, the whole finds.</summary>
    /// <param name="seed">The comparison's seed.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    public AlignmentFindings WithPlantedChildren(ulong seed, ExactContext context)
    {
        if (Pair is not { } pair || Agreement is not { CanConvict: true } agreement
            || WrongCell(pair) is not { } cell || AgreementLimit.RowCosine(cell.Suspect, cell.Reference, agreement.Threshold, Wide is null ? cell.Common : Math.Min(cell.Suspect.Count, Wide.Candidates), Wide?.Candidates ?? 0) is not { } cosine)
        {
            return this;
        }

        var planted = new List<(double, bool, double)>();
        double? found = null;
        for (var attempt = 0; attempt < MostPlanted && found is null; attempt++, cosine = 1 - (0.7 * (1 - cosine)))
        {
            context.Step("looking for planted children");
            if (Wide is { CanPlant: false })
            {
                break;
            }

            var (convicts, share) = Wide is null ? PlantedWhole(pair, cosine, seed, context) : PlantedWide(Wide.Planted(cosine), agreement.Threshold);
            planted.Add((cosine, convicts, share));
            found = convicts ? cosine : null;
        }

        return this with { Planted = planted, PlantedCosine = found };
    }

    // Of one layer a map is fitted to half of the neurons.
    private (bool Convicts, double Share) PlantedWhole(AlignedPair pair, double cosine, ulong seed, ExactContext context)
    {
        var child = PlantedChild.Of(PlantedChild.Parent(pair.Reference, pair.Suspect), pair.Suspect.Width, cosine, seed, context.Threads, context.Cancellation);
        var seen = child.Layers.Count == 1 ? HiddenSearch.Run(child, pair.Reference, Known.Shares, context.Threads, context.Step, context.Cancellation).Agreement : TwoViewAgreement.Of(
            AlignedPair.Of(child, pair.Reference, context.Threads, context.Step, context.Cancellation, pair.Measured), Known.Shares, context.Threads, context.Cancellation);
        return (seen.Convicts, seen.QuarterShare);
    }

    // The layers of the pair itself are the control for layers that do not correspond.
    private static (bool Convicts, double Share) PlantedWide(IReadOnlyList<double> shares, double threshold)
    {
        var reached = TwoViewAgreement.QuarterShareOf(shares);
        return (reached >= threshold, reached);
    }

    private static RowLengthAgreement? Lengthwise(NeuronMap[] neurons, FoldedModel one, FoldedModel two) => RowLengthAgreement.Of(
        neurons.Select(map => map.LogLengths), neurons.Select(map => map.Views).Append(1).Max() / (2.0 * Math.Min(one.Width, two.Width)),
        neurons.SelectMany(map => map.Pairs).Select(pair => (double?)pair.Cosine).Average());

    private static RowLengthAgreement? Headwise(TwoViewHeads heads) =>
        RowLengthAgreement.Of(heads.LogLengths, heads.Starts.Max(head => head.LogLengthVariance), heads.Starts.Average(head => (head.QueryKey + head.ValueOutput) / 2), byRank: true);

    // So many layers as a picture can show, from the first to the last.
    private static T[] Spread<T>(IReadOnlyList<T> layers)
    {
        var step = Math.Max(1, (layers.Count + MostDrawn - 1) / MostDrawn);
        return [.. layers.Where((_, i) => i % step == 0)];
    }

    // A layer that adds nothing has no rows to measure, on either side.
    private (StandardRows Suspect, StandardRows Reference, double Common)? WrongCell(AlignedPair pair)
    {
        for (var row = 0; row < pair.Suspect.Layers.Count; row++)
        {
            if (pair.Fit.MapOf(row) is { } map
                && pair.Suspect.Layers[row].Judged.Select(StandardRows.Of).FirstOrDefault(AgreementLimit.Measures) is { } one
                && Enumerable.Range(0, pair.Reference.Layers.Count).Where(layer => pair.Reference.Layers[layer].Pool is not null).OrderBy(layer => layer == pair.Fit.Held.Best(row))
                    .Select(layer => StandardRows.Of(pair.Reference.Layers[layer].Pool!.Rows.In(map, 1))).FirstOrDefault(AgreementLimit.Measures) is { } mapped)
            {
                return (one, mapped, Math.Min(one.Count, mapped.Count));
            }
        }

        return null;
    }

    private static string Bytes(long bytes) => bytes >= 1_000_000_000
        ? (bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture) + " GB" : (bytes / 1e6).ToString("0", CultureInfo.InvariantCulture) + " MB";
}
