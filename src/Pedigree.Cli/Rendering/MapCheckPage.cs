using System.Globalization;
using Pedigree.Lineage;
using Spectre.Console;

namespace Pedigree.Cli.Rendering;

/// <summary>The page of <c>check-map</c>.</summary>
internal static class MapCheckPage
{
    public static void Write(IAnsiConsole console, MapCheckReport report)
    {
        var page = new Page(console);
        page.Opening("Does the map turn the reference into the suspect?");
        page.Prose(report.Holds
            ? "Yes. Applied to the reference, the map reproduces the suspect to the residual that it states."
            : $"No. {Reason(report)}");
        page.Blank();
        page.Field("Models", report.DigestsMatch ? "those that the map was made for (logical digests equal)" : "NOT those that the map was made for: logical digests differ");
        page.Field("Stream", report.Stream switch
        {
            "as-stored" => "as stored",
            "signed-permutation" => $"a signed permutation of {report.ReferenceWidth} dimensions to {report.SuspectWidth}: known exactly",
            _ => $"an orthogonal map of {report.ReferenceWidth} dimensions to {report.SuspectWidth}, orthogonal to {report.OrthogonalityError!.Value.ToString("0.0e0", CultureInfo.InvariantCulture)}",
        });
        page.Field("Residual", $"{Figure(report.Residual)} of the length of the rows; the map states {Figure(report.StatedResidual)}; with every neuron beside the next one's counterpart "
            + $"{Figure(report.ShiftedResidual)}. Unrelated rows give 1.41.");
        page.Blank();
        page.Table(
            [PageColumn.Name("Layer"), PageColumn.Name("of the reference"), PageColumn.Number("Neurons"), PageColumn.Name("Mean cosine by view"), PageColumn.Number("Shifted by one")],
            report.Layers.Select(layer => (IReadOnlyList<string>)
            [
                Place(layer.SuspectLayer, layer.SuspectExpert), Place(layer.ReferenceLayer, layer.ReferenceExpert), layer.Neurons.ToString("N0", CultureInfo.InvariantCulture),
                string.Join(", ", layer.Views.Zip(layer.Cosines, (view, cosine) => $"{view} {Figure(cosine)}")), Figure(layer.ShiftedCosine),
            ]));
        page.Blank();
        if (report.Kinds.Count > 0)
        {
            page.Table(
                [PageColumn.Name("Beside neurons"), PageColumn.Number("Rows"), PageColumn.Number("Residual"), PageColumn.Number("as stated"), PageColumn.Number("Shifted by one")],
                report.Kinds.Select(kind => (IReadOnlyList<string>)
                [
                    Name(kind.Kind), kind.Rows.ToString("N0", CultureInfo.InvariantCulture), Figure(kind.Residual), Figure(kind.StatedResidual), Figure(kind.ShiftedResidual),
                ]));
            page.Blank();
        }

        page.Prose("A map fits the neurons that it was made from better than it would fit others; that they correspond at all was tested by `compare` on layers which took no part in its map.", tone: Tone.Quiet);
    }

    private static string Reason(MapCheckReport report) =>
        !report.DigestsMatch ? "It was made for other models."
        : report.Residual is null ? "It names no neurons that could be compared."
        : report.OrthogonalityError > 1e-3 ? "Its map of the residual stream is not orthogonal."
        : report.StatedResidual is null ? "It states no residual."
        : "It reproduces the reference less well than it states.";

    private static string Place(int layer, int? expert) => expert switch { null => $"{layer}", < 0 => $"{layer}, shared expert", _ => $"{layer}, expert {expert}" };

    private static string Name(string kind) => kind switch
    {
        "attention-outputs" => "columns of attention outputs",
        "experts" => "router rows of experts",
        "tokens" => "embeddings of tokens",
        _ => kind,
    };

    private static string Figure(double? value) => value is { } number ? number.ToString("0.000", CultureInfo.InvariantCulture) : "–";
}
