using Pedigree.Numerics;
using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Manipulations;

/// <summary>Layers dropped, repeated, reordered or put in.</summary>
internal static class DepthChanges
{
    /// <summary>Keeps layers in a given order; one may come several times.</summary>
    /// <param name="layers">For each layer of the child, that of the parent.</param>
    public static Manipulation Stacked(params int[] layers) => new($"layers:{string.Join(",", layers)}", (parent, _) => Chosen(parent, layers));

    /// <summary>Drops layers at random.</summary>
    /// <param name="count">How many; at least one layer stays.</param>
    public static Manipulation Dropped(int count) => new($"layers-dropped:{count}", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 40);
        var kept = Math.Max(1, parent.Shape.Layers - count);
        return Chosen(parent, [.. random.Permutation(parent.Shape.Layers)[..kept].Order()]);
    });

    /// <summary>Repeats a run of layers in the middle, as depth up-scaling does (Kim and others, "SOLAR 10.7B", 2023).</summary>
    /// <param name="count">Layers repeated.</param>
    public static Manipulation Repeated(int count) => new($"layers-repeated:{count}", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 41);
        var run = Math.Min(count, parent.Shape.Layers);
        var end = run + random.NextInt(parent.Shape.Layers - run + 1);
        return Chosen(parent, [.. Enumerable.Range(0, end), .. Enumerable.Range(end - run, parent.Shape.Layers - end + run)]);
    });

    /// <summary>S13: layers of noise put in at random places, whose output matrices are zero.</summary>
    /// <param name="count">Layers put in.</param>
    public static Manipulation IdleInserted(int count) => new($"idle-layers:{count}", (parent, seed) => Inserted(parent, count, seed, isIdle: true));

    /// <summary>Layers of noise put in at random places, which do write to the stream.</summary>
    /// <param name="count">Layers put in.</param>
    public static Manipulation FreshInserted(int count) => new($"fresh-layers:{count}", (parent, seed) => Inserted(parent, count, seed, isIdle: false));

    private static Derivation Inserted(DecoderModel parent, int count, ulong seed, bool isIdle)
    {
        var random = new CounterRandom(seed, 42);
        var sources = Truth.Range(parent.Shape.Layers).ToList();
        for (var i = 0; i < count; i++)
        {
            sources.Insert(random.NextInt(sources.Count + 1), -1);
        }

        // Any layer serves as a mould, since every tensor of it is drawn anew.
        var model = Selection.Layers(parent, [.. sources.Select(source => Math.Max(0, source))]);
        foreach (var (name, weights) in model.Tensors.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            var layer = Slot.LayerOf(name);
            if (layer < 0 || sources[layer] >= 0)
            {
                continue;
            }

            var side = Slot.SideOf(name);
            var isWriter = side == ResidualSide.Rows || (side == ResidualSide.Vector && !name.Contains("norm", StringComparison.Ordinal));
            var deviation = isIdle && isWriter ? 0 : weights.RootMeanSquare();
            foreach (ref var value in name.EndsWith("norm", StringComparison.Ordinal) ? default : weights.Values.AsSpan())
            {
                value = (float)(deviation * random.NextGaussian());
            }
        }

        return new(model, WithLayers(parent, [.. sources]) with { KeepsFunction = isIdle });
    }

    private static Derivation Chosen(DecoderModel parent, int[] layers) =>
        new(Selection.Layers(parent, layers), WithLayers(parent, layers) with { KeepsFunction = layers.SequenceEqual(Truth.Range(parent.Shape.Layers)) });

    private static Truth WithLayers(DecoderModel parent, int[] layers)
    {
        var one = Truth.Identity(parent.Shape with { Layers = layers.Length });
        return Truth.Identity(parent.Shape).Then(one with { Layers = layers });
    }
}
