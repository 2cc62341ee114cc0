using Pedigree.Numerics;
using Pedigree.Zoo.Benching;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Text;
using Pedigree.Zoo.Training;

namespace Pedigree.Zoo.Sweeping;

/// <summary>A reference of a fresh shape and suspects whose history is known.</summary>
/// <param name="seed">Decides everything.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class SweepFamily(ulong seed, CancellationToken cancellation)
{
    private const int Compositions = 4;
    private const ulong Stream = 0x53574641;

    /// <summary>A suspect before and after.</summary>
    /// <param name="Kind">What it was before the composition.</param>
    /// <param name="Composition">What was done to it.</param>
    /// <param name="Tie">The truth.</param>
    /// <param name="Model">The suspect.</param>
    /// <param name="Reference">What it is compared with.</param>
    /// <param name="Layers">The true map of layers; null where nothing is inherited.</param>
    /// <param name="IsRenamed">Whether it is stored under other names and without config.json.</param>
    internal sealed record Suspect(string Kind, string Composition, Tie Tie, DecoderModel Model, DecoderModel Reference, int[]? Layers, bool IsRenamed);

    /// <summary>Makes the models, one after another.</summary>
    public IEnumerable<Suspect> Suspects()
    {
        var random = new CounterRandom(seed, Stream);
        string[] corpora = ["A", "B", "C"];
        corpora = [.. random.Permutation(corpora.Length).Select(i => corpora[i])];
        var shape = SweepDraw.Shape(seed);
        var start = FreshDecoder.Create(shape, CounterRandom.Mix(seed, 1), Lexicon.Tokens);
        var reference = Trained(start, corpora[0], 1);
        // Same data in the same order from another start; the same start on other data.
        var stranger = Trained(FreshDecoder.Create(shape, CounterRandom.Mix(seed, 2), Lexicon.Tokens), corpora[0], 1);
        var sibling = Trained(start, corpora[1], 2);
        for (var i = 0; i < Compositions; i++)
        {
            var own = CounterRandom.Mix(seed, 100 + (ulong)i);
            var change = SweepDraw.Composition(reference, own, corpora[2], cancellation);
            var renamed = i == Compositions - 1;
            var (kind, parent, layers) = i == Compositions - 2 ? Mixed(reference, stranger, ref random) : ("child", reference, Truth.Range(shape.Layers));
            var (child, truth) = change.Apply(parent, own);
            yield return new(kind, change.Name, Tie.Lineage, child, reference, [.. truth.Layers.Select(layer => layer < 0 ? -1 : layers[layer])], renamed);
            yield return new("stranger", change.Name, Tie.Unrelated, change.Apply(stranger, own).Model, reference, null, renamed);
            yield return new("same-start", change.Name, Tie.SameStart, change.Apply(sibling, own).Model, reference, null, renamed);
        }

        foreach (var (kind, suspect, other) in HardNegativesOf(reference, stranger, corpora[0], ref random))
        {
            yield return new(kind, "", Tie.Unrelated, suspect, other, null, false);
        }
    }

    // Children that inherit in part only.
    private static (string, DecoderModel, int[]) Mixed(DecoderModel reference, DecoderModel stranger, ref CounterRandom random)
    {
        var all = Truth.Range(reference.Shape.Layers);
        int[] turns = [.. all.Select(layer => layer % 2)];
        switch (random.NextInt(3))
        {
            case 0:
                return ("merge 0.7 with a stranger", Merging.Linear([reference, stranger], 0.7, 0.3).Model, all);
            case 1:
                return ("layers in turn with a stranger", Merging.LayerWise([reference, stranger], turns).Model, [.. all.Select(layer => turns[layer] == 0 ? layer : -1)]);
            default:
                var half = all[..((all.Length + 1) / 2)];
                var (model, truth) = Upcycling.Transplant(stranger, reference, half);
                return ("transplant of half the layers", model, truth.Layers);
        }
    }

    private List<(string, DecoderModel, DecoderModel)> HardNegativesOf(DecoderModel reference, DecoderModel stranger, string corpus, ref CounterRandom random)
    {
        var list = new List<(string, DecoderModel, DecoderModel)>
        {
            ("profile-clone", HardNegatives.ProfileClone(reference, seed), reference),
            ("distilled", Trained(FreshDecoder.Create(reference.Shape, CounterRandom.Mix(seed, 3), Lexicon.Tokens), corpus, 3, reference), reference),
            ("forged", Forgery.Careful(stranger, reference), reference),
        };
        Manipulation[] traps =
        [
            HardNegatives.NeuronsSorted, HardNegatives.NeuronsZeroed(16), HardNegatives.NeuronsTied(16), HardNegatives.Outliers(3, 6),
            Manipulation.Composed(DepthChanges.Repeated(1)), NeuronSymmetries.Split(16, equalHalves: true),
        ];
        foreach (var which in random.Permutation(traps.Length)[..2])
        {
            // Both of an unrelated pair, so that what they share is the trap alone; hidden, so that the search has to look.
            var suspect = Manipulation.Composed(traps[which], ManipulationNames.Disguise).Apply(stranger, seed).Model;
            list.Add(($"trap {traps[which].Name}", suspect, traps[which].Apply(reference, seed).Model));
        }

        return list;
    }

    private DecoderModel Trained(DecoderModel start, string corpus, ulong order, DecoderModel? teacher = null) =>
        Trainer.Train(start, SweepDraw.Plan(CounterRandom.Mix(seed, order), corpus), teacher, cancellation: cancellation).Model;
}
