namespace Pedigree.Alignment;

/// <summary>Neurons of a layer of the suspect and of a layer of the reference that two views agree on.</summary>
/// <param name="SuspectLayer">Layer of the suspect.</param>
/// <param name="ReferenceLayer">Layer of the reference.</param>
/// <param name="Pairs">Seat in the suspect, seat in the reference and mean cosine of both views, by seat of the suspect.</param>
/// <param name="LogLengths">For each pair, the sum over views of the log of the row's length, suspect and reference, before anything was rescaled: a free choice
/// of scale between up and down cancels in it.</param>
/// <param name="Views">Views behind <paramref name="LogLengths"/>.</param>
internal sealed record NeuronMap(
    int SuspectLayer, int ReferenceLayer, IReadOnlyList<(int Suspect, int Reference, double Cosine)> Pairs, IReadOnlyList<(double Suspect, double Reference)> LogLengths, int Views)
{
    /// <summary>For each neuron that both views matched: the seat of the reference by the first view, by the other views, and the mean cosine. Equal seats are agreement.</summary>
    public IReadOnlyList<(int First, int Second, double Cosine)> Matches { get; init; } = [];

    /// <summary>For each MLP of the suspect's layer: its expert, the expert of the reference that it agrees with most, and the agreeing share of its neurons.</summary>
    public IReadOnlyList<(int Suspect, int Reference, double Share)> Experts { get; init; } = [];

    /// <summary>Finds the agreeing neurons of two layers, under the map that the suspect's layer took no part in. Of experts, the pair that agrees most.</summary>
    /// <param name="pair">The aligned pair.</param>
    /// <param name="suspectLayer">Layer of the suspect.</param>
    /// <param name="referenceLayer">Layer of the reference.</param>
    /// <param name="threads">Threads to use.</param>
    public static NeuronMap Of(AlignedPair pair, int suspectLayer, int referenceLayer, int threads)
    {
        var map = pair.Fit.MapOf(suspectLayer)!;
        (StandardRows One, MlpRows Two, StandardRows Mapped, TwoViewMatch Match)? best = null;
        var experts = new Dictionary<int, (int Suspect, int Reference, double Share)>();
        foreach (var two in pair.Reference.Layers[referenceLayer].Mlps)
        {
            var mapped = StandardRows.Of(two.In(map, threads));
            foreach (var one in pair.Suspect.Layers[suspectLayer].Mlps.Select(StandardRows.Of))
            {
                var size = checked(one.Count * mapped.Count);
                var match = TwoViewMatch.Of(one, mapped, (new float[size], new float[size]));
                var share = size == 0 ? 0 : (double)match.Agreeing / Math.Min(one.Count, mapped.Count);
                var expert = one.Source.Expert;
                if (!experts.TryGetValue(expert, out var known) || share > known.Share)
                {
                    experts[expert] = (expert, two.Expert, share);
                }

                if (best is null || match.Agreeing > best.Value.Match.Agreeing)
                {
                    best = (one, two, mapped, match);
                }
            }
        }

        if (best is not { } found)
        {
            return new NeuronMap(suspectLayer, referenceLayer, [], [], 0);
        }

        var pairs = new List<(int, int, double)>();
        var matches = new List<(int, int, double)>();
        var lengths = new List<(double, double)>();
        var views = Math.Min(found.One.Views.Count, found.Two.Views.Count);
        for (var i = 0; i < found.Match.First.Length; i++)
        {
            var j = found.Match.First[i];
            var cosine = (found.Match.FirstSimilarity[i] + found.Match.SecondSimilarity[i]) / 2.0;
            if (j >= 0 && found.Match.Second[i] is >= 0 and var other)
            {
                matches.Add((found.Two.Seats[found.Mapped.Kept[j]], found.Two.Seats[found.Mapped.Kept[other]], cosine));
            }

            if (j >= 0 && j == found.Match.Second[i])
            {
                var (at, to) = (found.One.Kept[i], found.Mapped.Kept[j]);
                pairs.Add((found.One.Source.Seats[at], found.Two.Seats[to], cosine));
                lengths.Add((LogLength(found.One.Source, at, views), LogLength(found.Two, to, views)));
            }
        }

        return new NeuronMap(suspectLayer, referenceLayer, pairs, lengths, views)
        {
            Matches = matches,
            Experts = [.. experts.Values.OrderBy(expert => expert.Suspect)],
        };
    }

    private static double LogLength(MlpRows mlp, int unit, int views)
    {
        double sum = 0;
        for (var v = 0; v < views; v++)
        {
            double square = 0;
            foreach (var value in mlp.Views[v].AsSpan(unit * mlp.Width, mlp.Width))
            {
                square += (double)value * value;
            }

            sum += 0.5 * Math.Log(square);
        }

        return sum;
    }
}
