using Pedigree.Reports;
using Spectre.Console;

namespace Pedigree.Cli.Rendering;

/// <summary>The list of <c>pedigree inspect --tensors</c>: each tensor with what it holds.</summary>
internal static class TensorList
{
    public static void Write(IAnsiConsole console, IReadOnlyList<InspectedValues> tensors)
    {
        var page = new Page(console);
        page.Section("TENSORS", Figures.Plural(tensors.Count, "tensor"));
        page.Table(
            [PageColumn.Words("Tensor"), PageColumn.Name("Type"), PageColumn.Name("Shape"), PageColumn.Words("Holds")],
            tensors.Select(tensor => (IReadOnlyList<string>)
            [
                tensor.Name,
                tensor.Type,
                tensor.Shape.Count == 0 ? "scalar" : string.Join($" {page.Glyphs.Times} ", tensor.Shape.Select(Figures.Count)),
                tensor.Roles.Count == 0 ? page.Glyphs.Absent : string.Join(", ", tensor.Roles),
            ]));
    }
}
