using Pedigree.Numerics;
using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Manipulations;

/// <summary>Stand-ins for further training that need no training.</summary>
internal static class Perturbations
{
    /// <summary>Every row of every matrix mixed with noise of its own size, to a given cosine with what it was; gains move by a few percent.</summary>
    /// <param name="cosine">Expected cosine of rows, 0 to 1.</param>
    public static Manipulation Noise(double cosine) => new($"noise:{cosine:0.###}", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 50);
        var rest = Math.Sqrt(Math.Max(0, 1 - (cosine * cosine)));
        var model = parent.Copy();
        foreach (var weights in InOrder(model, out var isGain))
        {
            for (var row = 0; row < weights.Rows; row++)
            {
                var values = weights.Row(row);
                var deviation = new Weights(1, values.Length, values.ToArray()).RootMeanSquare();
                foreach (ref var value in values)
                {
                    value = isGain.Contains(weights) ? (float)(value * Math.Exp(0.05 * rest * random.NextGaussian()))
                        : (float)((cosine * value) + (rest * deviation * random.NextGaussian()));
                }
            }
        }

        return Changed(parent, model, "row-cosine", cosine);
    });

    /// <summary>A low-rank update merged into every matrix of the layers.</summary>
    /// <param name="rank">Its rank.</param>
    /// <param name="size">Its Frobenius norm over that of the matrix.</param>
    public static Manipulation LowRank(int rank, double size) => new($"low-rank:{rank},{size:0.###}", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 51);
        var model = parent.Copy();
        foreach (var (_, weights) in LayerMatrices(model))
        {
            var update = new Weights(weights.Rows, weights.Columns);
            for (var component = 0; component < rank; component++)
            {
                var left = Enumerable.Range(0, weights.Rows).Select(_ => random.NextGaussian()).ToArray();
                var right = Enumerable.Range(0, weights.Columns).Select(_ => random.NextGaussian()).ToArray();
                for (var i = 0; i < update.Values.Length; i++)
                {
                    update.Values[i] += (float)(left[i / weights.Columns] * right[i % weights.Columns]);
                }
            }

            var factor = size * weights.RootMeanSquare() / Math.Max(double.Epsilon, update.RootMeanSquare());
            for (var i = 0; i < update.Values.Length; i++)
            {
                weights.Values[i] += (float)(factor * update.Values[i]);
            }
        }

        return Changed(parent, model, "rank", rank);
    });

    /// <summary>Few values of each matrix changed, as reinforcement learning leaves most where they were.</summary>
    /// <param name="share">Share of values changed.</param>
    /// <param name="size">Deviation of the change over that of the matrix.</param>
    public static Manipulation Sparse(double share, double size) => new($"sparse:{share:0.###},{size:0.###}", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 52);
        var model = parent.Copy();
        foreach (var (_, weights) in LayerMatrices(model))
        {
            var deviation = size * weights.RootMeanSquare();
            foreach (ref var value in weights.Values.AsSpan())
            {
                if (random.NextDouble() < share)
                {
                    value += (float)(deviation * random.NextGaussian());
                }
            }
        }

        return Changed(parent, model, "changed-share", share);
    });

    private static Derivation Changed(DecoderModel parent, DecoderModel model, string figure, double value) =>
        new(model, Truth.Identity(parent.Shape) with { KeepsFunction = false, Figures = new Dictionary<string, double>(StringComparer.Ordinal) { [figure] = value } });

    private static List<Weights> InOrder(DecoderModel model, out HashSet<Weights> gains)
    {
        var slots = model.Shape.Slots().ToArray();
        gains = [.. slots.Where(slot => slot.Name.EndsWith("norm", StringComparison.Ordinal)).Select(slot => model[slot.Name])];
        return [.. slots.Select(slot => model[slot.Name])];
    }

    private static IEnumerable<(string Name, Weights Weights)> LayerMatrices(DecoderModel model) =>
        model.Shape.Slots().Where(slot => !slot.IsVector && Slot.LayerOf(slot.Name) >= 0).Select(slot => (slot.Name, model[slot.Name]));
}
