using System.Text.Json;
using Pedigree.Anatomy;

namespace Pedigree.Lineage;

/// <summary>What each tensor is for, in words without numbers of layers and experts.</summary>
internal static class TensorPurposes
{
    /// <summary>The words by name of tensor; a tensor that holds several parts has several.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Of(ModelAnatomy anatomy)
    {
        var purposes = new Dictionary<string, SortedSet<(int Order, string Word)>>(StringComparer.Ordinal);
        Collect(anatomy, purposes);
        return purposes.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<string>)[.. entry.Value.Select(purpose => purpose.Word).Distinct(StringComparer.Ordinal)], StringComparer.Ordinal);
    }

    private static void Collect(ModelAnatomy anatomy, Dictionary<string, SortedSet<(int Order, string Word)>> purposes)
    {
        void Add(string tensor, int order, string word)
        {
            if (!purposes.TryGetValue(tensor, out var words))
            {
                purposes[tensor] = words = [];
            }

            words.Add((order, word));
        }

        foreach (var (role, view) in anatomy.Views)
        {
            Add(view.Tensor.Name, (int)role.Part, Word(role));
        }

        foreach (var (tensors, word) in new[] { (anatomy.Fixed, "fixed-table"), (anatomy.Auxiliary, "auxiliary"), (anatomy.NotUnderstood, "not-understood") })
        {
            foreach (var tensor in tensors)
            {
                Add(tensor.Name, int.MaxValue, word);
            }
        }

        foreach (var component in anatomy.Components)
        {
            Collect(component.Anatomy, purposes);
        }
    }

    private static string Word(Role role)
    {
        var part = role.BiasOf is { } of ? $"{KebabCase(of)}-bias" : KebabCase(role.Part);
        return role.Expert == Role.Shared ? $"shared-expert-{part}" : role.Expert == Role.Dense ? part : $"expert-{part}";
    }

    private static string KebabCase(Part part) => JsonNamingPolicy.KebabCaseLower.ConvertName(part.ToString());
}
