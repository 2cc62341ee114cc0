using Pedigree.Numerics;
using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Manipulations;

/// <summary>A child and the truth about it.</summary>
/// <param name="Model">The child; it shares no memory with its parent.</param>
/// <param name="Truth">Where its parts come from.</param>
internal sealed record Derivation(DecoderModel Model, Truth Truth);

/// <summary>A named way of making a child of one parent. The parent stays as it is; the same seed gives the same child.</summary>
/// <param name="Name">As <see cref="ManipulationNames"/> reads it.</param>
/// <param name="Apply">Makes the child from the parent and a seed.</param>
internal sealed record Manipulation(string Name, Func<DecoderModel, ulong, Derivation> Apply)
{
    /// <summary>Several, one after another, each with a seed of its own.</summary>
    public static Manipulation Composed(params IReadOnlyList<Manipulation> steps) => new(
        string.Join(" ", steps.Select(step => step.Name)),
        (parent, seed) =>
        {
            var model = parent;
            var truth = Truth.Identity(parent.Shape);
            for (var i = 0; i < steps.Count; i++)
            {
                var (child, next) = steps[i].Apply(model, CounterRandom.Mix(seed, (ulong)i));
                model = child;
                truth = truth.Then(next with { Steps = [steps[i].Name] });
            }

            return new Derivation(model, truth);
        });
}
