using Pedigree.Anatomy.Families;
using Pedigree.Checkpoints;

namespace Pedigree.Anatomy;

/// <summary>How far the names of one family explain a checkpoint.</summary>
/// <param name="Family">The family.</param>
/// <param name="Claims">One claim for each tensor whose name the family knows.</param>
/// <param name="OtherStacks">Prefixes of further stacks of layers with the same names, such as a vision tower; they are left alone.</param>
internal sealed record FamilyMatch(ModelFamily Family, IReadOnlyList<Claim> Claims, IReadOnlyList<string> OtherStacks)
{
    /// <summary>The family that explains most tensors, or null if none has its required names.</summary>
    public static FamilyMatch? Best(IReadOnlyList<StoredTensor> tensors)
    {
        var names = tensors.Select(tensor => TensorName.Parse(tensor.Name)).ToArray();
        return KnownFamilies.All
            .Select(family => Match(family, tensors, names))
            .OfType<FamilyMatch>()
            .MaxBy(match => match.Claims.Count);
    }

    private static FamilyMatch? Match(ModelFamily family, IReadOnlyList<StoredTensor> tensors, TensorName[] names)
    {
        var stacks = new SortedDictionary<string, List<Claim>>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            if (InLayer(family, tensors[i], names[i]) is { } found)
            {
                (stacks.TryGetValue(found.Prefix, out var stack) ? stack : stacks[found.Prefix] = []).Add(found.Claim);
            }
        }

        if (stacks.Count == 0)
        {
            return null;
        }

        var main = stacks.MaxBy(stack => stack.Value.Count);
        var claimed = main.Value.Select(claim => claim.Pattern.Name).ToHashSet(StringComparer.Ordinal);
        if (!family.Required.All(claimed.Contains))
        {
            return null;
        }

        var claims = main.Value;
        for (var i = 0; i < names.Length; i++)
        {
            if (OutsideLayers(family, tensors[i], names[i], main.Key) is { } claim)
            {
                claims.Add(claim);
            }
        }

        return new FamilyMatch(family, claims, [.. stacks.Keys.Where(prefix => !string.Equals(prefix, main.Key, StringComparison.Ordinal))]);
    }

    private static (string Prefix, Claim Claim)? InLayer(ModelFamily family, StoredTensor tensor, TensorName name)
    {
        for (var at = 0; at < name.Length - 1; at++)
        {
            if (name.NumberAt(at) is not { } layer)
            {
                continue;
            }

            var (text, number) = name.From(at + 1);
            if (family.InLayer(text) is { } pattern)
            {
                return (name.Before(at), new Claim(tensor, pattern, layer, number ?? pattern.Expert, name.IsBias));
            }
        }

        return null;
    }

    // What stands outside the layers may sit higher up than they do (`lm_head` beside `model.layers`), never in another branch.
    private static Claim? OutsideLayers(ModelFamily family, StoredTensor tensor, TensorName name, string layersPrefix)
    {
        for (var at = 0; at < name.Length; at++)
        {
            var above = name.Before(at);
            if (family.Outside(name.From(at).Pattern) is { } pattern
                && (above.Length == 0 || layersPrefix.StartsWith(above + ".", StringComparison.Ordinal)))
            {
                return new Claim(tensor, pattern, -1, Role.Dense, name.IsBias);
            }
        }

        return null;
    }
}
