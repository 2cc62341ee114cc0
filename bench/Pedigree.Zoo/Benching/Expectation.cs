using Pedigree.Reports;
using Pedigree.Zoo.Building;

namespace Pedigree.Zoo.Benching;

/// <summary>How two models of a zoo are tied in truth.</summary>
internal enum Tie
{
    /// <summary>Trained parameters of one are in the other, or those of a third in both.</summary>
    Lineage,

    /// <summary>Training began with the same random numbers, and nothing else is shared.</summary>
    SameStart,

    /// <summary>Nothing is shared.</summary>
    Unrelated,
}

/// <summary>What a verdict is worth.</summary>
internal enum Outcome
{
    /// <summary>As it should be.</summary>
    Right,

    /// <summary>The program said that it cannot tell.</summary>
    Abstained,

    /// <summary>Something shared was not found.</summary>
    Missed,

    /// <summary>Shared training was taken for a shared start, or a shared start for a proven descent.</summary>
    Misjudged,

    /// <summary>Unrelated models were said to share parameters: the error that must not happen.</summary>
    FalselyAccused,
}

/// <summary>The truth about pairs, derived from a manifest.</summary>
internal sealed class Expectation(Manifest manifest)
{
    private readonly Dictionary<string, ManifestModel> _models = manifest.Models.ToDictionary(model => model.Name, StringComparer.Ordinal);

    /// <summary>How two models are tied.</summary>
    public Tie TieOf(string one, string other)
    {
        var (left, right) = (Family(one), Family(other));
        if (left.Overlaps(right))
        {
            return Tie.Lineage;
        }

        var starts = left.Select(name => _models[name].Start).Where(start => start is not null).ToHashSet(StringComparer.Ordinal);
        return right.Any(name => _models[name].Start is { } start && starts.Contains(start)) ? Tie.SameStart : Tie.Unrelated;
    }

    /// <summary>What a relation is worth, given the truth.</summary>
    public static Outcome Judge(Tie tie, string relation) => (tie, relation) switch
    {
        (_, Relations.CannotTell) => Outcome.Abstained,
        (Tie.Unrelated, Relations.NoneFound) => Outcome.Right,
        (Tie.Unrelated, _) => Outcome.FalselyAccused,
        (_, Relations.NoneFound) => Outcome.Missed,
        (Tie.Lineage, Relations.SharedInitialisation) => Outcome.Misjudged,
        (Tie.SameStart, Relations.Derived or Relations.Identical) => Outcome.Misjudged,
        _ => Outcome.Right,
    };

    /// <summary>For each layer of a model that of one of its ancestors, followed along first parents; null where it is not one of those, or a map is unknown.</summary>
    public int[]? LayerMap(string child, string ancestor)
    {
        int[]? map = null;
        for (var model = _models[child]; model.Name != ancestor; model = _models[model.Parents[0]])
        {
            if (model.LayerMap is not { } next || model.Parents.Count != 1 || !_models.ContainsKey(model.Parents[0]))
            {
                return null;
            }

            map = map is null ? [.. next] : [.. map.Select(layer => layer < 0 ? -1 : next[layer])];
        }

        return map;
    }

    // A model and all that it descends from.
    private HashSet<string> Family(string name)
    {
        var family = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([name]);
        while (open.TryPop(out var next))
        {
            if (family.Add(next))
            {
                _models[next].Parents.ToList().ForEach(open.Push);
            }
        }

        return family;
    }
}
