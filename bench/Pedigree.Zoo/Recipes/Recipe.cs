using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pedigree.Checkpoints;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Storage;
using Pedigree.Zoo.Text;
using Pedigree.Zoo.Training;

namespace Pedigree.Zoo.Recipes;

/// <summary>The ways in which models of a zoo are made.</summary>
internal static class Recipe
{
    /// <summary>A model trained from a random start.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="seed">Decides the start.</param>
    /// <param name="plan">How it is trained.</param>
    /// <param name="teacher">A model that it learns from; null for text alone.</param>
    public static ZooEntry Trained(string name, string kind, DecoderShape shape, ulong seed, TrainingPlan plan, string? teacher = null) => new()
    {
        Name = name,
        Kind = kind,
        Seed = seed,
        Start = $"{seed}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(shape.ToString())))[..12]}",
        Inputs = teacher is null ? [] : [teacher],
        Recipe = $"start {seed} of {shape}; {Describe(plan)}{(teacher is null ? "" : $"; learns from {teacher}")}",
        Make = context => Train(FreshDecoder.Create(shape, seed, Lexicon.Tokens), plan, teacher is null ? null : context.Model(teacher), context),
    };

    /// <summary>A parent changed and then trained.</summary>
    public static ZooEntry Tuned(string name, string kind, string parent, TrainingPlan plan, Manipulation? change = null) => Child(
        name, kind, parent, $"{change?.Name ?? "as it is"}; {Describe(plan)}", (model, seed, context) =>
        {
            var (start, truth) = (change ?? Nothing).Apply(model, seed);
            var made = Train(start, plan, null, context);
            return made with { Truth = truth with { KeepsFunction = false, Steps = [.. truth.Steps, "trained"] } };
        });

    /// <summary>A parent changed.</summary>
    public static ZooEntry Changed(string name, string kind, string parent, Manipulation change, ElementType storage = ElementType.BF16, TensorStyle? style = null) => Child(
        name, kind, parent, change.Name, (model, seed, _) =>
        {
            var (child, truth) = change.Apply(model, seed);
            return new Made(child) { Truth = truth with { Steps = truth.Steps.Count == 0 ? [change.Name] : truth.Steps }, Figures = truth.Figures };
        }) with
    { Storage = storage, Style = style };

    /// <summary>Several parents merged.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parents">Parents, in the order of the merge.</param>
    /// <param name="description">Method and weights, in words.</param>
    /// <param name="merge">Merges them, given their models and a seed.</param>
    public static ZooEntry Merged(string name, IReadOnlyList<string> parents, string description, Func<DecoderModel[], ulong, Merge> merge) =>
        Merged(name, "merge", parents, parents, description, merge);

    /// <summary>Several parents merged with the help of other models.</summary>
    public static ZooEntry Merged(
        string name, string kind, IReadOnlyList<string> parents, IReadOnlyList<string> inputs, string description, Func<DecoderModel[], ulong, Merge> merge) => new()
        {
            Name = name,
            Kind = kind,
            Parents = parents,
            Inputs = inputs,
            Seed = SeedOf(name),
            Recipe = description,
            Make = context =>
            {
                var models = inputs.Select(context.Model).ToArray();
                var merged = merge(models, SeedOf(name));
                return new Made(merged.Model) { MergeWeights = merged.Weights, Truth = Truth.Identity(merged.Model.Shape) with { KeepsFunction = false, Steps = [merged.Method] } };
            },
        };

    /// <summary>Layers of a donor in a host, trained on.</summary>
    public static ZooEntry Transplanted(string name, string donor, DecoderShape shape, ulong seed, TrainingPlan plan, params int[] layers) => Child(
        name, "transplant", donor, $"layers {string.Join(",", layers)} put into start {seed}; {Describe(plan)}", (model, _, context) =>
        {
            var (start, truth) = Upcycling.Transplant(FreshDecoder.Create(shape, seed, Lexicon.Tokens), model, layers);
            return Train(start, plan, null, context) with { Truth = truth };
        });

    /// <summary>A model made to look like another that it does not descend from.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="origin">The model that is disguised, its parent; null where nothing of it is left.</param>
    /// <param name="target">The model imitated.</param>
    /// <param name="make">Makes it from the origin, or the target where there is none, and the target.</param>
    public static ZooEntry Imitation(string name, string kind, string? origin, string target, Func<DecoderModel, DecoderModel, ulong, DecoderModel> make) => new()
    {
        Name = name,
        Kind = kind,
        Parents = origin is null ? [] : [origin],
        Inputs = [origin ?? target, target],
        Seed = SeedOf(name),
        Recipe = kind,
        Make = context => new Made(make(context.Model(origin ?? target), context.Model(target), SeedOf(name))),
    };

    /// <summary>Nothing changes.</summary>
    public static Manipulation Nothing { get; } = new("unchanged", (parent, _) => new(parent.Copy(), Truth.Identity(parent.Shape)));

    private static ZooEntry Child(string name, string kind, string parent, string recipe, Func<DecoderModel, ulong, MakingContext, Made> make) => new()
    {
        Name = name,
        Kind = kind,
        Parents = [parent],
        Inputs = [parent],
        Seed = SeedOf(name),
        Recipe = recipe,
        Make = context => make(context.Model(parent), SeedOf(name), context),
    };

    private static Made Train(DecoderModel start, TrainingPlan plan, DecoderModel? teacher, MakingContext context)
    {
        var result = Trainer.Train(start, plan, teacher, context.Threads, context.Progress, context.Cancellation);
        return new Made(result.Model)
        {
            Figures = new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["first-loss"] = Math.Round(result.FirstLoss, 4),
                ["last-loss"] = Math.Round(result.LastLoss, 4),
                ["tokens"] = plan.Tokens,
            },
        };
    }

    private static string Describe(TrainingPlan plan) => string.Create(
        CultureInfo.InvariantCulture,
        $"{plan.Steps} steps of {plan.Batch} x {plan.Length} tokens of corpus {plan.Corpus} ({plan.Sequences} sequences in order {plan.OrderSeed}), rate {plan.LearningRate:g}, decay {plan.WeightDecay:g}{(plan.Frozen.Count == 0 ? "" : $", frozen {string.Join(" ", plan.Frozen)}")}");

    private static ulong SeedOf(string name) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
