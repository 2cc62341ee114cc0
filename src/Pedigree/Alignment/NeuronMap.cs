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
    /// <summary>Finds the agreeing neurons of two layers, under the map that the suspect's layer took no part in. Of experts, the pair that agrees most.</summary>
    /// <param name="pair">The aligned pair.</param>
    /// <param name="suspectLayer">Layer of the suspect.</param>
    /// <param name="referenceLayer">Layer of the reference.</param>
    /// <param name="threads">Threads to use.</param>
    public static NeuronMap Of(AlignedPair pair, int suspectLayer, int referenceLayer, int threads)
    {
        var map = pair.Fit.MapOf(suspectLayer)!;
        (StandardRows One, MlpRows Two, StandardRows Mapped, TwoViewMatch Match)? best = null;
        foreach (var two in pair.Reference.Layers[referenceLayer].Mlps)
        {
            var mapped = StandardRows.Of(two.In(map, threads));
            foreach (var one in pair.Suspect.Layers[suspectLayer].Mlps.Select(StandardRows.Of))
            {
                var size = checked(one.Count * mapped.Count);
                var match = TwoViewMatch.Of(one, mapped, (new float[size], new float[size]));
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
        var lengths = new List<(double, double)>();
        var views = Math.Min(found.One.Views.Count, found.Two.Views.Count);
        for (var i = 0; i < found.Match.First.Length; i++)
        {
            var j = found.Match.First[i];
            if (j >= 0 && j == found.Match.Second[i])
            {
                var (at, to) = (found.One.Kept[i], found.Mapped.Kept[j]);
                pairs.Add((found.One.Source.Seats[at], found.Two.Seats[to], (found.Match.FirstSimilarity[i] + found.Match.SecondSimilarity[i]) / 2.0));
                lengths.Add((LogLength(found.One.Source, at, views), LogLength(found.Two, to, views)));
            }
        }

        return new NeuronMap(suspectLayer, referenceLayer, pairs, lengths, views);
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
