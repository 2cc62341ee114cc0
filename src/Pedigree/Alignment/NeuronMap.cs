using Pedigree.Anatomy;
using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Alignment;

/// <summary>A neuron of the suspect and the neuron of the reference that two views agree on. Experts as in <see cref="Role.Expert"/>.</summary>
/// <param name="SuspectExpert">Expert of the suspect.</param>
/// <param name="Suspect">Seat in that expert.</param>
/// <param name="ReferenceExpert">Expert of the reference.</param>
/// <param name="Reference">Seat in that expert.</param>
/// <param name="Cosine">Mean cosine of both views.</param>
internal readonly record struct NeuronPair(int SuspectExpert, int Suspect, int ReferenceExpert, int Reference, double Cosine)
{
    /// <summary>A pair of neurons of dense MLPs.</summary>
    public NeuronPair(int suspect, int reference, double cosine)
        : this(Role.Dense, suspect, Role.Dense, reference, cosine)
    {
    }
}

/// <summary>One MLP of the suspect in a <see cref="NeuronMap"/>.</summary>
/// <param name="Expert">Its expert.</param>
/// <param name="Agreeing">Its agreeing neurons.</param>
/// <param name="Possible">Neurons that would agree if all came from the layer of the reference.</param>
/// <param name="Log10Chance">Decimal log of a bound on the probability of so many by chance alone.</param>
internal sealed record ExpertAgreement(int Expert, int Agreeing, double Possible, double Log10Chance);

/// <summary>Neurons of a layer of the suspect and of a layer of the reference that two views agree on.</summary>
/// <param name="SuspectLayer">Layer of the suspect.</param>
/// <param name="ReferenceLayer">Layer of the reference.</param>
/// <param name="Pairs">Agreeing neurons, by expert and seat of the suspect.</param>
/// <param name="LogLengths">For the pairs, the log lengths of their rows: of the wider model in the part of its stream that the other kept. Of experts that are copies only those
/// of the one that agrees most, because the others repeat them. Each as its distance from the mean over its expert, so that experts used more do not count as longer.</param>
/// <param name="Views">Views behind <paramref name="LogLengths"/>.</param>
internal sealed record NeuronMap(
    int SuspectLayer, int ReferenceLayer, IReadOnlyList<NeuronPair> Pairs, IReadOnlyList<UnitLengths> LogLengths, int Views)
{
    /// <summary>For each neuron that both views matched: the seat of the reference by the first view, by the other views, and the mean cosine. Equal seats are agreement.
    /// Seats of experts are counted through all of them.</summary>
    public IReadOnlyList<(int First, int Second, double Cosine)> Matches { get; init; } = [];

    /// <summary>For each judged MLP of the suspect's layer: its expert, the expert of the reference that it agrees with most, and the agreeing share of its neurons.</summary>
    public IReadOnlyList<(int Suspect, int Reference, double Share)> Experts { get; init; } = [];

    /// <summary>The judged MLPs of the suspect's layer, with what chance would give.</summary>
    public IReadOnlyList<ExpertAgreement> Judged { get; init; } = [];

    /// <summary>Finds the agreeing neurons of two layers, under the map that the suspect's layer took no part in.</summary>
    /// <param name="pair">The aligned pair.</param>
    /// <param name="suspectLayer">Layer of the suspect.</param>
    /// <param name="referenceLayer">Layer of the reference.</param>
    /// <param name="threads">Threads to use.</param>
    public static NeuronMap Of(AlignedPair pair, int suspectLayer, int referenceLayer, int threads)
    {
        var pairs = new List<NeuronPair>();
        var matches = new List<(int, int, double)>();
        var experts = new List<ExpertCount>();
        var lengths = new List<(StandardRows Mlp, UnitLengths[] Lengths)>();
        var views = 0;
        foreach (var part in Parts(pair, suspectLayer, referenceLayer))
        {
            var pool = part.Reference.Pool!;
            var mapped = StandardRows.Of(pool.Rows.In(part.Map, threads));
            int Place(int at) => pool.Count == 1 ? pool.Rows.Seats[at] : part.Places?[at] ?? at;
            foreach (var one in part.Suspect.Judged.Select(StandardRows.Of).Where(one => one.Count > 0 && mapped.Count > 0))
            {
                var size = checked(one.Count * mapped.Count);
                var match = TwoViewMatch.Of(one, mapped, pool.Count > 1 ? pool.Mlps : null, (new float[size], new float[size]));
                int[] agreed = [.. Enumerable.Range(0, one.Count).Where(i => match.Agreed[i])];
                pairs.AddRange(agreed.Select(i => (i, at: mapped.Kept[match.First[i]])).Select(found => new NeuronPair(
                    one.Source.Expert, one.Source.Seats[one.Kept[found.i]], part.Reference.Mlps[pool.Mlps[found.at]].Expert, pool.Rows.Seats[found.at], Cosine(found.i))));
                matches.AddRange(Enumerable.Range(0, one.Count).Where(i => match.First[i] >= 0 && match.Second[i] >= 0)
                    .Select(i => (Place(mapped.Kept[match.First[i]]), Place(mapped.Kept[match.Second[i]]), Cosine(i))));
                experts.Add(new ExpertCount(
                    one.Source.Expert, Math.Min(one.Count, Math.Max(mapped.Count, part.Fewest)), LayerAgreement.ChanceOf(one.Count, mapped.Count, pool),
                    [.. agreed.Select(i => part.Reference.Mlps[pool.Mlps[mapped.Kept[match.First[i]]]].Expert)]));

                double Cosine(int i) => (match.FirstSimilarity[i] + match.SecondSimilarity[i]) / 2.0;
                if (agreed.Length > 0)
                {
                    views = Math.Min(one.Views.Count, mapped.Views.Count);
                    var own = part.Map.To > part.Map.From ? one.Source.In(part.Map.Transposed(), threads) : one.Source;
                    lengths.Add((one, [.. agreed.Select(i => (own: one.Kept[i], other: mapped.Kept[match.First[i]])).Select(pair => new UnitLengths(
                        LogLength(own, pair.own, 0, 1), LogLength(own, pair.own, 1, views), LogLength(mapped.Source, pair.other, 0, 1), LogLength(mapped.Source, pair.other, 1, views)))]));
                }
            }
        }

        ExpertCount[] whole = [.. experts.GroupBy(expert => expert.Expert).Select(parts => new ExpertCount(
            parts.Key, parts.Sum(part => part.Possible), parts.Sum(part => part.Chance), [.. parts.SelectMany(part => part.Origins)]))];
        return new NeuronMap(suspectLayer, referenceLayer, [.. pairs.OrderBy(found => found.SuspectExpert).ThenBy(found => found.Suspect)], Once(lengths), views)
        {
            Matches = matches,
            Experts = [.. whole.Where(expert => expert.Origins.Length > 0 && expert.Possible > 0).Select(expert =>
            {
                var origin = expert.Origins.GroupBy(own => own).OrderByDescending(own => own.Count()).ThenBy(own => own.Key).First();
                return (expert.Expert, origin.Key, Math.Min(1, origin.Count() / expert.Possible));
            })],
            Judged = [.. whole.Select(expert => new ExpertAgreement(expert.Expert, expert.Origins.Length, expert.Possible, PoissonTail.Log10Bound(expert.Origins.Length, expert.Chance)))],
        };
    }

    // A whole layer under the map that it took no part in, or each half of its neurons.
    private static IEnumerable<Part> Parts(AlignedPair pair, int suspectLayer, int referenceLayer)
    {
        var whole = pair.Reference.Layers[referenceLayer];
        if (whole.Pool is not { } all)
        {
            yield break;
        }

        if (pair.Fit.Inside is not { } inside)
        {
            if (pair.Fit.MapOf(suspectLayer) is { } map)
            {
                yield return new Part(map, pair.Suspect.Layers[suspectLayer], whole, null, 0);
            }

            yield break;
        }

        var places = Enumerable.Range(0, all.Rows.Count).ToDictionary(at => (all.Mlps[at], all.Rows.Seats[at]));
        for (var half = 0; half < 2; half++)
        {
            if (inside.Maps[half] is { } map && inside.Rest[half].Layers[referenceLayer] is { Pool: { } pool } rest)
            {
                yield return new Part(
                    map, inside.Suspect.Layers[(2 * suspectLayer) + half], rest, [.. Enumerable.Range(0, pool.Rows.Count).Select(at => places[(pool.Mlps[at], pool.Rows.Seats[at])])], all.Rows.Count / 2);
            }
        }
    }

    // Places: of each neuron of the reference, its place among all of the layer; null where it is the same. Fewest: neurons of the reference to count with at least.
    private sealed record Part(ResidualMap Map, LayerInput Suspect, LayerInput Reference, int[]? Places, int Fewest);

    private sealed record ExpertCount(int Expert, double Possible, double Chance, int[] Origins);

    private static IReadOnlyList<UnitLengths> Once(List<(StandardRows Mlp, UnitLengths[] Lengths)> experts)
    {
        var taken = new List<(StandardRows Mlp, UnitLengths[] Lengths)>();
        foreach (var expert in experts.OrderByDescending(expert => expert.Lengths.Length))
        {
            var isCopy = taken.Any(other =>
            {
                var size = checked(expert.Mlp.Count * other.Mlp.Count);
                return TwoViewMatch.Of(expert.Mlp, other.Mlp, null, (new float[size], new float[size])).Agreed.Count(agreed => agreed) > LayerHalves.Kin * expert.Mlp.Count;
            });
            if (!isCopy)
            {
                taken.Add(expert);
            }
        }

        return [.. taken.SelectMany(expert => Centred(expert.Lengths))];
    }

    private static IEnumerable<UnitLengths> Centred(UnitLengths[] lengths)
    {
        UnitLengths[] finite = [.. lengths.Where(unit => double.IsFinite(unit.Suspect) && double.IsFinite(unit.Reference))];
        if (finite.Length == 0)
        {
            return [];
        }

        var (one, two) = (finite.Average(unit => unit.SuspectFirst), finite.Average(unit => unit.SuspectRest));
        var (three, four) = (finite.Average(unit => unit.ReferenceFirst), finite.Average(unit => unit.ReferenceRest));
        return finite.Select(unit => new UnitLengths(unit.SuspectFirst - one, unit.SuspectRest - two, unit.ReferenceFirst - three, unit.ReferenceRest - four));
    }

    private static double LogLength(MlpRows mlp, int unit, int from, int to)
    {
        double sum = 0;
        for (var v = from; v < to; v++)
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
