using System.Buffers;
using Pedigree.Anatomy;
using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>How closely the components of two models agree place by place.</summary>
/// <param name="Components">One entry a component that both models have in a comparable size, in a fixed order.</param>
/// <param name="Items">One item for each kind of matrix, with one value a layer.</param>
public sealed record ComponentCosineResult(IReadOnlyList<ComponentAgreement> Components, IReadOnlyList<EvidenceItem> Items);

/// <summary>Cosines of equally sized matrices with the same role, seat by seat, beside the same cosine with the units of one side shifted by
/// one seat. A high cosine says that values are shared; a low one says nothing, because reordering units changes no function.</summary>
public static class ComponentCosines
{
    /// <summary>Identifier of the evidence items.</summary>
    public const string Test = "tensor-cosine";

    private static readonly string[] Order = ["embedding", "attention", "mlp", "router", "norms", "bias", "unembedding"];

    /// <summary>Compares every matrix that both models have in the same layer, part and expert, and in the same size.</summary>
    /// <param name="reference">The model that may be the parent.</param>
    /// <param name="suspect">The model examined.</param>
    /// <param name="budgetBytes">Bytes that may be read from each model; whole runs of rows are sampled where that is not enough.</param>
    public static ComponentCosineResult Compare(DescribedModel reference, DescribedModel suspect, long budgetBytes)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(suspect);
        ArgumentOutOfRangeException.ThrowIfNegative(budgetBytes);
        var plan = ComparisonPlan.Make(reference.Anatomy, suspect.Anatomy, budgetBytes);

        // Each matrix has a place of its own in the results, so the order in which threads finish changes nothing.
        var placed = new ValueAgreement[plan.Views.Count];
        var shifted = new ValueAgreement[plan.Views.Count];
        Parallel.For(0, plan.Views.Count, SharedThreads.Options(reference.Threads), index => (placed[index], shifted[index]) = Agree(reference, suspect, plan.Views[index]));

        var views = plan.Views.Select((view, index) => (view, placed: placed[index], shifted: shifted[index])).ToArray();
        var components = views.GroupBy(entry => ComponentOf(entry.view.Role.Part), StringComparer.Ordinal)
            .OrderBy(group => Array.IndexOf(Order, group.Key))
            .Select(group =>
            {
                var (sum, shift) = (Sum(group.Select(entry => entry.placed)), Sum(group.Select(entry => entry.shifted)));
                return new ComponentAgreement(group.Key, sum.Count, sum.Cosine, Share(sum), shift.Cosine);
            })
            .ToArray();
        var items = views.GroupBy(entry => (entry.view.Role.Part, entry.view.Role.BiasOf))
            .Select(group => Item(group.Key.Part, group.Key.BiasOf, [.. group], plan, reference.Anatomy.Layers, suspect.Anatomy.Layers))
            .ToArray();
        return new ComponentCosineResult(components, items);
    }

    /// <summary>The component of the report that a part belongs to.</summary>
    public static string ComponentOf(Part part) => part switch
    {
        _ when part.IsEmbedding() => "embedding",
        Part.Unembedding => "unembedding",
        _ when part.IsAttention() => "attention",
        Part.Gate or Part.Up or Part.Down => "mlp",
        Part.Router or Part.SharedExpertGate => "router",
        Part.Bias => "bias",
        _ => "norms",
    };

    private static (ValueAgreement Placed, ValueAgreement Shifted) Agree(DescribedModel reference, DescribedModel suspect, ComparedView pair)
    {
        var columns = pair.Reference.Columns;
        var (placed, shifted) = (default(ValueAgreement), default(ValueAgreement));
        foreach (var run in pair.Runs)
        {
            var length = run.Count * columns;
            var (first, second) = (ArrayPool<float>.Shared.Rent(length), ArrayPool<float>.Shared.Rent(length + 1));
            try
            {
                reference.Reader.ReadRows(pair.Reference, run.First, run.Count, first.AsSpan(0, length));
                suspect.Reader.ReadRows(pair.Suspect, run.First, run.Count, second.AsSpan(0, length));
                for (var row = 0; row < run.Count; row++)
                {
                    placed.AddRow(first.AsSpan(row * columns, columns), second.AsSpan(row * columns, columns));
                }

                if (run.Count == 1)
                {
                    // A vector: its units are its columns.
                    second[columns] = second[0];
                    shifted.AddRow(first.AsSpan(0, columns), second.AsSpan(1, columns));
                    continue;
                }

                for (var row = 0; row < run.Count; row++)
                {
                    var next = row + 1 == run.Count ? 0 : row + 1;
                    shifted.AddRow(first.AsSpan(row * columns, columns), second.AsSpan(next * columns, columns));
                }
            }
            finally
            {
                ArrayPool<float>.Shared.Return(first);
                ArrayPool<float>.Shared.Return(second);
            }
        }

        return (placed, shifted);
    }

    private static EvidenceItem Item(
        Part part, Part? biasOf, (ComparedView View, ValueAgreement Placed, ValueAgreement Shifted)[] entries, ComparisonPlan plan,
        int referenceLayers, int suspectLayers)
    {
        var (sum, shift) = (Sum(entries.Select(entry => entry.Placed)), Sum(entries.Select(entry => entry.Shifted)));
        var notes = new List<string>();
        if (plan.Note() is { Length: > 0 } sampling)
        {
            notes.Add(sampling);
        }

        if (referenceLayers != suspectLayers)
        {
            notes.Add(FormattableString.Invariant($"The reference has {referenceLayers} layers and the suspect {suspectLayers}; layers with the same number were compared."));
        }

        if (sum.NotFinite > 0)
        {
            notes.Add(FormattableString.Invariant($"{sum.NotFinite} values lie in rows with an infinite value or none at all and were left out."));
        }

        return new EvidenceItem
        {
            Test = Test,
            Tier = Tier.Descriptive,
            Statistic = sum.Cosine,
            StatisticName = biasOf is { } of ? $"cosine of the {of} biases, seat by seat" : $"cosine of the {part} weights, seat by seat",
            Null = "the same values with the units of one side shifted by one seat; unrelated models give that too, whatever the level",
            NullExpectation = shift.Cosine,
            BytesRead = entries.Sum(entry => entry.View.Bytes),
            PerLayer = [.. entries.GroupBy(entry => entry.View.Role.Layer).Select(layer => new LayerEvidence(
                layer.Key, layer.Key, (int)Math.Min(int.MaxValue, layer.Sum(entry => RowRuns.Rows(entry.View.Runs))), 0, null,
                Sum(layer.Select(entry => entry.Placed)).Cosine))],
            Note = string.Join(' ', notes),
        };
    }

    private static double? Share(in ValueAgreement sum) => sum.Count > 0 ? (double)sum.BitEqual / sum.Count : null;

    private static ValueAgreement Sum(IEnumerable<ValueAgreement> parts)
    {
        var sum = default(ValueAgreement);
        foreach (var part in parts)
        {
            sum.Add(part);
        }

        return sum;
    }
}
