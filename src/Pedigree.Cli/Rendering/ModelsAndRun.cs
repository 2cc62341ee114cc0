using Pedigree.Lineage;

namespace Pedigree.Cli.Rendering;

/// <summary>What was compared and how: enough to find the same files and to run the comparison again.</summary>
internal static class ModelsAndRun
{
    public static void Write(IPage page, ComparisonReport report)
    {
        var run = report.Run;
        page.Section("MODELS AND RUN", Digests([report.Suspect, .. report.References]));
        WriteModel(page, "Suspect", report.Suspect, run.SuspectBytesRead, report.Options);
        for (var index = 0; index < report.References.Count; index++)
        {
            var label = report.References.Count == 1 ? "Reference" : $"Reference {index + 1}";
            WriteModel(page, label, report.References[index], run.ReferenceBytesRead[index], report.Options);
        }

        var budget = report.Options.Full ? "no limit on bytes" : $"at most {Figures.Bytes(report.Options.BudgetBytes)} a model";
        page.Field("Run", $"{Figures.Duration(run.Seconds)} on {Figures.Plural(run.Threads, "thread")}, started {run.StartedAt}; {budget}; "
            + $"seed {report.Seed}, {(report.Options.SeedGiven ? "given by the user" : "from the content")}; pedigree {report.ToolVersion}, {report.Schema}.");
    }

    private static string Digests(IReadOnlyList<ModelSummary> models)
    {
        var kinds = models.Select(model => model.Digest.Kind).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(kind => kind is "full" ? "full digests: of every value" : "sampled digests: of shapes and some values of tensors with a role");
        return string.Join("; ", kinds) + ", not of files";
    }

    private static void WriteModel(IPage page, string label, ModelSummary model, long bytesRead, ReportOptions options)
    {
        // The budget counts each byte once; a search for hidden copies reads some again, from the system's memory.
        var again = !options.Full && bytesRead > options.BudgetBytes ? ", some of it more than once" : "";
        page.Field(label, $"{Sentences.Model(model, page.Glyphs.Divider)}{page.Glyphs.Divider}{Figures.Bytes(bytesRead)} read{again}");
        page.Field("  SHA-256", $"{model.Digest.Sha256} ({model.Digest.Kind})");
        foreach (var finding in model.Findings)
        {
            page.Field("", $"Note: {finding.Text}", Tone.Attention);
        }
    }
}
