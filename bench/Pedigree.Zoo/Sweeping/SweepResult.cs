using Pedigree.Zoo.Benching;

namespace Pedigree.Zoo.Sweeping;

/// <summary>One comparison of a sweep.</summary>
/// <param name="Seed">The family's seed: <c>sweep SEED 1</c> makes the family again.</param>
/// <param name="Reference">The reference's shape.</param>
/// <param name="Kind">What the suspect is before the composition: child, stranger, same-start, merge, transplant, distilled and so on.</param>
/// <param name="Composition">What was done to it.</param>
/// <param name="Stored">How it is stored: <c>usual</c>, or <c>renamed</c> with other tensor names and no config.json.</param>
/// <param name="Tie">The truth.</param>
/// <param name="Outcome">What the verdict is worth.</param>
/// <param name="Relation">What was said.</param>
/// <param name="QuarterShare">Agreeing share that a quarter of the layers reach; null where the search did not run.</param>
/// <param name="Threshold">The share from which a layer counts; null where the search did not run.</param>
/// <param name="Start">What was said of shared training.</param>
/// <param name="LayerMap">For each layer of the suspect, the layer of the reference that was named; -1 for none.</param>
/// <param name="TrueMap">The same in truth; null where nothing was inherited.</param>
/// <param name="WrongLayers">Layers that were given a wrong origin. A layer without one is not wrong.</param>
/// <param name="Seconds">Wall-clock time of the comparison.</param>
internal sealed record SweepResult(
    ulong Seed, string Reference, string Kind, string Composition, string Stored, Tie Tie, Outcome Outcome, string Relation, double? QuarterShare, double? Threshold, string Start,
    IReadOnlyList<int> LayerMap, IReadOnlyList<int>? TrueMap, int WrongLayers, double Seconds);
