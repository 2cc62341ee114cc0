using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>A neuron of the suspect and the neuron of the reference that two views agree on. Experts as in <see cref="Anatomy.Role.Expert"/>.</summary>
/// <param name="SuspectExpert">Expert of the suspect.</param>
/// <param name="Suspect">Seat in that expert.</param>
/// <param name="ReferenceExpert">Expert of the reference.</param>
/// <param name="Reference">Seat in that expert.</param>
/// <param name="Cosine">Mean cosine of both views.</param>
internal readonly record struct NeuronPair(int SuspectExpert, int Suspect, int ReferenceExpert, int Reference, double Cosine);

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
/// <param name="Experts">The judged MLPs of the suspect's layer.</param>
/// <param name="LogLengths">For pairs of the MLP that agrees most, the sum over views of the log of the row's length, suspect and reference, before anything was rescaled: a
/// free choice of scale between up and down cancels in it. Of one MLP only, because experts that were copies repeat each other.</param>
/// <param name="Views">Views behind <paramref name="LogLengths"/>.</param>
internal sealed record NeuronMap(
    int SuspectLayer, int ReferenceLayer, IReadOnlyList<NeuronPair> Pairs, IReadOnlyList<ExpertAgreement> Experts,
    IReadOnlyList<(double Suspect, double Reference)> LogLengths, int Views)
{
    /// <summary>Finds the agreeing neurons of two layers, under the map that the suspect's layer took no part in.</summary>
    /// <param name="pair">The aligned pair.</param>
    /// <param name="suspectLayer">Layer of the suspect.</param>
    /// <param name="referenceLayer">Layer of the reference.</param>
    /// <param name="threads">Threads to use.</param>
    public static NeuronMap Of(AlignedPair pair, int suspectLayer, int referenceLayer, int threads)
    {
        var pairs = new List<NeuronPair>();
        var experts = new List<ExpertAgreement>();
        IReadOnlyList<(double, double)> lengths = [];
        var views = 0;
        if (pair.Fit.MapOf(suspectLayer) is not { } map || pair.Reference.Layers[referenceLayer] is not { Pool: { } pool } layer)
        {
            return new NeuronMap(suspectLayer, referenceLayer, pairs, experts, lengths, views);
        }

        var mapped = StandardRows.Of(pool.Rows.In(map, threads));
        foreach (var one in pair.Suspect.Layers[suspectLayer].Judged.Select(StandardRows.Of).Where(one => one.Count > 0 && mapped.Count > 0))
        {
            var size = checked(one.Count * mapped.Count);
            var match = TwoViewMatch.Of(one, mapped, pool.Count > 1 ? pool.Mlps : null, (new float[size], new float[size]));
            int[] agreed = [.. Enumerable.Range(0, one.Count).Where(i => match.Agreed[i])];
            foreach (var i in agreed)
            {
                var at = mapped.Kept[match.First[i]];
                pairs.Add(new NeuronPair(
                    one.Source.Expert, one.Source.Seats[one.Kept[i]], layer.Mlps[pool.Mlps[at]].Expert, pool.Rows.Seats[at],
                    (match.FirstSimilarity[i] + match.SecondSimilarity[i]) / 2.0));
            }

            experts.Add(new ExpertAgreement(
                one.Source.Expert, agreed.Length, pool.Common(one, mapped), PoissonTail.Log10Bound(agreed.Length, LayerAgreement.ChanceOf(one.Count, mapped.Count, pool))));
            if (agreed.Length > lengths.Count)
            {
                views = Math.Min(one.Views.Count, mapped.Views.Count);
                lengths = [.. agreed.Select(i => (LogLength(one.Source, one.Kept[i], views), LogLength(pool.Rows, mapped.Kept[match.First[i]], views)))];
            }
        }

        return new NeuronMap(suspectLayer, referenceLayer, pairs, experts, lengths, views);
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
