using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Recipes;

/// <summary>The small models that are unrelated to everything, for the calibrated tier.</summary>
internal static class ControlSet
{
    /// <summary>Six roots. Their seeds and orders occur in no other recipe.</summary>
    public static IReadOnlyList<ZooEntry> Entries { get; } = [.. Make()];

    private static IEnumerable<ZooEntry> Make()
    {
        var shapes = new ZooShapes(64, 4);
        (string Name, DecoderShape Shape, string Corpus)[] controls =
        [
            ("c1", shapes.Llama with { Tied = true }, "A"), ("c2", shapes.Llama with { Tied = true }, "B"), ("c3", shapes.Qwen2 with { Tied = true, Layers = 6, Neurons = 128 }, "C"),
            ("c4", shapes.Qwen3 with { Tied = true }, "A"), ("c5", shapes.Gpt2, "B"), ("c6", shapes.Mixtral with { Tied = true }, "C"),
        ];
        ulong seed = 9001;
        foreach (var (name, shape, corpus) in controls)
        {
            yield return Recipe.Trained(name, "control", shape, seed, ZooRecipes.Plan(corpus, 500, seed));
            seed++;
        }
    }
}
