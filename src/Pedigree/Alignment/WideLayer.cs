using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Alignment;

/// <summary>A judged layer of the suspect under one start, and what comparing it with layers of the reference has shown so far.</summary>
/// <param name="layer">Layer of the suspect.</param>
/// <param name="mlps">Its drawn neurons; of their rows nothing is used.</param>
/// <param name="rows">The same neurons in the reference's basis, shortened; null when it has none.</param>
internal sealed class WideLayer(int layer, IReadOnlyList<MlpRows> mlps, ShortenedLayer? rows)
{
    /// <summary>The best layer of the reference so far.</summary>
    /// <param name="Layer">Its index.</param>
    /// <param name="Neurons">Neurons on which both views agree.</param>
    /// <param name="Origins">Its rows at the seats that were drawn of the suspect, shortened.</param>
    internal sealed record BestLayer(int Layer, NeuronMap Neurons, IReadOnlyList<MlpRows> Origins);

    /// <summary>Layer of the suspect.</summary>
    public int Layer => layer;

    /// <summary>The neurons, shortened; null when there are none.</summary>
    public ShortenedLayer? Rows => rows;

    /// <summary>By layer of the reference: agreeing neurons, those that could have agreed, and those that agree by chance.</summary>
    public SortedDictionary<int, (int Agreeing, int Possible, double Chance)> Counts { get; } = [];

    /// <summary>The layer of the reference that agrees most, the lower among equals.</summary>
    public BestLayer? Best { get; private set; }

    /// <summary>Its agreeing neurons; 0 when there is none.</summary>
    public int BestAgreeing => Best is { } best ? Counts[best.Layer].Agreeing : 0;

    /// <summary>Its agreeing share; 0 when there is none.</summary>
    public double BestShare => Best is { } best ? Share(best.Layer) : 0;

    /// <summary>Agreeing share of a layer; 0 when it was not compared.</summary>
    public double Share(int other) => Counts.TryGetValue(other, out var count) && count.Possible > 0 ? (double)count.Agreeing / count.Possible : 0;

    /// <summary>Compares with a layer of the reference.</summary>
    /// <param name="pool">The layer, shortened.</param>
    /// <param name="reference">The reference.</param>
    public void Compare(ShortenedLayer pool, FoldedModel reference)
    {
        var (one, two) = (rows!.Rows, pool.Rows);
        var size = checked(one.Count * two.Count);
        if (size == 0 || Math.Min(one.Views.Count, two.Views.Count) < 2)
        {
            return;
        }

        var match = TwoViewMatch.Of(one, two, pool.Experts, (new float[size], new float[size]));
        var agreeing = match.Agreeing;
        Counts[pool.Layer] = (agreeing, Math.Min(one.Count, two.Count), ChanceOf(one.Count, pool));
        if (Best is null || agreeing > BestAgreeing)
        {
            Best = new BestLayer(pool.Layer, Neurons(match, pool), Origins(pool, reference));
        }
    }

    /// <summary>The drawn neurons as MLPs, with rows as shortened.</summary>
    public IReadOnlyList<MlpRows> Mlps() => [.. mlps.Select(mlp => rows!.At(mlp.Expert, mlp.TotalSeats, mlp.Seats.ToHashSet()))];

    private List<MlpRows> Origins(ShortenedLayer pool, FoldedModel reference) =>
        [.. mlps.Where(mlp => reference.Neurons(pool.Layer, mlp.Expert) > 0)
            .Select(mlp => pool.At(mlp.Expert, reference.Neurons(pool.Layer, mlp.Expert), mlp.Seats.ToHashSet()))];

    private NeuronMap Neurons(TwoViewMatch match, ShortenedLayer pool)
    {
        var (one, two) = (rows!.Rows, pool.Rows);
        var pairs = new List<NeuronPair>();
        var matches = new List<(int, int, double)>();
        var lengths = new List<UnitLengths>();
        var partners = new SortedDictionary<(int Suspect, int Reference), int>();
        for (var i = 0; i < match.First.Length; i++)
        {
            var j = match.First[i];
            var cosine = (match.FirstSimilarity[i] + match.SecondSimilarity[i]) / 2.0;
            if (j >= 0 && match.Second[i] is >= 0 and var other)
            {
                matches.Add((Seat(pool, two.Kept[j]), Seat(pool, two.Kept[other]), cosine));
            }

            if (match.Agreed[i])
            {
                var (at, to) = (one.Kept[i], two.Kept[j]);
                pairs.Add(new NeuronPair(rows.Places[at].Expert, rows.Places[at].Seat, pool.Places[to].Expert, pool.Places[to].Seat, cosine));
                var partner = (rows.Places[at].Expert, pool.Places[to].Expert);
                partners[partner] = partners.GetValueOrDefault(partner) + 1;
                lengths.Add(new UnitLengths(rows.LogLengths[at].First, rows.LogLengths[at].Others, pool.LogLengths[to].First, pool.LogLengths[to].Others));
            }
        }

        return new NeuronMap(layer, pool.Layer, pairs, lengths, Math.Min(one.Views.Count, two.Views.Count))
        {
            Matches = matches,
            Judged = [.. mlps.Select(mlp => (mlp, Agreeing: pairs.Count(pair => pair.SuspectExpert == mlp.Expert))).Select(own => new ExpertAgreement(
                own.mlp.Expert, own.Agreeing, own.mlp.Count, PoissonTail.Log10Bound(own.Agreeing, ChanceOf(own.mlp.Count, pool))))],
            Experts = [.. partners.GroupBy(partner => partner.Key.Suspect).Select(own => own.MaxBy(partner => partner.Value))
                .Select(partner => (partner.Key.Suspect, partner.Key.Reference, (double)partner.Value / mlps.Where(mlp => mlp.Expert == partner.Key.Suspect).Sum(mlp => mlp.Count)))],
        };
    }

    /// <summary>Agreeing neurons that chance gives, see <see cref="LayerAgreement.Chance"/>.</summary>
    /// <param name="neurons">Neurons of the suspect.</param>
    /// <param name="pool">The reference's layer.</param>
    private static double ChanceOf(int neurons, ShortenedLayer pool) =>
        (double)Math.Min(neurons, pool.Rows.Count) * pool.Places.Select(place => place.Expert).Distinct().Count() / pool.Rows.Count;

    // Experts have seats of their own; for drawing they are counted through all of them.
    private static int Seat(ShortenedLayer pool, int place) => pool.Places[0].Expert == pool.Places[^1].Expert ? pool.Places[place].Seat : place;
}
