using System.Globalization;
using Pedigree.Checkpoints.Pickles;
using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints.Torch;

/// <summary>Finds the weights in what a pickle describes: under the usual keys of training checkpoints, in state dictionaries and in whole modules. What lies
/// beside them, such as the state of an optimizer, is left out and reported.</summary>
internal sealed class TorchState
{
    private const int DeepestLevel = 64;
    private const long MostCharacters = 1 << 26;

    // Objects may share a dictionary and are then walked through one by one; an honest pickle has fewer values than operations.
    private const long MostVisited = 4L * PickleMachine.MostOperations;

    // In order of preference where a checkpoint has several.
    private static readonly string[] WeightKeys =
    [
        "state_dict", "model_state_dict", "model_state", "model", "module", "net", "network", "model_weights", "weights", "params",
    ];

    private readonly HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, int> counts = new(ReferenceEqualityComparer.Instance);
    private readonly List<(string Name, PickleCall Tensor)> tensors = [];
    private readonly List<string> skipped = [];
    private long characters;
    private long visited;

    private TorchState()
    {
    }

    /// <summary>The calls that make the weights, by name.</summary>
    public IReadOnlyList<(string Name, PickleCall Tensor)> Tensors => tensors;

    /// <summary>What was left out, such as "'optimizer' (12 tensors)".</summary>
    public IReadOnlyList<string> Skipped => skipped;

    /// <summary>Finds the weights in the value of a pickle.</summary>
    /// <exception cref="PickleFault">A name is too long.</exception>
    public static TorchState Find(object? value)
    {
        var state = new TorchState();
        state.Collect("", state.Descend(value), 0);
        return state;
    }

    // Goes down through keys that only wrap the weights. The members of a module are weights, whatever they are called.
    private object? Descend(object? value)
    {
        for (var level = 0; level < DeepestLevel; level++)
        {
            var children = TorchTree.IsObject(value) ? [] : Children(value);
            var inner = WeightKeys
                .Select(key => children.FirstOrDefault(child => string.Equals(child.Name, key, StringComparison.Ordinal)))
                .FirstOrDefault(child => !IsTensor(child.Value) && Count(child.Value, 0) > 0);
            if (inner.Name is null)
            {
                return value;
            }

            foreach (var (name, other) in children)
            {
                if (!ReferenceEquals(other, inner.Value))
                {
                    Skip(name, other);
                }
            }

            value = inner.Value;
        }

        return value;
    }

    private void Collect(string prefix, object? value, int level)
    {
        if (value is PickleCall tensor && IsTensor(tensor))
        {
            characters += prefix.Length;
            if (characters > MostCharacters)
            {
                throw new PickleFault("names more tensors than any checkpoint holds", 0);
            }

            tensors.Add((prefix.Length == 0 ? "tensor" : prefix, tensor));
            return;
        }

        // An object that lies in several places, or in itself, is named by the first. Tensors are named by all.
        if (value is null or string or ValueType || level > DeepestLevel || !seen.Add(value))
        {
            return;
        }

        if (prefix.Length > TorchTree.LongestName)
        {
            throw new PickleFault($"names a tensor with more than {TorchTree.LongestName} characters", 0);
        }

        var isObject = TorchTree.IsObject(value);
        foreach (var (name, child) in Children(value))
        {
            if (level == 0 && !isObject && !IsTensor(child) && IsOfTraining(name))
            {
                Skip(name, child);
            }
            else
            {
                Collect(prefix.Length == 0 ? name : $"{prefix}.{name}", child, level + 1);
            }
        }
    }

    private void Skip(string name, object? value)
    {
        if (Count(value, 0) is var count and > 0)
        {
            skipped.Add($"{Of(name)} ({count.ToString("N0", CultureInfo.InvariantCulture)} {(count == 1 ? "tensor" : "tensors")})");
        }
    }

    // Tensors in a value. An object that is met again while it is being counted holds itself, and counts nothing there.
    private int Count(object? value, int level)
    {
        if (IsTensor(value))
        {
            return 1;
        }

        if (value is null or string or ValueType || level > DeepestLevel)
        {
            return 0;
        }

        if (!counts.TryAdd(value, 0))
        {
            return counts[value];
        }

        var count = 0;
        foreach (var (_, child) in Children(value))
        {
            count = (int)Math.Min(int.MaxValue, (long)count + Count(child, level + 1));
        }

        counts[value] = count;
        return count;
    }

    private IReadOnlyList<(string Name, object? Value)> Children(object? value)
    {
        var children = TorchTree.Children(value);
        visited += children.Count;
        return visited <= MostVisited ? children : throw new PickleFault("shares its parts more often than any checkpoint does", 0);
    }

    private static bool IsTensor(object? value) => value is PickleCall call && TorchTensor.IsMadeBy(call);

    private static bool IsOfTraining(string name) =>
        name is "scaler" or "grad_scaler" or "amp" or "callbacks" or "loops"
        || name.StartsWith("optim", StringComparison.OrdinalIgnoreCase)
        || name.Contains("optimizer", StringComparison.OrdinalIgnoreCase)
        || name.Contains("scheduler", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("rng_state", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith("random_state", StringComparison.OrdinalIgnoreCase);
}
