using Pedigree.Reports;
using Spectre.Console;

namespace Pedigree.Cli.Rendering;

/// <summary>The page of <c>pedigree inspect</c>.</summary>
internal static class InspectionPage
{
    private const int ListedTensors = 20;

    public static void Write(IAnsiConsole console, InspectionReport report)
    {
        var page = new Page(console);
        page.Opening("What the model consists of");
        page.Blank();
        page.Field("Model", report.Address, Tone.Strong);
        WriteSummary(page, report);
        WriteRoles(page, report);
        WriteTensors(page, "NOT UNDERSTOOD", "tensors without a role, left out of every test", report.NotUnderstood);
        WriteTensors(page, "FIXED TABLES", "equal in unrelated models by construction, left out of every test", report.FixedTables);
        WriteFindings(page, report);
    }

    private static void WriteSummary(Page page, InspectionReport report)
    {
        page.Field("Family", report.Family);
        page.Field("Layers", Figures.Count(report.Layers));
        page.Field("Width", report.Width > 0 ? Figures.Count(report.Width) : "not determined");
        page.Field("Heads", report.Heads is { } heads
            ? $"{Figures.Plural(heads.Query, "query head")} in {Figures.Plural(heads.KeyValue, "KV group")} of dimension {Figures.Count(heads.Dimension)} ({heads.Basis})"
            : "not established");
        page.Field("Experts", report.Experts > 0 ? $"{Figures.Count(report.Experts)} routed a layer" : "none, a dense model");
        page.Field("Parameters", Figures.Count(report.Parameters));
        page.Field("Types", string.Join(page.Glyphs.Divider, report.Types.Select(type => $"{type.Type}: {Figures.Plural(type.Tensors, "tensor")}, {Figures.Bytes(type.Bytes)}")));
        page.Field("Stored", $"{Figures.Plural(report.TensorCount, "tensor")}, {Figures.Bytes(report.Bytes)}, in {Figures.Plural(report.Shards.Count, "file")}");
    }

    private static void WriteRoles(Page page, InspectionReport report)
    {
        page.Section("ROLES", "what the tensors are for");
        if (report.Roles.Count == 0)
        {
            page.Prose("None could be determined.");
            return;
        }

        page.Table(
            [PageColumn.Name("Role"), PageColumn.Name("Place"), PageColumn.Number("Rows"), PageColumn.Number("Columns"), PageColumn.Name("Type"), PageColumn.Number("Count"), PageColumn.Words("Layers")],
            report.Roles.Select(role => (IReadOnlyList<string>)
            [
                role.Part.Replace('-', ' '),
                role.Place.Replace('-', ' '),
                Figures.Count(role.Rows),
                Figures.Count(role.Columns),
                role.Type,
                Figures.Count(role.Count),
                role.Layers.Count == 0 ? page.Glyphs.Absent : Figures.Runs(role.Layers, page.Glyphs.Range),
            ]));
        foreach (var pair in report.Interchangeable)
        {
            page.Blank();
            page.Prose($"Shapes cannot tell {pair.First.Replace('-', ' ')} from {pair.Second.Replace('-', ' ')}; they were assigned by the order of names.");
        }
    }

    private static void WriteTensors(Page page, string title, string meaning, IReadOnlyList<InspectedTensor> tensors)
    {
        page.Section(title, meaning);
        if (tensors.Count == 0)
        {
            page.Prose("None.");
            return;
        }

        page.Table(
            [PageColumn.Words("Tensor"), PageColumn.Name("Type"), PageColumn.Name("Shape")],
            tensors.Take(ListedTensors).Select(tensor => (IReadOnlyList<string>)
            [
                tensor.Name,
                tensor.Type,
                tensor.Shape.Count == 0 ? "scalar" : string.Join($" {page.Glyphs.Times} ", tensor.Shape.Select(Figures.Count)),
            ]));
        if (tensors.Count > ListedTensors)
        {
            page.Prose($"and {Figures.Count(tensors.Count - ListedTensors)} more; `--json` lists all.", tone: Tone.Quiet);
        }
    }

    private static void WriteFindings(Page page, InspectionReport report)
    {
        page.Section("FINDINGS", "what a reader should know");
        if (report.Findings.Count == 0)
        {
            page.Prose("None.");
        }

        foreach (var finding in report.Findings)
        {
            page.Item(finding.Text);
        }
    }
}
