using Pedigree.Numerics;
using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Manipulations;

/// <summary>Dense models made into mixtures of experts; and parts put into other models.</summary>
internal static class Upcycling
{
    /// <summary>Every expert a copy of the dense MLP, with noise if asked (Komatsuzaki and others, "Sparse Upcycling", 2023).</summary>
    /// <param name="experts">Experts; two are used at a time.</param>
    /// <param name="cosine">Cosine of each expert's rows with the dense ones; 1 for exact copies, which keep the function.</param>
    public static Manipulation Copies(int experts, double cosine) => new($"upcycled:{experts},{cosine:0.###}", (parent, seed) => Mixture(
        parent, experts, parent.Shape.Neurons, seed, keepsFunction: cosine == 1,
        (_, _, _) => Truth.Range(parent.Shape.Neurons),
        (ref CounterRandom random, float value, double deviation) =>
            cosine == 1 ? value : (float)((cosine * value) + (Math.Sqrt(1 - (cosine * cosine)) * deviation * random.NextGaussian()))));

    /// <summary>The neurons of the dense MLP dealt among the experts (Zhu and others, "LLaMA-MoE", 2024).</summary>
    /// <param name="experts">Experts; neurons must be a multiple.</param>
    public static Manipulation Split(int experts) => new($"upcycled-split:{experts}", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 80);
        var orders = Enumerable.Range(0, parent.Shape.Layers).Select(_ => random.Permutation(parent.Shape.Neurons)).ToArray();
        var size = parent.Shape.Neurons / experts;
        return Mixture(
            parent, experts, size, seed, keepsFunction: false,
            (layer, expert, _) => [.. orders[layer].AsSpan(expert * size, size)], (ref CounterRandom _, float value, double _) => value);
    });

    /// <summary>Experts of noise of the deviation of the dense matrices; only attention, norms and embeddings are inherited.</summary>
    /// <param name="experts">Experts; two are used at a time.</param>
    public static Manipulation Fresh(int experts) => new($"upcycled-fresh:{experts}", (parent, seed) =>
    {
        var child = Mixture(
            parent, experts, parent.Shape.Neurons, seed, keepsFunction: false, (_, _, _) => Truth.Range(parent.Shape.Neurons),
            (ref CounterRandom random, float _, double deviation) => (float)(deviation * random.NextGaussian()));
        int[][] nowhere = [.. child.Truth.Experts.Select(layer => layer.Select(_ => -1).ToArray())];
        return child with { Truth = child.Truth with { Experts = nowhere, Neurons = [.. child.Truth.Neurons.Select(layer => layer.Select(list => list.Select(_ => -1).ToArray()).ToArray())] } };
    });

    /// <summary>Layers of a donor put into a host of the same shape in the same places.</summary>
    /// <param name="host">Gives everything else.</param>
    /// <param name="donor">Gives the layers.</param>
    /// <param name="layers">Which.</param>
    /// <returns>The child and the truth about it as a child of the donor.</returns>
    public static Derivation Transplant(DecoderModel host, DecoderModel donor, params int[] layers)
    {
        var changed = donor.Tensors.Where(entry => layers.Contains(Slot.LayerOf(entry.Key)))
            .ToDictionary(entry => entry.Key, entry => entry.Value.Copy(), StringComparer.Ordinal);
        int[] sources = [.. Truth.Range(host.Shape.Layers).Select(layer => layers.Contains(layer) ? layer : -1)];
        var whole = Truth.Identity(host.Shape);
        return new(host.With(host.Shape, changed), whole.Then(whole with { Layers = sources, Tokens = [.. whole.Tokens.Select(_ => -1)] }) with
        {
            Steps = [$"transplant:{string.Join(",", layers)}"],
            KeepsFunction = false,
        });
    }

    private delegate float Change(ref CounterRandom random, float value, double deviation);

    private static Derivation Mixture(
        DecoderModel parent, int experts, int neurons, ulong seed, bool keepsFunction, Func<int, int, DecoderShape, int[]> choose, Change change)
    {
        var shape = parent.Shape;
        if (shape.Experts > 0 || shape.LearnedPositions || neurons * experts < shape.Neurons)
        {
            throw new ArgumentException($"a model of {shape.Experts} experts and {shape.Neurons} neurons cannot become one of {experts} experts of {neurons}", nameof(parent));
        }

        var random = new CounterRandom(seed, 81);
        var mixture = shape with { Experts = experts, ActiveExperts = Math.Min(2, experts), Neurons = neurons };
        var changed = new Dictionary<string, Weights>(StringComparer.Ordinal);
        var maps = new int[shape.Layers][][];
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            maps[layer] = new int[experts][];
            var router = new Weights(experts, shape.Width);
            router.Map(_ => (float)(random.NextGaussian() / Math.Sqrt(shape.Width)));
            changed[Slot.Router(layer)] = router;
            for (var expert = 0; expert < experts; expert++)
            {
                var chosen = maps[layer][expert] = choose(layer, expert, shape);
                foreach (var (dense, name) in DenseParts(parent, layer, expert, chosen))
                {
                    var deviation = dense.RootMeanSquare();
                    changed[name] = dense.Map(value => change(ref random, value, deviation));
                }
            }
        }

        return new(parent.With(mixture, changed), Truth.Identity(shape) with
        {
            KeepsFunction = keepsFunction,
            Neurons = maps,
            Experts = [.. maps.Select(layer => layer.Select(_ => 0).ToArray())],
        });
    }

    // The chosen neurons of a dense MLP, under the names that an expert has.
    private static IEnumerable<(Weights Part, string Name)> DenseParts(DecoderModel parent, int layer, int expert, int[] neurons)
    {
        foreach (var name in new Func<int, int, string>[] { Slot.Gate, Slot.Up })
        {
            if (parent.Find(name(layer, Slot.Dense)) is { } rows)
            {
                yield return (rows.GatherRows(neurons), name(layer, expert));
            }

            if (parent.Find(Slot.Bias(name(layer, Slot.Dense))) is { } bias)
            {
                yield return (bias.GatherColumns(neurons), Slot.Bias(name(layer, expert)));
            }
        }

        yield return (parent[Slot.Down(layer, Slot.Dense)].GatherColumns(neurons), Slot.Down(layer, expert));
        if (parent.Find(Slot.Bias(Slot.Down(layer, Slot.Dense))) is { } downBias)
        {
            yield return (downBias.Copy(), Slot.Bias(Slot.Down(layer, expert)));
        }
    }
}
