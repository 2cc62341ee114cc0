using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Neurons of a suspect's MLP matched to a reference's in two disjoint views, and how often both views name the same neuron (methods 17.4).</summary>
/// <param name="First">For every suspect neuron its match by the first view, or -1.</param>
/// <param name="Second">The match by the other views.</param>
/// <param name="FirstSimilarity">Cosine in the first view of the pair that the first view matched.</param>
/// <param name="SecondSimilarity">Weighted cosine in the other views of the pair that they matched; by absolute value where the sign is free.</param>
/// <param name="Signs">Sign of the second similarity before its absolute value was taken.</param>
internal sealed record TwoViewMatch(int[] First, int[] Second, float[] FirstSimilarity, float[] SecondSimilarity, float[] Signs)
{
    /// <summary>Neurons on which both views agree.</summary>
    public int Agreeing => First.Where((match, i) => match >= 0 && match == Second[i]).Count();

    /// <summary>Matches two MLPs whose rows are in one basis. One-to-one, so that a row that resembles many is not matched to all of them.</summary>
    /// <param name="suspect">The suspect's neurons, standardised.</param>
    /// <param name="reference">The reference's neurons, standardised, in the suspect's basis.</param>
    /// <param name="scratch">Two buffers of at least suspect × reference values.</param>
    public static TwoViewMatch Of(StandardRows suspect, StandardRows reference, (float[] First, float[] Second) scratch)
    {
        var (m, n) = (suspect.Count, reference.Count);
        var size = checked(m * n);
        RowProducts.Multiply(suspect.Views[0], m, reference.Views[0], n, suspect.Width, scratch.First);
        var others = Math.Min(suspect.Views.Count, reference.Views.Count) - 1;
        for (var v = 1; v <= others; v++)
        {
            RowProducts.Multiply(suspect.Views[v], m, reference.Views[v], n, suspect.Width, scratch.Second, accumulate: v > 1);
        }

        var signs = suspect.SignFree && reference.SignFree ? scratch.Second.AsSpan(0, size).ToArray() : null;
        for (var i = 0; i < size; i++)
        {
            scratch.Second[i] = (signs is null ? scratch.Second[i] : MathF.Abs(scratch.Second[i])) / others;
        }

        var first = new int[m];
        var second = new int[m];
        StableMatching.Match(scratch.First, m, n, first);
        StableMatching.Match(scratch.Second, m, n, second);
        var (firstSimilarity, secondSimilarity, sign) = (new float[m], new float[m], new float[m]);
        for (var i = 0; i < m; i++)
        {
            firstSimilarity[i] = first[i] < 0 ? float.NaN : scratch.First[(i * n) + first[i]];
            secondSimilarity[i] = second[i] < 0 ? float.NaN : scratch.Second[(i * n) + second[i]];
            sign[i] = second[i] < 0 || signs is null ? 1 : MathF.Sign(signs[(i * n) + second[i]]);
        }

        return new TwoViewMatch(first, second, firstSimilarity, secondSimilarity, sign);
    }
}
