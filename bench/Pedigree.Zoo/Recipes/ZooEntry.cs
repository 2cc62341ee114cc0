using Pedigree.Checkpoints;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Storage;

namespace Pedigree.Zoo.Recipes;

/// <summary>One model of a zoo: what it descends from and how it is made. Immutable.</summary>
internal sealed record ZooEntry
{
    /// <summary>Its name and the folder's.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, for the rows of a table: root, fine-tune, merge and so on.</summary>
    public required string Kind { get; init; }

    /// <summary>Models whose trained parameters it has; empty for one that has none, whatever else it shares.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>Models that are needed to make it: parents, teachers, targets of imitation.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Everything that decides its bytes apart from its inputs, in words.</summary>
    public required string Recipe { get; init; }

    /// <summary>Decides all random draws.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Names the random start that training began with; null for children.</summary>
    public string? Start { get; init; }

    /// <summary>How values are stored.</summary>
    public ElementType Storage { get; init; } = ElementType.BF16;

    /// <summary>Whose names tensors have; null for those usual for the shape.</summary>
    public TensorStyle? Style { get; init; }

    /// <summary>Whether models of its kind are compared with it although none descends from it.</summary>
    public bool IsReference { get; init; }

    /// <summary>Makes the model.</summary>
    public required Func<MakingContext, Made> Make { get; init; }
}

/// <summary>What is at hand when a model is made.</summary>
/// <param name="Model">Reads an input by name.</param>
/// <param name="Threads">Threads that may work at once.</param>
/// <param name="Progress">Receives step and loss of training.</param>
/// <param name="Cancellation">Stops the work.</param>
internal sealed record MakingContext(Func<string, DecoderModel> Model, int Threads, Action<int, double> Progress, CancellationToken Cancellation);

/// <summary>A model and what is known about it.</summary>
/// <param name="Model">The model.</param>
internal sealed record Made(DecoderModel Model)
{
    /// <summary>Where its parts come from in its first parent; null for a model without parents.</summary>
    public Truth? Truth { get; init; }

    /// <summary>For each layer, the weight of each parent; null for no merge.</summary>
    public double[][]? MergeWeights { get; init; }

    /// <summary>Numbers such as losses and tokens seen.</summary>
    public IReadOnlyDictionary<string, double> Figures { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);
}
