namespace Pedigree.Zoo.Training;

/// <summary>How a model is trained. Immutable; together with the start it decides every bit of the outcome.</summary>
internal sealed record TrainingPlan
{
    /// <summary>Name of the corpus.</summary>
    public required string Corpus { get; init; }

    /// <summary>Steps of the optimizer.</summary>
    public required int Steps { get; init; }

    /// <summary>Highest learning rate; it rises over the first twentieth of the steps and falls along a cosine to a tenth.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Decides the order in which sequences are seen: the same seed, the same order.</summary>
    public ulong OrderSeed { get; init; }

    /// <summary>Sequences of the corpus.</summary>
    public int Sequences { get; init; } = 8192;

    /// <summary>Tokens of a sequence that are predicted from.</summary>
    public int Length { get; init; } = 64;

    /// <summary>Sequences of a step; a multiple of <see cref="Slices"/>.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>Parts of a batch, whose gradients are added in order: how many threads can work, and not a matter of how many do.</summary>
    public int Slices { get; init; } = 4;

    /// <summary>Weight decay of matrices, as AdamW counts it.</summary>
    public double WeightDecay { get; init; } = 0.1;

    /// <summary>Tensors that stay as they are, by the beginning of their names; empty for none.</summary>
    public IReadOnlyList<string> Frozen { get; init; } = [];

    /// <summary>Tokens seen in all.</summary>
    public long Tokens => (long)Steps * Batch * Length;

    /// <summary>The learning rate of a step, counted from 0.</summary>
    public double RateAt(int step)
    {
        var warm = Math.Max(1, Steps / 20);
        if (step < warm)
        {
            return LearningRate * (step + 1) / warm;
        }

        var progress = (step - warm) / (double)Math.Max(1, Steps - warm);
        return LearningRate * (0.1 + (0.45 * (1 + Math.Cos(Math.PI * progress))));
    }
}
