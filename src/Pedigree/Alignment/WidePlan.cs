using Pedigree.Units;

namespace Pedigree.Alignment;

/// <summary>What the search reads of models too large to be held whole: a few neurons of a few layers of the suspect, and <b>every</b> neuron of layers of the reference.</summary>
/// <remarks>
/// The reference's layers are read whole because a neuron agrees only if its origin is among those read. Were m of n neurons drawn on both sides, at most m/n could agree
/// (5 % of a layer of 14,000 with 700 drawn), and correcting for that would favour strangers: where most of a family of similar neurons was not drawn, two views name the same
/// member more easily.
/// </remarks>
/// <param name="SuspectLayers">Layers of the suspect that are judged, ascending.</param>
/// <param name="ReferenceLayers">Layers of the reference that they are compared with, ascending.</param>
/// <param name="Seats">Neurons drawn of each of the suspect's layers.</param>
/// <param name="WithDown">Whether down projections are read.</param>
/// <param name="TokensPerDimension">Embedding and unembedding rows read, in multiples of the width; 0 when no vocabulary is shared.</param>
/// <param name="Bytes">Bytes that either model costs, at most.</param>
internal sealed record WidePlan(
    IReadOnlyList<int> SuspectLayers, IReadOnlyList<int> ReferenceLayers, int Seats, bool WithDown, int TokensPerDimension, long Bytes)
{
    /// <summary>Whether a map is looked for without a vocabulary (<see cref="WideInvariants"/>) where none is shared.</summary>
    public bool ByInvariants { get; init; }

    /// <summary>Whether such a map is looked for where a vocabulary is shared and has led nowhere: the reference's layers are then read twice.</summary>
    public bool ThenByInvariants { get; init; }

    /// <summary>Layers of the suspect on which such a map is fitted when those of a half are judged: none that are judged at all if there are enough others, else those of the other half.</summary>
    /// <param name="layers">Layers that have neurons.</param>
    /// <param name="judged">Layers that are judged.</param>
    /// <param name="half">0 for every other judged layer from the first, 1 for those between.</param>
    public static IReadOnlyList<int> FittedFor(IReadOnlyList<int> layers, IReadOnlyList<int> judged, int half)
    {
        int[] others = [.. layers.Where(layer => !judged.Contains(layer))];
        return others.Length >= WideInvariants.MostFit ? Spread(others, WideInvariants.MostFit) : Spread([.. judged.Where((_, i) => i % 2 != half)], WideInvariants.MostFit);
    }

    /// <summary>Width up to which a model is aligned whole; the polar factor of one matrix of this size takes half a second on two cores.</summary>
    public const int MostWholeWidth = 1024;

    /// <summary>Experts of a layer of the suspect among which its neurons are drawn.</summary>
    public const int MostExperts = 16;

    // A layer counts from 15 % of its neurons: 38 of 256, where chance gives one and its largest of ten thousand cells gives nine.
    private const int DrawnSeats = 256;

    // More layers than this are judged as long as the comparison stays below a minute or so on two cores.
    private const int UsualLayers = 8;
    private const int FewestLayers = 4;
    private const double MostWork = 2e12;

    private const int Views = 3;

    /// <summary>Plans within a budget.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="sharedTokens">Tokens that both vocabularies have.</param>
    /// <param name="byInvariants">Whether a map is looked for without a vocabulary where none is shared.</param>
    /// <param name="budget">Bytes that may still be read of each model.</param>
    /// <param name="needed">Receives the fewest bytes that would do; 0 when no budget would.</param>
    /// <returns>The plan, or null when the budget is too small or the models have no start in common.</returns>
    public static WidePlan? Within(FoldedModel suspect, FoldedModel reference, int sharedTokens, bool byInvariants, long budget, out long needed)
    {
        needed = 0;
        var width = Math.Min(suspect.Width, reference.Width);
        var perDimension = Math.Min(VocabularyAlignment.MostRowsPerDimension, sharedTokens / Math.Max(1, width));
        if (perDimension < VocabularyAlignment.RowsPerDimension)
        {
            perDimension = 0;
            if (suspect.Width != reference.Width && !byInvariants)
            {
                return null;
            }
        }

        foreach (var plan in Candidates(suspect, reference, perDimension, byInvariants))
        {
            needed = plan.Bytes;
            if (plan.Bytes <= budget)
            {
                return plan;
            }
        }

        return null;
    }

    // The best first: more layers of the reference before down projections, because a layer that was moved is found only among those read.
    private static IEnumerable<WidePlan> Candidates(FoldedModel suspect, FoldedModel reference, int perDimension, bool byInvariants)
    {
        var (own, other) = (WithNeurons(suspect), WithNeurons(reference));
        if (own.Count == 0 || other.Count == 0)
        {
            yield break;
        }

        var candidates = other.Sum(layer => reference.Experts(layer).Sum(expert => (double)reference.Neurons(layer, expert)));
        var affordable = (int)Math.Min(own.Count, MostWork / Math.Max(1, 3.0 * DrawnSeats * candidates * Numerics.RowProjection.Length));
        foreach (var count in new[] { Math.Max(UsualLayers, affordable), UsualLayers, FewestLayers }.Distinct())
        {
            var judged = Spread(own, count);
            foreach (var near in new[] { other.Count, 3, 1 })
            {
                var layers = Near(judged, suspect.Layers, other, reference.Layers, near);
                foreach (var down in new[] { true, false })
                {
                    var tokens = count >= UsualLayers ? perDimension : Math.Min(perDimension, VocabularyAlignment.RowsPerDimension);
                    var words = 2L * tokens * Math.Min(suspect.Width, reference.Width) * Math.Max(suspect.VocabularyRowBytes, reference.VocabularyRowBytes);
                    var (drawn, read) = (SuspectCost(suspect, judged, down), ReferenceCost(reference, layers, down));
                    if (byInvariants)
                    {
                        // Judged layers as well: once a relation is shown, linked ones shape the map for those without an origin.
                        var fitted = ReferenceCost(suspect, [.. judged.Union(FittedFor(own, judged, 0)).Union(FittedFor(own, judged, 1))], down);
                        var (first, then) = (perDimension == 0, perDimension > 0);
                        yield return new WidePlan(judged, layers, DrawnSeats, down, tokens, words + Math.Max(fitted, then ? 2 * read : read)) { ByInvariants = first, ThenByInvariants = then };
                    }

                    if (perDimension > 0 || !byInvariants)
                    {
                        yield return new WidePlan(judged, layers, DrawnSeats, down, tokens, words + Math.Max(drawn, read));
                    }
                }
            }
        }
    }

    /// <summary>Whether children can be planted: where only the basis as stored is searched, a child in another could not be found.</summary>
    public bool CanPlant => TokensPerDimension > 0 || ByInvariants;

    /// <summary>What of the layers is compared, as a phrase.</summary>
    /// <param name="suspectLayers">Layers of the suspect.</param>
    /// <param name="referenceLayers">Layers of the reference.</param>
    public string Extent(int suspectLayers, int referenceLayers) =>
        $"{SuspectLayers.Count} of the suspect's {suspectLayers} layers with {ReferenceLayers.Count} of the reference's {referenceLayers}";

    /// <summary>Multiply-adds of the search: one orthogonal factor and the comparison of all layers under two maps; more where a map is fitted without a vocabulary. A search that
    /// goes on without the shared vocabulary takes longer.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="found">Whether a map without a vocabulary leads somewhere at once; otherwise pairs of layers are tried alone.</param>
    public double Multiplications(FoldedModel suspect, FoldedModel reference, bool found)
    {
        double width = Math.Max(suspect.Width, reference.Width);
        var candidates = ReferenceLayers.Sum(layer => reference.Experts(layer).Sum(expert => (double)reference.Neurons(layer, expert)));
        var blind = ByInvariants ? Blind(suspect, width, candidates / Math.Max(1, ReferenceLayers.Count), found) : 0;
        return blind + (TokensPerDimension > 0 ? (WideInvariants.Factor * width * width * width) + (2.0 * TokensPerDimension * width * width * width) : 0)
            + (2.0 * Views * SuspectLayers.Count * Seats * candidates * Numerics.RowProjection.Length);
    }

    // Second moments of the layers that are fitted on and of those of the reference near them, then the rounds of each half, of as many pairs of layers as are fitted on.
    private double Blind(FoldedModel suspect, double width, double neurons, bool found)
    {
        var layers = WithNeurons(suspect);
        var (even, odd) = (FittedFor(layers, SuspectLayers, 0), FittedFor(layers, SuspectLayers, 1));
        IReadOnlyList<int>[] halves = even.SequenceEqual(odd) ? [even] : [even, odd];
        var own = halves.Sum(half => half.Count);
        var moments = own + Math.Min(ReferenceLayers.Count, WideNames.Near * own);
        var named = Math.Min(WideNames.Neurons, neurons);
        var rounds = halves.Sum(half => WideInvariants.Work(width, half.Count, named, neurons));
        var trials = found ? 0 : halves.Sum(half => Math.Min(WideInvariants.TrialWork, 2 * half.Count * WideInvariants.Work(width, 1, named, neurons)));
        return (moments * Views * neurons * width * width) + rounds + trials;
    }

    /// <summary>Neurons drawn of each MLP of a layer of the suspect: those of up to <see cref="MostExperts"/> experts, evenly.</summary>
    /// <param name="model">The suspect.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="seats">Neurons drawn in all.</param>
    /// <param name="seed">The comparison's seed.</param>
    public static IEnumerable<(int Expert, int[] Seats)> Drawn(FoldedModel model, int layer, int seats, ulong seed)
    {
        const ulong expertStream = 0x7769646565787074;
        const ulong seatStream = 0x7769646573656174;
        var experts = model.Alike(layer);
        if (experts.Count > MostExperts)
        {
            var order = new Numerics.CounterRandom(seed, Numerics.CounterRandom.Mix(expertStream, (ulong)experts.Count)).Permutation(experts.Count);
            experts = [.. order.Take(MostExperts).Order().Select(i => experts[i])];
        }

        var each = (seats + experts.Count - 1) / Math.Max(1, experts.Count);
        foreach (var expert in experts.Where(expert => model.Neurons(layer, expert) > 0))
        {
            var total = model.Neurons(layer, expert);
            // Each expert has seats of its own: of copies of one MLP the same seats would hold the same neurons, which compete for one origin.
            yield return (expert, SeatSample.Draw(total, Math.Min(total, each), seed, expert < 0 ? seatStream : Numerics.CounterRandom.Mix(seatStream, (ulong)expert)));
        }
    }

    /// <summary>Layers of a model that have neurons.</summary>
    public static IReadOnlyList<int> WithNeurons(FoldedModel model) =>
        [.. Enumerable.Range(0, model.Layers).Where(layer => model.Alike(layer).Any(expert => model.Neurons(layer, expert) > 1))];

    /// <summary>Some of the layers, evenly spread; all where there are no more.</summary>
    public static IReadOnlyList<T> Spread<T>(IReadOnlyList<T> layers, int count) => layers.Count <= count
        ? layers : [.. Enumerable.Range(0, count).Select(i => layers[(int)((i + 0.5) * layers.Count / count)])];

    // For each judged layer, the reference's layers nearest in relative depth.
    private static IReadOnlyList<int> Near(IReadOnlyList<int> judged, int suspectLayers, IReadOnlyList<int> layers, int referenceLayers, int each) =>
        [.. judged.SelectMany(layer =>
        {
            var depth = ((layer + 0.5) / suspectLayers * referenceLayers) - 0.5;
            return layers.OrderBy(other => Math.Abs(other - depth)).ThenBy(other => other).Take(each);
        }).Distinct().Order()];

    private static long SuspectCost(FoldedModel model, IReadOnlyList<int> layers, bool down) => layers.Sum(layer => Drawn(model, layer, DrawnSeats, 0)
        .Sum(mlp => (model.NeuronBytes(layer, mlp.Expert) * mlp.Seats.Length) + (ReadsDown(model, layer, mlp.Expert, down) ? model.DownBytes(layer, mlp.Expert) : 0)));

    private static long ReferenceCost(FoldedModel model, IReadOnlyList<int> layers, bool down) => layers.Sum(layer => model.Experts(layer)
        .Sum(expert => (model.NeuronBytes(layer, expert) * model.Neurons(layer, expert)) + (ReadsDown(model, layer, expert, down) ? model.DownBytes(layer, expert) : 0)));

    // Without a gate the columns of down are the second view.
    private static bool ReadsDown(FoldedModel model, int layer, int expert, bool down) =>
        down || model.Stored.Find(new Anatomy.Role(Anatomy.Part.Gate, layer, expert)) is null;
}
