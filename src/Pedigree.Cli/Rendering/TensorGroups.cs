using System.Globalization;
using Pedigree.Reports;

namespace Pedigree.Cli.Rendering;

/// <summary>Tensors of one type and shape whose names differ only in numbers.</summary>
/// <param name="Name">The name, with <c>#</c> for each number.</param>
/// <param name="Type">Stored element type.</param>
/// <param name="Shape">Dimensions, slowest first.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Layers">The first numbers of the names, which are the layers in every naming that has layers, ascending; empty for a tensor by itself.</param>
internal sealed record TensorGroup(string Name, string Type, IReadOnlyList<long> Shape, int Count, IReadOnlyList<int> Layers);

/// <summary>Groups tensors so that a list of them stays short however deep the model is.</summary>
internal static class TensorGroups
{
    /// <summary>The groups, in the order of their first tensor.</summary>
    public static IReadOnlyList<TensorGroup> Of(IReadOnlyList<InspectedTensor> tensors) =>
        [.. tensors
            .Select(tensor => (Tensor: tensor, Split: Split(tensor.Name)))
            .GroupBy(entry => (entry.Split.Pattern, entry.Tensor.Type, Shape: string.Join(',', entry.Tensor.Shape)))
            .Select(group => group.Count() == 1
                ? new TensorGroup(group.First().Tensor.Name, group.Key.Type, group.First().Tensor.Shape, 1, [])
                : new TensorGroup(group.Key.Pattern, group.Key.Type, group.First().Tensor.Shape, group.Count(),
                    [.. group.Select(entry => entry.Split.Number).Where(number => number >= 0).Distinct().Order()]))];

    private static (string Pattern, int Number) Split(string name)
    {
        var parts = name.Split('.');
        var first = -1;
        for (var at = 0; at < parts.Length; at++)
        {
            if (int.TryParse(parts[at], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                parts[at] = "#";
                first = first < 0 ? number : first;
            }
        }

        return (string.Join('.', parts), first);
    }
}
