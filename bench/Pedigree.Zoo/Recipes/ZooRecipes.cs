using Pedigree.Checkpoints;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Storage;
using Pedigree.Zoo.Training;

namespace Pedigree.Zoo.Recipes;

/// <summary>The models of the quick and of the full zoo, parents before children.</summary>
internal static class ZooRecipes
{
    /// <summary>The names of the zoos.</summary>
    public static IReadOnlyList<string> Names { get; } = ["quick", "full", "controls"];

    /// <summary>The models of a zoo.</summary>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public static IReadOnlyList<ZooEntry> Of(string name) => name switch
    {
        "quick" => [.. Roots(s_quick, 500), .. HardStarts(s_quick, 500), .. TrainedChildren("llama-a", s_quick, 500), .. ChangedChildren("llama-a", s_quick), .. Merges("llama-a", "llama-b"), .. OtherRoots(500), .. Imitations()],
        "full" =>
        [
            .. Roots(s_full, 1500), .. HardStarts(s_full, 1500), .. TrainedChildren("llama-a", s_full, 1500), .. ChangedChildren("llama-a", s_full), .. Merges("llama-a", "llama-b"),
            .. OtherRoots(1500), .. Imitations(), .. FullZoo.Extra(s_full, 1500),
        ],
        "controls" => ControlSet.Entries,
        _ => throw new ArgumentException($"there is no zoo {name}; there are {string.Join(", ", Names)}", nameof(name)),
    };

    private static readonly ZooShapes s_quick = new(64, 4);
    private static readonly ZooShapes s_full = new(128, 6);

    private static IEnumerable<ZooEntry> Roots(ZooShapes shapes, int steps)
    {
        yield return Recipe.Trained("llama-a", "root", shapes.Llama, 1001, Plan("A", steps, 1));
        yield return Recipe.Trained("llama-b", "root", shapes.Llama, 1002, Plan("A", steps, 1));
        yield return Recipe.Trained("qwen3", "root", shapes.Qwen3, 1003, Plan("B", steps, 2));
        yield return Recipe.Trained("gpt2", "root", shapes.Gpt2, 1004, Plan("A", steps, 3));
        yield return Recipe.Trained("mixtral", "root", shapes.Mixtral, 1005, Plan("C", steps, 4));
        yield return Recipe.Trained("deep", "root", shapes.Deep, 1006, Plan("B", steps, 5));
    }

    // Models that share the data, the order, the start or the outputs of llama-a, and no trained parameters.
    private static IEnumerable<ZooEntry> HardStarts(ZooShapes shapes, int steps)
    {
        yield return Recipe.Trained("same-start-b", "same-start", shapes.Llama, 1001, Plan("B", steps, 6));
        yield return Recipe.Trained("same-start-c", "same-start", shapes.Llama, 1001, Plan("C", steps, 7));
        yield return Recipe.Trained("same-order-bias", "same-data", shapes.Qwen2, 1007, Plan("A", steps, 1));
        yield return Recipe.Trained("other-order", "same-data", shapes.Llama, 1008, Plan("A", steps, 8));
        yield return Recipe.Trained("distilled", "distilled", shapes.Llama, 1009, Plan("A", steps, 9), "llama-a");
    }

    private static IEnumerable<ZooEntry> TrainedChildren(string root, ZooShapes shapes, int steps)
    {
        var (few, some) = (steps / 5, 2 * steps / 5);
        yield return Recipe.Tuned("fine-tune", "fine-tune", root, Plan("B", few, 20, 3e-4));
        yield return Recipe.Tuned("fine-tune-same", "fine-tune", root, Plan("A", few, 21, 6e-4));
        yield return Recipe.Tuned("grandchild", "fine-tune", "fine-tune", Plan("C", few, 22, 3e-4));
        yield return Recipe.Tuned("frozen-tune", "fine-tune", root, Plan("B", few, 23, 1e-3) with { Frozen = ["layers.0.", "layers.1.", "embedding"] });
        yield return Recipe.Tuned("continued", "continued-training", root, Plan("B", steps, 24));
        yield return Recipe.Tuned("new-tokenizer", "vocabulary-replaced", root, Plan("B", some, 25), VocabularyChanges.Replaced);
        yield return Recipe.Tuned("depth-pruned", "depth-pruned", root, Plan("A", few, 26, 1e-3), DepthChanges.Stacked([0, .. Enumerable.Range(2, shapes.Layers - 2)]));
        yield return Recipe.Tuned("depth-up", "depth-extended", root, Plan("A", few, 27, 1e-3), DepthChanges.Repeated(shapes.Layers / 2));
        yield return Recipe.Tuned("width-pruned", "width-pruned", root, Plan("A", some, 28, 1e-3), WidthPruning.Pruned(0.75, PruningOrder.Norm));
        yield return Recipe.Tuned("upcycled", "upcycled", root, Plan("B", few, 29, 1e-3), Upcycling.Copies(4, 1));
        yield return Recipe.Tuned("upcycled-fresh", "upcycled", root, Plan("B", some, 30), Upcycling.Fresh(4));
        yield return Recipe.Transplanted("transplant", root, shapes.Llama, 1077, Plan("B", some, 31), 1, 2);
        yield return Recipe.Changed("continued-disguised", "disguised", "continued", ManipulationNames.Disguise);
        yield return Recipe.Tuned("disguised-continued", "disguised", root, Plan("B", some, 32), ManipulationNames.Disguise);
    }

    private static IEnumerable<ZooEntry> ChangedChildren(string root, ZooShapes shapes)
    {
        yield return Recipe.Changed("copy", "copy", root, Recipe.Nothing);
        yield return Recipe.Changed("fused", "copy", root, Recipe.Nothing, style: TensorStyle.Phi3);
        foreach (var type in new[] { ElementType.F32, ElementType.F16, ElementType.F8E4M3, ElementType.F8E5M2 })
        {
            yield return Recipe.Changed($"stored-{type.ToString().ToLowerInvariant()}", "stored", root, Recipe.Nothing, type);
        }

        (string Name, string Kind, string Change)[] changes =
        [
            ("int8", "quantised", "int8:0"), ("int4", "quantised", "int4:32"), ("f8e4m3-scaled", "quantised", "stored:f8e4m3"),
            ("noise-90", "noise", "noise:0.9"), ("noise-70", "noise", "noise:0.7"), ("noise-50", "noise", "noise:0.5"),
            ("low-rank", "low-rank", "low-rank:4,0.3"), ("sparse", "sparse", "sparse:0.05,0.5"),
            ("residual-permuted", "permuted", "residual-permuted"), ("neurons-permuted", "permuted", "neurons-permuted"), ("heads-permuted", "permuted", "heads-permuted"),
            ("all-permuted", "permuted", "residual-permuted neurons-permuted heads-permuted"),
            ("rotated", "rotated", "residual-rotated"), ("disguised", "disguised", "disguised"), ("disguised-noise", "disguised", "noise:0.8 disguised"),
            ("new-gains", "scaled", "new-gains"), ("residual-scaled", "scaled", "residual-scaled"), ("neurons-scaled", "scaled", "neurons-scaled"),
            ("query-key-mapped", "heads-mapped", "query-key-mapped"), ("value-output-mapped", "heads-mapped", "value-output-mapped"),
            ("dead-neurons", "widened", "dead-neurons:16"), ("duplicated-neurons", "widened", "duplicated-neurons:16"), ("split-neurons", "widened", "split-neurons:16 neurons-permuted"),
            ("residual-padded", "widened", "residual-padded:16"),
            ("idle-layers", "depth-extended", "idle-layers:2"), ("fresh-layers", "depth-extended", "fresh-layers:1"),
            ("layer-dropped", "depth-pruned", "layers-dropped:1"),
            ("layers-reordered", "layers-reordered", $"layers:{string.Join(",", Enumerable.Range(0, shapes.Layers).Reverse())}"),
            ("width-random", "width-pruned", "width-pruned:0.75,random"), ("width-sorted", "width-pruned", "width-pruned:0.75,sorted"),
            ("tokens-added", "vocabulary-changed", "tokens-added:64"), ("tokens-reordered", "vocabulary-changed", "tokens-reordered"),
            ("tokens-halved", "vocabulary-changed", "tokens-kept:0.5"), ("tokens-replaced", "vocabulary-replaced", "tokens-replaced"),
            ("pruned-rotated", "composed", "layers-dropped:1 residual-rotated noise:0.9"), ("widened-permuted", "composed", "noise:0.9 dead-neurons:8 neurons-permuted tokens-reordered"),
        ];
        foreach (var (name, kind, change) in changes)
        {
            yield return Recipe.Changed(name, kind, root, ManipulationNames.Parse(change));
        }

        yield return Recipe.Changed("upcycled-split", "upcycled", root, Upcycling.Split(2));
    }

    private static IEnumerable<ZooEntry> Merges(string root, string unrelated)
    {
        string[] pair = ["fine-tune", "fine-tune-same"];
        yield return Recipe.Merged("merge-linear", pair, "linear 0.35 0.65", (models, _) => Merging.Linear(models, 0.35, 0.65));
        yield return Recipe.Merged("merge-slerp", pair, "slerp 0.4", (models, _) => Merging.Slerp(models[0], models[1], 0.4));
        yield return Recipe.Merged("merge-task", "merge", [root, .. pair], [root, .. pair], "task arithmetic 0.5 0.8", (models, _) => Merging.TaskArithmetic(models[0], models[1..], 0.5, 0.8));
        yield return Recipe.Merged("merge-dare", "merge", [root, .. pair], [root, .. pair], "dare, half dropped, 0.5 0.5", (models, seed) => Merging.Dare(models[0], models[1..], 0.5, seed, 0.5, 0.5));
        yield return Recipe.Merged("merge-ties", "merge", [root, .. pair], [root, .. pair], "ties, density 0.3, 1 1", (models, _) => Merging.Ties(models[0], models[1..], 0.3, 1, 1));
        yield return Recipe.Merged("merge-layers", pair, "layers in turn", (models, _) => Merging.LayerWise(models, [.. Enumerable.Range(0, models[0].Shape.Layers).Select(layer => layer % 2)]));
        yield return Recipe.Merged("merge-unrelated", [root, unrelated], "linear 0.7 0.3", (models, _) => Merging.Linear(models, 0.7, 0.3));
        yield return Recipe.Merged("frankenmerge", [root, unrelated], "layers in turn, of unrelated models", (models, _) => Merging.LayerWise(models, [.. Enumerable.Range(0, models[0].Shape.Layers).Select(layer => layer % 2)]));
    }

    private static IEnumerable<ZooEntry> OtherRoots(int steps)
    {
        foreach (var root in new[] { "qwen3", "gpt2", "mixtral", "deep" })
        {
            yield return Recipe.Tuned($"{root}-tuned", "fine-tune", root, Plan("C", steps / 5, 40, 6e-4));
            yield return Recipe.Changed($"{root}-int4", "quantised", root, Quantisation.Integers(4, 16));
            yield return Recipe.Changed($"{root}-disguised", "disguised", root, ManipulationNames.Parse("noise:0.9 disguised"));
            yield return Recipe.Changed($"{root}-tokens", "vocabulary-changed", root, ManipulationNames.Parse("tokens-reordered tokens-added:32"));
            yield return Recipe.Changed($"{root}-dropped", "depth-pruned", root, ManipulationNames.Parse("layers-dropped:1 noise:0.95"));
        }
    }

    private static IEnumerable<ZooEntry> Imitations()
    {
        yield return Recipe.Imitation("profile-clone", "profile-clone", null, "llama-a", (model, _, seed) => HardNegatives.ProfileClone(model, seed));
        yield return Recipe.Imitation("forged-naive", "forged", "llama-b", "llama-a", (model, target, _) => Forgery.Naive(model, target));
        yield return Recipe.Imitation("forged-careful", "forged", "llama-b", "llama-a", (model, target, _) => Forgery.Careful(model, target));
        foreach (var (name, trap) in new[] { ("sorted", HardNegatives.NeuronsSorted), ("zeroed", HardNegatives.NeuronsZeroed(32)), ("tied", HardNegatives.NeuronsTied(32)), ("outliers", HardNegatives.Outliers(3, 6)) })
        {
            // Both of a pair of unrelated models, so that what they share is the trap alone.
            yield return Recipe.Changed($"{name}-a", $"trap-{name}", "llama-a", trap) with { IsReference = true };
            yield return Recipe.Changed($"{name}-b", $"trap-{name}", "llama-b", trap) with { IsReference = true };
        }
    }

    /// <summary>Training on a corpus in an order of its own.</summary>
    public static TrainingPlan Plan(string corpus, int steps, ulong order, double rate = 3e-3) => new() { Corpus = corpus, Steps = steps, OrderSeed = order, LearningRate = rate };
}
