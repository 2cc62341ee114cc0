using Pedigree.Numerics;
using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Manipulations;

/// <summary>A child of several parents of one shape.</summary>
/// <param name="Model">The child.</param>
/// <param name="Method">How it was made.</param>
/// <param name="Weights">For each layer, the weight of each parent in its matrices. For TIES, the weights that were asked for.</param>
internal sealed record Merge(DecoderModel Model, string Method, double[][] Weights);

/// <summary>Ways of merging models that kept one order of units.</summary>
internal static class Merging
{
    /// <summary>A weighted sum.</summary>
    public static Merge Linear(IReadOnlyList<DecoderModel> parents, params double[] weights) =>
        new(Combine(parents, (_, values) => Sum(values, weights)), "linear", Everywhere(parents, weights));

    /// <summary>Along the great circle between two, tensor by tensor (Shoemake, 1985); by lengths where they are almost parallel.</summary>
    /// <param name="first">The model at 0.</param>
    /// <param name="second">The model at 1.</param>
    /// <param name="position">0 to 1.</param>
    public static Merge Slerp(DecoderModel first, DecoderModel second, double position) => new(
        Combine([first, second], (_, values) =>
        {
            double product = 0, left = 0, right = 0;
            for (var i = 0; i < values[0].Length; i++)
            {
                product += (double)values[0][i] * values[1][i];
                left += (double)values[0][i] * values[0][i];
                right += (double)values[1][i] * values[1][i];
            }

            var angle = left == 0 || right == 0 ? 0 : Math.Acos(Math.Clamp(product / Math.Sqrt(left * right), -1, 1));
            return Math.Sin(angle) < 1e-6 ? Sum(values, [1 - position, position])
                : Sum(values, [Math.Sin((1 - position) * angle) / Math.Sin(angle), Math.Sin(position * angle) / Math.Sin(angle)]);
        }),
        "slerp", Everywhere([first, second], [1 - position, position]));

    /// <summary>The base plus weighted differences from it (Ilharco and others, "Editing Models with Task Arithmetic", 2023).</summary>
    public static Merge TaskArithmetic(DecoderModel origin, IReadOnlyList<DecoderModel> parents, params double[] weights) =>
        new(Combine([origin, .. parents], (_, values) => OnBase(values, weights, (_, difference) => difference)), "task-arithmetic", Everywhere(parents, weights));

    /// <summary>The same with differences dropped at random and the rest scaled up (Yu and others, "Language Models are Super Mario", 2024).</summary>
    /// <param name="origin">The base.</param>
    /// <param name="parents">Its children.</param>
    /// <param name="drop">Share of differences dropped.</param>
    /// <param name="seed">Decides which.</param>
    /// <param name="weights">One a parent.</param>
    public static Merge Dare(DecoderModel origin, IReadOnlyList<DecoderModel> parents, double drop, ulong seed, params double[] weights)
    {
        var random = new CounterRandom(seed, 70);
        return new(
            Combine([origin, .. parents], (_, values) => OnBase(values, weights, (_, difference) => random.NextDouble() < drop ? 0 : difference / (1 - drop))),
            "dare", Everywhere(parents, weights));
    }

    /// <summary>Differences trimmed to the largest, one sign elected for each value, and those of that sign averaged (Yadav and others, "TIES-Merging", 2023).</summary>
    /// <param name="origin">The base.</param>
    /// <param name="parents">Its children.</param>
    /// <param name="density">Share of differences kept in each tensor.</param>
    /// <param name="weights">One a parent.</param>
    public static Merge Ties(DecoderModel origin, IReadOnlyList<DecoderModel> parents, double density, params double[] weights) => new(
        Combine([origin, .. parents], (_, values) =>
        {
            var differences = values.Skip(1).Select((parent, which) => Trimmed(parent, values[0], density, weights[which])).ToArray();
            var merged = new float[values[0].Length];
            for (var i = 0; i < merged.Length; i++)
            {
                var elected = Math.Sign(differences.Sum(difference => difference[i]));
                double sum = 0, count = 0;
                for (var which = 0; which < differences.Length; which++)
                {
                    if (differences[which][i] != 0 && Math.Sign(differences[which][i]) == elected)
                    {
                        sum += differences[which][i];
                        count += weights[which];
                    }
                }

                merged[i] = (float)(values[0][i] + (count == 0 ? 0 : sum / count));
            }

            return merged;
        }),
        "ties", Everywhere(parents, weights));

    /// <summary>Each layer from one parent, as "frankenmerges" do; what lies outside the layers from the first.</summary>
    /// <param name="parents">Models of one shape.</param>
    /// <param name="sources">For each layer, the parent.</param>
    public static Merge LayerWise(IReadOnlyList<DecoderModel> parents, params int[] sources) => new(
        Combine(parents, (name, values) => [.. values[Slot.LayerOf(name) < 0 ? 0 : sources[Slot.LayerOf(name)]]]),
        "layer-wise", [.. sources.Select(source => parents.Select((_, parent) => parent == source ? 1.0 : 0).ToArray())]);

    private static DecoderModel Combine(IReadOnlyList<DecoderModel> models, Func<string, float[][], float[]> combine)
    {
        if (models.Any(model => model.Shape != models[0].Shape))
        {
            throw new ArgumentException("only models of one shape can be merged", nameof(models));
        }

        var merged = new Dictionary<string, Weights>(StringComparer.Ordinal);
        foreach (var slot in models[0].Shape.Slots())
        {
            merged[slot.Name] = new Weights(slot.Rows, slot.Columns, combine(slot.Name, [.. models.Select(model => model[slot.Name].Values)]));
        }

        return models[0].With(models[0].Shape, merged);
    }

    private static float[] Sum(float[][] values, double[] weights)
    {
        var sums = new float[values[0].Length];
        for (var i = 0; i < sums.Length; i++)
        {
            var sum = 0.0;
            for (var parent = 0; parent < values.Length; parent++)
            {
                sum += weights[parent] * values[parent][i];
            }

            sums[i] = (float)sum;
        }

        return sums;
    }

    private static float[] OnBase(float[][] values, double[] weights, Func<int, double, double> change)
    {
        var merged = new float[values[0].Length];
        for (var i = 0; i < merged.Length; i++)
        {
            double sum = values[0][i];
            for (var parent = 1; parent < values.Length; parent++)
            {
                sum += weights[parent - 1] * change(parent - 1, (double)values[parent][i] - values[0][i]);
            }

            merged[i] = (float)sum;
        }

        return merged;
    }

    private static double[] Trimmed(float[] parent, float[] origin, double density, double weight)
    {
        var differences = parent.Select((value, i) => (double)value - origin[i]).ToArray();
        var kept = (int)Math.Ceiling(density * differences.Length);
        var order = Enumerable.Range(0, differences.Length).OrderByDescending(i => Math.Abs(differences[i])).ThenBy(i => i).ToArray();
        foreach (var i in order[kept..])
        {
            differences[i] = 0;
        }

        return [.. differences.Select(difference => weight * difference)];
    }

    private static double[][] Everywhere(IReadOnlyList<DecoderModel> parents, double[] weights) =>
        weights.Length == parents.Count ? [.. Enumerable.Range(0, parents[0].Shape.Layers).Select(_ => (double[])[.. weights])]
            : throw new ArgumentException($"{weights.Length} weights for {parents.Count} parents", nameof(weights));
}
