using Pedigree.Numerics;
using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Manipulations;

/// <summary>Changes of MLP neurons and experts that keep the function: S5, S6, S10, S12 in the numbering of docs/zoo.md.</summary>
internal static class NeuronSymmetries
{
    /// <summary>S5: neurons in another order, in each layer and expert its own.</summary>
    public static Manipulation Permuted { get; } = new("neurons-permuted", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 10);
        var orders = ForEach(parent.Shape, () => random.Permutation(parent.Shape.Neurons));
        return new(Selection.Neurons(parent, orders), Truth.Identity(parent.Shape) with { Neurons = orders });
    });

    /// <summary>S6: up rows times a factor of either sign and down columns divided by it; with ReLU the gate rows too, by a positive one.
    /// A gated MLP or ReLU is needed; otherwise nothing changes.</summary>
    public static Manipulation Scaled { get; } = new("neurons-scaled", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 11);
        var model = parent.Copy();
        var shape = parent.Shape;
        foreach (var (layer, expert) in Blocks(shape))
        {
            var isRelu = shape.Activation == Activation.Relu;
            if (!shape.Gated && !isRelu)
            {
                continue;
            }

            var up = Draw(shape.Neurons, shape.Gated, ref random);
            Multiply(model, Slot.Up(layer, expert), up);
            var gate = shape.Gated && isRelu ? Draw(shape.Neurons, false, ref random) : null;
            if (gate is not null)
            {
                Multiply(model, Slot.Gate(layer, expert), gate);
            }

            model[Slot.Down(layer, expert)].ScaleColumns([.. up.Select((factor, i) => 1 / (factor * (gate?[i] ?? 1)))]);
        }

        return new(model, Truth.Identity(shape));
    });

    /// <summary>S12: neurons whose output goes nowhere.</summary>
    /// <param name="count">Added to each layer and expert.</param>
    public static Manipulation DeadAdded(int count) => new($"dead-neurons:{count}", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 12);
        var before = parent.Shape.Neurons;
        var sources = ForEach(parent.Shape, () => (int[])[.. Truth.Range(before), .. Enumerable.Repeat(-1, count)]);
        var model = Selection.Neurons(parent, sources);
        foreach (var (layer, expert) in Blocks(model.Shape))
        {
            foreach (var name in new[] { Slot.Gate(layer, expert), Slot.Up(layer, expert) })
            {
                if (model.Find(name) is { } weights)
                {
                    var deviation = weights.RootMeanSquare();
                    foreach (ref var value in weights.Values.AsSpan(before * weights.Columns))
                    {
                        value = (float)(deviation * random.NextGaussian());
                    }
                }
            }
        }

        return new(model, Truth.Identity(parent.Shape) with { Neurons = sources });
    });

    /// <summary>S12: neurons split in two that share the down column: in halves, or in parts drawn for each.</summary>
    /// <param name="count">Split in each layer and expert.</param>
    /// <param name="equalHalves">Halves, that is exact duplicates.</param>
    public static Manipulation Split(int count, bool equalHalves) => new($"{(equalHalves ? "duplicated" : "split")}-neurons:{count}", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 13);
        var before = parent.Shape.Neurons;
        var factors = new List<double[]>();
        var sources = ForEach(parent.Shape, () =>
        {
            var chosen = random.Permutation(before)[..count];
            var shares = Enumerable.Repeat(1.0, before + count).ToArray();
            for (var i = 0; i < count; i++)
            {
                shares[before + i] = equalHalves ? 0.5 : 0.2 + (0.6 * random.NextDouble());
                shares[chosen[i]] = 1 - shares[before + i];
            }

            factors.Add(shares);
            return (int[])[.. Truth.Range(before), .. chosen];
        });
        return new(
            Selection.Neurons(parent, sources, [.. factors.Chunk(parent.Shape.Blocks)]),
            Truth.Identity(parent.Shape) with { Neurons = sources });
    });

    /// <summary>S10: experts in another order.</summary>
    public static Manipulation ExpertsPermuted { get; } = new("experts-permuted", (parent, seed) =>
    {
        if (parent.Shape.Experts == 0)
        {
            return new(parent.Copy(), Truth.Identity(parent.Shape));
        }

        var random = new CounterRandom(seed, 14);
        var orders = Enumerable.Range(0, parent.Shape.Layers).Select(_ => random.Permutation(parent.Shape.Experts)).ToArray();
        return new(Selection.Experts(parent, orders), Truth.Identity(parent.Shape) with { Experts = orders });
    });

    /// <summary>S10: one vector added to all rows of each router, which the softmax takes out.</summary>
    public static Manipulation RoutersShifted { get; } = new("routers-shifted", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 15);
        var model = parent.Copy();
        for (var layer = 0; parent.Shape.Experts > 0 && layer < parent.Shape.Layers; layer++)
        {
            var router = model[Slot.Router(layer)];
            var deviation = router.RootMeanSquare();
            var shift = Enumerable.Range(0, router.Columns).Select(_ => deviation * random.NextGaussian()).ToArray();
            for (var i = 0; i < router.Values.Length; i++)
            {
                router.Values[i] = (float)(router.Values[i] + shift[i % router.Columns]);
            }
        }

        return new(model, Truth.Identity(parent.Shape));
    });

    /// <summary>Every layer and expert of a shape.</summary>
    public static IEnumerable<(int Layer, int Expert)> Blocks(DecoderShape shape) =>
        from layer in Enumerable.Range(0, shape.Layers)
        from block in Enumerable.Range(0, shape.Blocks)
        select (layer, shape.ExpertOf(block));

    /// <summary>A list for each layer and expert.</summary>
    public static int[][][] ForEach(DecoderShape shape, Func<int[]> make) =>
        [.. Enumerable.Range(0, shape.Layers).Select(_ => Enumerable.Range(0, shape.Blocks).Select(_ => make()).ToArray())];

    private static double[] Draw(int count, bool signed, ref CounterRandom random)
    {
        var factors = new double[count];
        for (var i = 0; i < count; i++)
        {
            factors[i] = Math.Exp(0.7 * random.NextGaussian()) * (signed && random.NextInt(2) == 0 ? -1 : 1);
        }

        return factors;
    }

    private static void Multiply(DecoderModel model, string name, double[] factors)
    {
        model[name].ScaleRows(factors);
        model.Find(Slot.Bias(name))?.ScaleColumns(factors);
    }
}
