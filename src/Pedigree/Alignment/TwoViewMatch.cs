using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Neurons of a suspect's MLP matched to a reference's in two disjoint views, and how often both views name the same neuron (methods 17.4).</summary>
/// <param name="First">For every suspect neuron its match by the first view, or -1.</param>
/// <param name="Second">The match by the other views.</param>
/// <param name="FirstSimilarity">Cosine in the first view of the pair that the first view matched.</param>
/// <param name="SecondSimilarity">Weighted cosine in the other views of the pair that they matched; by absolute value where the sign is free.</param>
/// <param name="Agreed">Whether both views name the same neuron, or two copies of one neuron in different experts; not where the views of both follow from each other
/// (<see cref="StandardRows.OneView"/>).</param>
internal sealed record TwoViewMatch(int[] First, int[] Second, float[] FirstSimilarity, float[] SecondSimilarity, bool[] Agreed)
{
    // Normal deviate of 1e-6.
    private const double Deviates = 4.7534;

    /// <summary>Neurons on which both views agree.</summary>
    public int Agreeing => Agreed.Count(agreed => agreed);

    /// <summary>Matches two MLPs whose rows are in one basis. One-to-one, so that a row that resembles many is not matched to all of them.</summary>
    /// <param name="suspect">The suspect's neurons, standardised.</param>
    /// <param name="reference">The reference's neurons, standardised, in the suspect's basis.</param>
    /// <param name="mlps">For each row that was read of the reference, the MLP that it belongs to; null when all belong to one.</param>
    /// <param name="scratch">Two buffers of at least suspect × reference values.</param>
    public static TwoViewMatch Of(StandardRows suspect, StandardRows reference, int[]? mlps, (float[] First, float[] Second) scratch)
    {
        var (m, n) = (suspect.Count, reference.Count);
        var size = checked(m * n);
        RowProducts.Multiply(suspect.Views[0], m, reference.Views[0], n, suspect.Width, scratch.First);
        var others = Math.Min(suspect.Views.Count, reference.Views.Count) - 1;
        for (var v = 1; v <= others; v++)
        {
            RowProducts.Multiply(suspect.Views[v], m, reference.Views[v], n, suspect.Width, scratch.Second, accumulate: v > 1);
        }

        var free = suspect.SignFree && reference.SignFree;
        for (var i = 0; i < size; i++)
        {
            scratch.Second[i] = (free ? MathF.Abs(scratch.Second[i]) : scratch.Second[i]) / others;
        }

        var first = new int[m];
        var second = new int[m];
        StableMatching.Match(scratch.First, m, n, first);
        StableMatching.Match(scratch.Second, m, n, second);
        var (firstSimilarity, secondSimilarity, agreed) = (new float[m], new float[m], new bool[m]);
        for (var i = 0; i < m; i++)
        {
            firstSimilarity[i] = first[i] < 0 ? float.NaN : scratch.First[(i * n) + first[i]];
            secondSimilarity[i] = second[i] < 0 ? float.NaN : scratch.Second[(i * n) + second[i]];
            agreed[i] = first[i] >= 0 && !(suspect.OneView[i] && reference.OneView[first[i]]) && (first[i] == second[i] || (second[i] >= 0 && mlps is not null && mlps[reference.Kept[first[i]]] != mlps[reference.Kept[second[i]]]
                && AreCopies(reference, first[i], second[i], firstSimilarity[i], secondSimilarity[i], others, free)));
        }

        return new TwoViewMatch(first, second, firstSimilarity, secondSimilarity, agreed);
    }

    // In a reference that was itself made from a dense model the experts hold copies of one neuron, trained on. Which of them a view names is chance, so two that resemble each
    // other in both views count as one. Two children of the suspect's neuron at cosines a and b have a cosine of a·b, of which noise leaves half; two rows that have nothing
    // to do with each other reach the floor with a chance of 1e-6 in each view.
    private static bool AreCopies(StandardRows reference, int one, int two, float first, float second, int others, bool free)
    {
        var floor = Deviates / Math.Sqrt(reference.Width);
        if (Product(reference, 0, one, two) < Math.Max(floor, first * first / 2))
        {
            return false;
        }

        double sum = 0;
        for (var v = 1; v <= others; v++)
        {
            sum += Product(reference, v, one, two);
        }

        return (free ? Math.Abs(sum) : sum) / others >= Math.Max(floor, second * second / 2);
    }

    private static double Product(StandardRows rows, int view, int one, int two) => FixedOrderSum.Products(
        rows.Views[view].AsSpan(one * rows.Width, rows.Width), rows.Views[view].AsSpan(two * rows.Width, rows.Width));
}
