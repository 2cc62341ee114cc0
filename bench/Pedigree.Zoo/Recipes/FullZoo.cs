using Pedigree.Zoo.Manipulations;

namespace Pedigree.Zoo.Recipes;

/// <summary>What the full zoo has beyond the quick one: more seeds, doses of training, generations and siblings.</summary>
internal static class FullZoo
{
    /// <summary>The further models; <c>llama-a</c> and <c>llama-b</c> come before them.</summary>
    public static IEnumerable<ZooEntry> Extra(ZooShapes shapes, int steps)
    {
        for (ulong seed = 0; seed < 4; seed++)
        {
            yield return Recipe.Trained($"same-order-{seed}", "root", shapes.Llama, 1100 + seed, ZooRecipes.Plan("A", steps, 1));
            yield return Recipe.Trained($"other-data-{seed}", "root", shapes.Llama, 1200 + seed, ZooRecipes.Plan(seed % 2 == 0 ? "B" : "C", steps, 60 + seed));
            yield return Recipe.Trained($"same-start-{seed}", "same-start", shapes.Llama, 1001, ZooRecipes.Plan(seed % 2 == 0 ? "B" : "C", steps, 70 + seed));
        }

        foreach (var root in new[] { "llama-a", "qwen3", "gpt2" })
        {
            foreach (var percent in new[] { 10, 30, 100, 300 })
            {
                foreach (var (word, rate) in new[] { ("slow", 3e-4), ("fast", 3e-3) })
                {
                    var name = $"{root}-continued-{percent}-{word}";
                    yield return Recipe.Tuned(name, "continued-training", root, ZooRecipes.Plan("C", steps * percent / 100, 80, rate));
                    yield return Recipe.Changed($"{name}-disguised", "disguised", name, ManipulationNames.Disguise);
                }
            }

            for (var sibling = 0; sibling < 6; sibling++)
            {
                yield return Recipe.Tuned($"{root}-sibling-{sibling}", "fine-tune", root, ZooRecipes.Plan(sibling % 2 == 0 ? "B" : "C", steps / 5, 90 + (ulong)sibling, 6e-4));
            }

            var parent = root;
            for (var generation = 1; generation <= 4; generation++)
            {
                var name = $"{root}-generation-{generation}";
                yield return Recipe.Tuned(name, "fine-tune", parent, ZooRecipes.Plan(generation % 2 == 0 ? "B" : "C", steps / 5, 100 + (ulong)generation, 1e-3));
                parent = name;
            }
        }

        // A student that starts from part of its teacher inherits; one that starts afresh does not.
        yield return Recipe.Tuned("pruned-then-trained", "width-pruned", "llama-a", ZooRecipes.Plan("A", steps, 110), WidthPruning.Pruned(0.5, PruningOrder.Sorted));
        yield return Recipe.Tuned("all-at-once", "composed", "llama-a", ZooRecipes.Plan("C", steps / 2, 111),
            ManipulationNames.Parse("layers-dropped:1 width-pruned:0.75,random tokens-reordered disguised"));
        yield return Recipe.Trained("distilled-b", "distilled", shapes.Llama, 1301, ZooRecipes.Plan("B", steps, 112), "llama-b");
    }
}
