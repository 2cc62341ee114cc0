using Pedigree.Numerics;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Text;
using Pedigree.Zoo.Training;

namespace Pedigree.Zoo.Sweeping;

/// <summary>What a sweep draws at random: shapes of roots and compositions of manipulations.</summary>
internal static class SweepDraw
{
    private const ulong ShapeStream = 0x5357534850;
    private const ulong StepStream = 0x5357535450;

    /// <summary>The shape of a root: widths of 64 to 160, two to eight layers, whatever heads, norms, biases, experts and tying occur.</summary>
    public static DecoderShape Shape(ulong seed)
    {
        var random = new CounterRandom(seed, ShapeStream);
        int[] widths = [64, 64, 80, 96, 96, 112, 128, 160];
        var width = widths[random.NextInt(widths.Length)];
        var shape = RandomDecoder.DrawShape(seed, width, 2 + random.NextInt(width > 96 ? 4 : 7), Lexicon.Tokens.Count);
        // Plain MLPs with rotary positions, few and many experts, narrow and wide MLPs.
        var factors = new[] { 1.5, 2.5, 3, 4 };
        var neurons = shape.Experts > 0 ? (random.NextInt(2) == 0 ? width : width / 2) : 16 * (int)(factors[random.NextInt(factors.Length)] * width / 16);
        return shape with { Neurons = neurons };
    }

    /// <summary>How a root is trained: a seventh of what the quick zoo's roots see.</summary>
    public static TrainingPlan Plan(ulong seed, string corpus, int steps = 300, double rate = 3e-3) =>
        new() { Corpus = corpus, Steps = steps, OrderSeed = seed, Length = 32, Batch = 16, LearningRate = rate };

    /// <summary>Two to four manipulations that can be applied to a model one after another.</summary>
    /// <param name="parent">The model; every step is tried on it.</param>
    /// <param name="seed">Decides the draws.</param>
    /// <param name="corpus">A corpus for continued training.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static Manipulation Composition(DecoderModel parent, ulong seed, string corpus, CancellationToken cancellation)
    {
        var random = new CounterRandom(seed, StepStream);
        var count = 2 + random.NextInt(3);
        var steps = new List<Manipulation>();
        var shape = parent.Shape;
        while (steps.Count < count)
        {
            var step = Step(ref random, shape, corpus, cancellation);
            // The same kind twice says little, and pruning twice leaves nothing to compare.
            if (steps.Any(taken => Kind(taken) == Kind(step)))
            {
                continue;
            }

            try
            {
                // On an untrained model of the shape: whether a step can be applied is a matter of shapes.
                shape = Kind(step) == "trained" ? shape : step.Apply(RandomDecoder.Create(shape, seed, parent.Tokens), seed).Model.Shape;
                steps.Add(step);
            }
            catch (ArgumentException)
            {
                // It cannot be applied to this shape; another is drawn.
            }
        }

        return Manipulation.Composed(steps);
    }

    private static string Kind(Manipulation step) => step.Name.Split(':')[0];

    private static Manipulation Step(ref CounterRandom random, DecoderShape shape, string corpus, CancellationToken cancellation)
    {
        var low = random.NextInt(2) == 0;
        switch (random.NextInt(12))
        {
            case 0 or 1:
                return ManipulationNames.Disguise;
            case 2:
                return ManipulationNames.Plain[random.NextInt(ManipulationNames.Plain.Count)];
            case 3:
                return WidthPruning.Pruned(low ? 0.6 : 0.8, (PruningOrder)random.NextInt(3));
            case 4:
                return Trained(Plan(random.NextUInt64(), corpus, low ? 60 : 200, low ? 3e-3 : 1e-3), cancellation);
            case 5:
                return shape.Layers > 2 ? DepthChanges.Dropped(1) : DepthChanges.Repeated(1);
            case 6:
                return low ? DepthChanges.Repeated(1) : DepthChanges.FreshInserted(1);
            case 7:
                return low ? VocabularyChanges.Replaced : VocabularyChanges.Reordered;
            case 8:
                return low ? Perturbations.Noise(0.6) : Perturbations.Noise(0.85);
            case 9:
                return low ? Quantisation.Integers(4, 16) : Perturbations.LowRank(4, 0.3);
            case 10:
                return low ? Upcycling.Copies(4, 0.95) : Upcycling.Split(4);
            default:
                return low ? NeuronSymmetries.Split(16, equalHalves: false) : ResidualSymmetries.Padded(16);
        }
    }

    private static Manipulation Trained(TrainingPlan plan, CancellationToken cancellation) => new(
        $"trained:{plan.Corpus},{plan.Steps}",
        (parent, _) => new Derivation(
            Trainer.Train(parent, plan, cancellation: cancellation).Model, Truth.Identity(parent.Shape) with { KeepsFunction = false }));
}
