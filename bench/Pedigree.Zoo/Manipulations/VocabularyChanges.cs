using Pedigree.Numerics;
using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Manipulations;

/// <summary>Other tokenizers over the same weights: S11 in the numbering of docs/zoo.md, and changes that lose or add tokens.</summary>
internal static class VocabularyChanges
{
    /// <summary>S11: tokens in another order, with their texts.</summary>
    public static Manipulation Reordered { get; } = new("tokens-reordered", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 30);
        return Chosen(parent, random.Permutation(parent.Shape.Vocabulary), keepsFunction: true);
    });

    /// <summary>New tokens at the end, with rows of noise; the logits of the old ones stay.</summary>
    /// <param name="count">Tokens added.</param>
    public static Manipulation Extended(int count) => new($"tokens-added:{count}", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 31);
        int[] sources = [.. Truth.Range(parent.Shape.Vocabulary), .. Enumerable.Repeat(-1, count)];
        var child = Chosen(parent, sources, keepsFunction: true);
        FillEmpty(child.Model, sources, ref random);
        return child;
    });

    /// <summary>A random part of the tokens, in their order.</summary>
    /// <param name="share">Share kept, 0 to 1.</param>
    public static Manipulation Reduced(double share) => new($"tokens-kept:{share:0.##}", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 32);
        var kept = random.Permutation(parent.Shape.Vocabulary)[..(int)Math.Ceiling(share * parent.Shape.Vocabulary)];
        return Chosen(parent, [.. kept.Order()], keepsFunction: false);
    });

    /// <summary>Other tokens: embeddings and unembeddings of noise with the old deviations.</summary>
    public static Manipulation Replaced { get; } = new("tokens-replaced", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 33);
        int[] sources = [.. Enumerable.Repeat(-1, parent.Shape.Vocabulary)];
        var model = parent.With(parent.Shape, new Dictionary<string, Weights>(StringComparer.Ordinal), [.. sources.Select((_, i) => $"other{i}")]);
        FillEmpty(model, sources, ref random);
        return new(model, Truth.Identity(parent.Shape) with { Tokens = sources, KeepsFunction = false });
    });

    private static Derivation Chosen(DecoderModel parent, int[] sources, bool keepsFunction)
    {
        var added = 0;
        string[] tokens = [.. sources.Select(source => source < 0 ? $"added{added++}" : parent.Tokens[source])];
        return new(Selection.Tokens(parent, sources, tokens), Truth.Identity(parent.Shape) with { Tokens = sources, KeepsFunction = keepsFunction });
    }

    private static void FillEmpty(DecoderModel model, int[] sources, ref CounterRandom random)
    {
        foreach (var name in new[] { Slot.Embedding, Slot.Unembedding })
        {
            if (model.Find(name) is not { } weights)
            {
                continue;
            }

            var deviation = weights.RootMeanSquare();
            for (var token = 0; token < sources.Length; token++)
            {
                foreach (ref var value in sources[token] < 0 ? weights.Row(token) : default)
                {
                    value = (float)(deviation * random.NextGaussian());
                }
            }
        }
    }
}
