using System.Globalization;
using Pedigree.Checkpoints;

namespace Pedigree.Zoo.Manipulations;

/// <summary>Manipulations by name, as recipes and tests write them: <c>residual-rotated noise:0.7 layers-dropped:2</c>.</summary>
internal static class ManipulationNames
{
    /// <summary>Those without numbers.</summary>
    public static IReadOnlyList<Manipulation> Plain { get; } =
    [
        ResidualSymmetries.Permuted, ResidualSymmetries.Rotated, ResidualSymmetries.NewGains, ResidualSymmetries.Scaled,
        NeuronSymmetries.Permuted, NeuronSymmetries.Scaled, NeuronSymmetries.ExpertsPermuted, NeuronSymmetries.RoutersShifted,
        HeadSymmetries.Permuted, HeadSymmetries.QueryKeyMapped, HeadSymmetries.ValueOutputMapped, HeadSymmetries.BiasesMoved,
        VocabularyChanges.Reordered, VocabularyChanges.Replaced,
        .. new[] { ElementType.F16, ElementType.BF16, ElementType.F8E4M3, ElementType.F8E5M2 }
            .Select(type => Quantisation.Through(type)),
    ];

    /// <summary>Everything that keeps the function and all shapes, in one: what somebody would do to hide an origin at no cost.</summary>
    public static Manipulation Disguise { get; } = Manipulation.Composed(
        ResidualSymmetries.Rotated, ResidualSymmetries.NewGains, ResidualSymmetries.Scaled, NeuronSymmetries.Permuted, NeuronSymmetries.Scaled,
        NeuronSymmetries.ExpertsPermuted, NeuronSymmetries.RoutersShifted, HeadSymmetries.Permuted, HeadSymmetries.QueryKeyMapped,
        HeadSymmetries.ValueOutputMapped) with
    { Name = "disguised" };

    /// <summary>Reads one or several names, separated by spaces.</summary>
    /// <exception cref="FormatException">A name is unknown, or its numbers are not those it needs.</exception>
    public static Manipulation Parse(string text)
    {
        var steps = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(One).ToArray();
        return steps.Length == 1 ? steps[0] : Manipulation.Composed(steps);
    }

    private static Manipulation One(string text)
    {
        if (text == Disguise.Name)
        {
            return Disguise;
        }

        if (Plain.FirstOrDefault(manipulation => manipulation.Name == text) is { } plain)
        {
            return plain;
        }

        var (name, rest) = text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? (text[..colon], text[(colon + 1)..].Split(',')) : (text, []);
        return (name, rest.Length) switch
        {
            ("residual-padded", 1) => ResidualSymmetries.Padded(Whole(rest[0])),
            ("dead-neurons", 1) => NeuronSymmetries.DeadAdded(Whole(rest[0])),
            ("duplicated-neurons", 1) => NeuronSymmetries.Split(Whole(rest[0]), equalHalves: true),
            ("split-neurons", 1) => NeuronSymmetries.Split(Whole(rest[0]), equalHalves: false),
            ("tokens-added", 1) => VocabularyChanges.Extended(Whole(rest[0])),
            ("tokens-kept", 1) => VocabularyChanges.Reduced(Number(rest[0])),
            ("layers", > 0) => DepthChanges.Stacked([.. rest.Select(Whole)]),
            ("layers-dropped", 1) => DepthChanges.Dropped(Whole(rest[0])),
            ("layers-repeated", 1) => DepthChanges.Repeated(Whole(rest[0])),
            ("idle-layers", 1) => DepthChanges.IdleInserted(Whole(rest[0])),
            ("fresh-layers", 1) => DepthChanges.FreshInserted(Whole(rest[0])),
            ("noise", 1) => Perturbations.Noise(Number(rest[0])),
            ("low-rank", 2) => Perturbations.LowRank(Whole(rest[0]), Number(rest[1])),
            ("sparse", 2) => Perturbations.Sparse(Number(rest[0]), Number(rest[1])),
            ("width-pruned", 2) when Enum.TryParse<PruningOrder>(rest[1], ignoreCase: true, out var order) => WidthPruning.Pruned(Number(rest[0]), order),
            ("int8" or "int4", 1) => Quantisation.Integers(name[^1] - '0', Whole(rest[0])),
            _ => throw new FormatException($"'{text}' is no manipulation"),
        };
    }

    private static int Whole(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException($"'{text}' is no whole number");

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException($"'{text}' is no number");
}
