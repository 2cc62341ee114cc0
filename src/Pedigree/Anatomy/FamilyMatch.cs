using Pedigree.Anatomy.Families;
using Pedigree.Checkpoints;

namespace Pedigree.Anatomy;

/// <summary>How far the names of one family explain one stack of layers, and what stands around it.</summary>
/// <param name="Family">The family.</param>
/// <param name="Claims">One claim for each tensor whose name the family knows.</param>
/// <param name="Prefix">What the names of the layers begin with; of an encoder and decoder, what both begin with.</param>
/// <param name="OtherStacks">Prefixes of further stacks of layers.</param>
internal sealed record FamilyMatch(ModelFamily Family, IReadOnlyList<Claim> Claims, string Prefix, IReadOnlyList<string> OtherStacks)
{
    // Numbers the layers of joined stacks one after another; a layer number has at most six digits.
    private const int StackStep = 1_000_000;

    // Known names have a dozen components; every one costs a look-up of all behind it.
    private const int MostComponents = 32;

    /// <summary>The family that explains most tensors of the largest stack of layers, or null if none has its required names.</summary>
    public static FamilyMatch? Best(IReadOnlyList<StoredTensor> tensors)
    {
        var names = tensors.Select(tensor => TensorName.Parse(tensor.Name)).ToArray();
        var candidates = new Dictionary<(string Prefix, ModelFamily Family), Candidate>();
        for (var i = 0; i < names.Length; i++)
        {
            foreach (var (place, pattern, _, _) in InLayer(names[i], family: null))
            {
                (candidates.TryGetValue(place, out var candidate) ? candidate : candidates[place] = new Candidate()).Add(pattern, tensors[i].Count);
            }
        }

        var stacks = candidates
            .Where(entry => entry.Key.Family.Required.All(entry.Value.Names.Contains))
            .GroupBy(entry => entry.Key.Prefix, StringComparer.Ordinal)
            .Select(stack => BestOf([.. stack], names))
            .ToArray();
        if (stacks.Length == 0)
        {
            return null;
        }

        // The language model is the largest part of a multimodal one.
        var ((prefix, family), _) = stacks.OrderByDescending(stack => stack.Value.Elements).ThenBy(stack => stack.Key.Prefix, StringComparer.Ordinal).First();
        return new FamilyMatch(
            family, Settled([.. ClaimsOf(family, prefix, tensors, names)]), prefix,
            [.. stacks.Select(stack => stack.Key.Prefix).Where(other => !string.Equals(other, prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);
    }

    // Names in the layers decide, then those around them.
    private static KeyValuePair<(string Prefix, ModelFamily Family), Candidate> BestOf(KeyValuePair<(string Prefix, ModelFamily Family), Candidate>[] candidates, TensorName[] names)
    {
        var most = candidates.Max(entry => entry.Value.Tensors);
        var tied = candidates.Where(entry => entry.Value.Tensors == most).ToArray();
        return tied.Length == 1 ? tied[0]
            : tied.OrderByDescending(entry => names.Count(name => Outside(entry.Key.Family, name, entry.Key.Prefix) is not null))
                .ThenBy(entry => KnownFamilies.RankOf(entry.Key.Family)).First();
    }

    private static IEnumerable<Claim> ClaimsOf(ModelFamily family, string prefix, IReadOnlyList<StoredTensor> tensors, TensorName[] names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            var inLayer = InLayer(names[i], family).Where(found => string.Equals(found.Place.Prefix, prefix, StringComparison.Ordinal)).ToArray();
            if (inLayer is [var (_, pattern, layer, expert), ..])
            {
                yield return new Claim(tensors[i], pattern, layer, expert, names[i].IsBias);
            }
            else if (Outside(family, names[i], prefix) is { } outside)
            {
                yield return new Claim(tensors[i], outside, -1, Role.Dense, names[i].IsBias);
            }
        }
    }

    // What a tensor is may depend on another of its layer.
    private static IReadOnlyList<Claim> Settled(IReadOnlyList<Claim> claims)
    {
        if (claims.All(claim => claim.Pattern.Beside.Count == 0))
        {
            return claims;
        }

        var present = claims.Select(claim => (claim.Layer, claim.Pattern.Name)).ToHashSet();
        return
        [
            .. claims.Select(claim => !claim.Pattern.Beside.Any(name => present.Contains((claim.Layer, name))) ? claim
                : claim with { Pattern = claim.Pattern.PartBeside is { } part ? claim.Pattern with { Part = part } : TensorPattern.WithoutRole(claim.Pattern.Name) }),
        ];
    }

    // A family claims a tensor at the first number of the name that can be its layer.
    private static IEnumerable<((string Prefix, ModelFamily Family) Place, TensorPattern Pattern, int Layer, int Expert)> InLayer(TensorName name, ModelFamily? family)
    {
        HashSet<ModelFamily>? claimed = null;
        for (var at = 0; at < name.Length - 1 && name.Length <= MostComponents; at++)
        {
            if (name.NumberAt(at) is not { } layer)
            {
                continue;
            }

            foreach (var (of, pattern, number) in KnownFamilies.InLayer(name, at + 1))
            {
                if ((family is null || ReferenceEquals(of, family)) && (claimed ??= []).Add(of))
                {
                    var expert = number ?? pattern.Expert;
                    var (prefix, stack) = of.Joined(name.Before(at));
                    yield return ((prefix, of), pattern, (stack * StackStep) + (layer * of.Sublayers) + pattern.Sublayer, expert);
                }
            }
        }
    }

    // What stands outside the layers may sit higher up than they do (`lm_head` beside `model.layers`), never in another branch.
    private static TensorPattern? Outside(ModelFamily family, TensorName name, string prefix)
    {
        for (var at = 0; at < name.Length && name.Length <= MostComponents; at++)
        {
            var above = name.Before(at);
            if ((above.Length == 0 || (prefix + ".").StartsWith(above + ".", StringComparison.Ordinal))
                && (family.Outside(name.Literal(at)) ?? family.Outside(name.From(at).Pattern)) is { } pattern)
            {
                return pattern;
            }
        }

        return null;
    }

    private sealed class Candidate
    {
        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        public int Tensors { get; private set; }

        public double Elements { get; private set; }

        public void Add(TensorPattern pattern, long elements)
        {
            Names.Add(pattern.Name);
            Tensors++;
            Elements += elements;
        }
    }
}
