using Pedigree.Reports;

namespace Pedigree.Cli.Rendering;

/// <summary>The list of <c>pedigree inspect --tensors</c>: what the tensors hold.</summary>
internal static class TensorList
{
    /// <param name="page">The page.</param>
    /// <param name="report">The report.</param>
    /// <param name="isEach">Whether each tensor has a row of its own, not those of equal layers and experts together.</param>
    public static void Write(IPage page, InspectionReport report, bool isEach)
    {
        page.Section("TENSORS", Figures.Plural(report.Tensors.Count, "tensor"));
        page.Table(
            [PageColumn.Words("Tensor"), PageColumn.Name("Type"), PageColumn.Name("Shape"), PageColumn.Words("Holds")],
            isEach
                ? report.Tensors.Select(tensor => Row(page, tensor.Name, tensor.Type, tensor.Shape, tensor.Roles))
                : report.Folded.Select(tensor => Row(page, tensor.Name, tensor.Type, tensor.Shape, [.. tensor.Purposes.Select(purpose => purpose.Replace('-', ' '))])));
    }

    private static IReadOnlyList<string> Row(IPage page, string name, string type, IReadOnlyList<long> shape, IReadOnlyList<string> holds) =>
    [
        name,
        type,
        shape.Count == 0 ? "scalar" : string.Join($" {page.Glyphs.Times} ", shape.Select(Figures.Count)),
        holds.Count == 0 ? page.Glyphs.Absent : string.Join(", ", holds),
    ];
}
