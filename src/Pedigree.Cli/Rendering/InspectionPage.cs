using Pedigree.Reports;

namespace Pedigree.Cli.Rendering;

/// <summary>The page of <c>pedigree inspect</c>: the model in a few facts, its tensors by role, then what was left out and what a reader should know.</summary>
internal static class InspectionPage
{
    private const int ListedTensors = 20;
    private const int ListedMetadata = 12;
    private const int LongestValue = 80;

    /// <param name="page">The page.</param>
    /// <param name="report">The report.</param>
    /// <param name="tree">Whether the tensors that the report lists are set as a tree, where the page can.</param>
    public static void Write(IPage page, InspectionReport report, bool tree = false)
    {
        page.Opening("What the model consists of");
        page.Field("Model", report.Address, Tone.Strong);
        WriteSummary(page, report);
        WriteRoles(page, report);
        WriteVectors(page, report);
        WriteComponents(page, report);
        WriteTensors(page, "NOT UNDERSTOOD", $"{Figures.Plural(report.NotUnderstood.Count, "tensor")} without a role, left out of every test", report.NotUnderstood);
        WriteTensors(page, "FIXED TABLES", "equal in unrelated models by construction, left out of every test", report.FixedTables);
        WriteTensors(page, "AUXILIARY", "known to the family, used by no test", report.Auxiliary);
        WriteDeclarations(page, report);
        WriteFindings(page, report);
        WriteListed(page, report, tree);
        DigestTable.Write(page, report.Digest);
    }

    private static void WriteListed(IPage page, InspectionReport report, bool tree)
    {
        // A pattern that chose some of the tensors asks for each of them.
        var isEach = report.Tensors.Count < report.TensorCount;
        var terminal = tree ? page as Page : null;
        if (terminal is not null)
        {
            TensorTree.Write(terminal, report.Folded);
        }

        LayerTable.Write(page, report.PerLayer);
        if (report.Folded.Any(tensor => tensor.Statistics is not null))
        {
            StatisticsTable.Write(page, report, isEach);
        }
        else if (terminal is null && report.Tensors.Count > 0)
        {
            TensorList.Write(page, report, isEach);
        }
    }

    private static void WriteSummary(IPage page, InspectionReport report)
    {
        var divider = page.Glyphs.Divider;
        var width = report.Width > 0 ? $"width {Figures.Count(report.Width)}" : "width not determined";
        var experts = report.Experts > 0 ? $"{Figures.Plural(report.Experts, "routed expert")} a layer" : "no routed experts";
        page.Field("Family", string.Join(divider, report.Family, Figures.Plural(report.Layers, "layer"), width, experts, $"{Figures.Count(report.Parameters)} parameters"));
        page.Field("Heads", report.Heads is { } heads
            ? $"{Figures.Plural(heads.Query, "query head")} in {Figures.Plural(heads.KeyValue, "KV group")} of dimension {Figures.Count(heads.Dimension)}, by {heads.Basis}"
            : "not established");
        page.Field("Stored", $"{Figures.Plural(report.TensorCount, "tensor")}, {Figures.Bytes(report.Bytes)} in {Figures.Plural(report.Shards.Count, "file")}: "
            + string.Join(divider, report.Types.Select(type => $"{type.Type} {Figures.Plural(type.Tensors, "tensor")}, {Figures.Bytes(type.Bytes)}")));
        page.Field("Understood", Understood(report));
        page.Field("Training", report.Findings.Any(finding => string.Equals(finding.Id, "looks-untrained", StringComparison.Ordinal))
            ? "the weights look untrained; see the findings"
            : "no sign of untrained weights");
    }

    private static string Understood(InspectionReport report)
    {
        var left = new List<string>();
        if (report.NotUnderstood.Count > 0)
        {
            left.Add($"{Figures.Count(report.NotUnderstood.Count)} of {Figures.Plural(report.TensorCount, "tensor")} without a role");
        }

        if (report.FixedTables.Count > 0)
        {
            left.Add($"{Figures.Plural(report.FixedTables.Count, "fixed table")} left out");
        }

        return left.Count == 0 ? "every tensor has a role" : string.Join(", ", left);
    }

    private static void WriteRoles(IPage page, InspectionReport report)
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
        if (report.Interchangeable.Count > 0)
        {
            var pairs = report.Interchangeable.Select(pair => $"{pair.First.Replace('-', ' ')} and {pair.Second.Replace('-', ' ')}");
            page.Prose($"Shapes cannot tell apart {string.Join(", ", pairs)}; they were assigned by content and the order of names.");
        }
    }

    private static void WriteVectors(IPage page, InspectionReport report)
    {
        if (report.VectorKinds.Count == 0)
        {
            return;
        }

        page.Section("GAINS AND BIASES", "spike: largest value over root mean square, about 4 for normal values");
        page.Table(
            [PageColumn.Name("Vector"), PageColumn.Number("Count"), PageColumn.Number("Mean"), PageColumn.Number("Largest"), PageColumn.Number("Spike"), PageColumn.Words("Layers")],
            report.VectorKinds.Select(kind => (IReadOnlyList<string>)
            [
                kind.Part.Replace('-', ' '),
                Figures.Count(kind.Count),
                kind.Mean is { } mean ? Figures.Range(mean.Least, mean.Most) : page.Glyphs.Absent,
                kind.Largest is { } largest ? Figures.Compact(largest) : page.Glyphs.Absent,
                kind.Spike is { } spike ? Figures.Compact(spike) + (kind.Count > 1 ? $" in layer {kind.SpikeLayer}" : "") : page.Glyphs.Absent,
                kind.Layers.Count == 0 ? page.Glyphs.Absent : Figures.Runs(kind.Layers, page.Glyphs.Range),
            ]));
    }

    private static void WriteTensors(IPage page, string title, string meaning, IReadOnlyList<InspectedTensor> tensors)
    {
        if (tensors.Count == 0)
        {
            return;
        }

        // Tensors that differ by the number of their layer only are told together, as roles are.
        var groups = TensorGroups.Of(tensors);
        page.Section(title, meaning);
        page.Table(
            [PageColumn.Words("Tensor"), PageColumn.Name("Type"), PageColumn.Name("Shape"), PageColumn.Number("Count"), PageColumn.Words("Layers")],
            groups.Take(ListedTensors).Select(group => (IReadOnlyList<string>)
            [
                group.Name,
                group.Type,
                group.Shape.Count == 0 ? "scalar" : string.Join($" {page.Glyphs.Times} ", group.Shape.Select(Figures.Count)),
                Figures.Count(group.Count),
                group.Layers.Count == 0 ? page.Glyphs.Absent : Figures.Runs(group.Layers, page.Glyphs.Range),
            ]));
        if (groups.Count > ListedTensors)
        {
            page.Prose($"and {Figures.Plural(groups.Count - ListedTensors, "row")} more; `--json` lists every tensor.", tone: Tone.Quiet);
        }
    }

    private static void WriteComponents(IPage page, InspectionReport report)
    {
        if (report.Components.Count == 0)
        {
            return;
        }

        page.Section("COMPONENTS", "parts with layers of their own, compared by no test");
        page.Table(
            [PageColumn.Words("Prefix"), PageColumn.Name("Family"), PageColumn.Number("Layers"), PageColumn.Number("Width"), PageColumn.Number("Parameters")],
            report.Components.Select(part => (IReadOnlyList<string>)
            [
                part.Prefix, part.Family, Figures.Count(part.Layers), part.Width > 0 ? Figures.Count(part.Width) : page.Glyphs.Absent, Figures.Count(part.Parameters),
            ]));
    }

    private static void WriteDeclarations(IPage page, InspectionReport report)
    {
        // What the metadata of weight files declares about licence and origin stands among the declarations already.
        var declared = report.Declared.Select(field => (field.Field, field.Value, field.File)).ToList();
        var known = declared.Select(field => field.Field).ToHashSet(StringComparer.Ordinal);
        var metadata = report.Metadata.Where(entry => !known.Contains(entry.Key)).Select(entry => (entry.Key, entry.Value, File: "metadata")).ToArray();
        declared.AddRange(metadata.Take(ListedMetadata));
        if (declared.Count == 0)
        {
            return;
        }

        page.Section("DECLARED", "what the files say of themselves; nothing of it was checked");
        page.Table(
            [PageColumn.Words("Field"), PageColumn.Words("Value"), PageColumn.Name("File")],
            declared.Select(field => (IReadOnlyList<string>)[field.Field, Shortened(field.Value), field.File]));
        if (metadata.Length > ListedMetadata)
        {
            page.Prose($"and {Figures.Plural(metadata.Length - ListedMetadata, "field")} more with `--json`.", Tone.Quiet);
        }
    }

    // Not in the middle of a character of two code units.
    private static string Shortened(string value) => value.Length <= LongestValue ? value
        : value[..(char.IsHighSurrogate(value[LongestValue - 1]) ? LongestValue - 1 : LongestValue)] + "...";

    private static void WriteFindings(IPage page, InspectionReport report)
    {
        if (report.Findings.Count == 0)
        {
            return;
        }

        page.Section("FINDINGS", "what a reader should know");
        foreach (var finding in report.Findings)
        {
            page.Item(page.Glyphs.Bullet, finding.Text);
        }
    }
}
