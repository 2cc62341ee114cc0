using Pedigree.Anatomy;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Which matrices of two models can be compared place by place, and how much of each is read.</summary>
/// <param name="Views">What is compared, in canonical order.</param>
/// <param name="Share">Share of the rows of each matrix that is read; 1 when everything is.</param>
/// <param name="Stride">One matrix in so many of each part is read; 1 when all are.</param>
/// <param name="Unequal">Roles that both models have in different sizes.</param>
internal sealed record ComparisonPlan(IReadOnlyList<ComparedView> Views, double Share, int Stride, int Unequal)
{
    // One row could not be shifted against its neighbour.
    private const int FewestRows = 2;

    /// <summary>Plans a comparison that reads at most <paramref name="budgetBytes"/> from each model.</summary>
    public static ComparisonPlan Make(ModelAnatomy reference, ModelAnatomy suspect, long budgetBytes)
    {
        var pairs = new List<ComparedView>();
        var unequal = 0;
        foreach (var (role, view) in reference.Views.OrderBy(entry => entry.Key))
        {
            if (suspect.Find(role) is not { } other || !RowRuns.IsReadable(view) || !RowRuns.IsReadable(other))
            {
                continue;
            }

            if (Common(role.Part, view, other) is { } common)
            {
                pairs.Add(new ComparedView(role, common.Reference, common.Suspect, []));
            }
            else
            {
                unequal++;
            }
        }

        var stride = 1;
        var chosen = pairs;
        while (chosen.Sum(Fewest) > budgetBytes && stride < pairs.Count)
        {
            stride++;
            chosen = [.. pairs.GroupBy(pair => (pair.Role.Part, pair.Role.BiasOf))
                .SelectMany(part => part.Where((_, index) => index % stride == 0)).OrderBy(pair => pair.Role)];
        }

        var whole = chosen.Sum(Whole);
        var share = whole <= budgetBytes ? 1 : Math.Max(0, (double)(budgetBytes - chosen.Sum(Fewest)) / whole);
        return new ComparisonPlan(
            [.. chosen.Select(pair => pair with { Runs = RowRuns.Choose(pair.Reference.Rows, pair.Reference.Columns, share, FewestRows) })],
            share, stride, unequal);
    }

    /// <summary>What was left out, as sentences; empty when nothing was.</summary>
    public string Note()
    {
        var sentences = new List<string>();
        if (Share < 1)
        {
            sentences.Add(FormattableString.Invariant(
                $"Read {100 * Share:0.##} % of the rows of each matrix (at least {FewestRows}) in up to {RowRuns.Runs} runs at fixed fractions of its height."));
        }

        if (Stride > 1)
        {
            sentences.Add(FormattableString.Invariant($"Only one matrix in {Stride} of each part was read."));
        }

        if (Unequal > 0)
        {
            sentences.Add(FormattableString.Invariant($"{Unequal} matrices of unequal size were not compared."));
        }

        return string.Join(' ', sentences);
    }

    // Tables over the vocabulary are often padded or extended at the end: their common rows have the same seats.
    private static (TensorView Reference, TensorView Suspect)? Common(Part part, TensorView reference, TensorView suspect)
    {
        if (reference.Columns != suspect.Columns)
        {
            return null;
        }

        if (reference.Rows == suspect.Rows)
        {
            return (reference, suspect);
        }

        var rows = Math.Min(reference.Rows, suspect.Rows);
        return part is Part.Embedding or Part.Unembedding or Part.PositionEmbedding
            ? (reference.RowRange(0, rows), suspect.RowRange(0, rows))
            : null;
    }

    private static long Whole(ComparedView pair) =>
        Math.Max(RowRuns.StoredBytes(pair.Reference), RowRuns.StoredBytes(pair.Suspect));

    private static long Fewest(ComparedView pair) =>
        Whole(pair) / pair.Reference.Rows * Math.Min(FewestRows, pair.Reference.Rows);
}
