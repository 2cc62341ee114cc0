using Pedigree.Lineage;
using Pedigree.Reports;
using Spectre.Console;

namespace Pedigree.Cli.Rendering;

/// <summary>The page of a comparison: for each reference the verdict and what it rests on, then the models and the run.</summary>
internal static class ComparisonPage
{
    public static void Write(IAnsiConsole console, ComparisonReport report)
    {
        var page = new Page(console);
        WriteOverview(page, report);
        for (var index = 0; index < report.Results.Count; index++)
        {
            WriteResult(page, report, index);
        }

        WriteModels(page, report);
        WriteRun(page, report);
    }

    /// <summary>The word of a verdict, as it stands above its sentence.</summary>
    public static string Word(string relation) => relation.Replace('-', ' ').ToUpperInvariant();

    private static void WriteOverview(Page page, ComparisonReport report)
    {
        if (report.Results.Count == 1)
        {
            return;
        }

        page.Opening($"One suspect, {report.Results.Count} references");
        page.Blank();
        page.Field("Suspect", report.Run.SuspectAddress);
        page.Blank();
        page.Table(
            [PageColumn.Number("#"), PageColumn.Words("Reference"), PageColumn.Name("Verdict"), PageColumn.Name("Chance if nothing was inherited")],
            report.Results.Select((result, index) => (IReadOnlyList<string>)
            [
                $"{index + 1}",
                report.Run.ReferenceAddresses[index],
                result.Verdict.Relation.Replace('-', ' '),
                result.Verdict.Log10P is { } log10P ? Sentences.Chance(log10P) : "no test applied",
            ]));
        page.Blank();
        page.Blank();
    }

    private static void WriteResult(Page page, ComparisonReport report, int index)
    {
        if (index > 0)
        {
            page.Blank();
            page.Blank();
        }

        var result = report.Results[index];
        var count = report.Results.Count;
        page.Opening(count == 1 ? "Was the suspect made from the reference?" : $"Reference {index + 1} of {count}: was the suspect made from it?");
        page.Blank();
        page.Field("Suspect", report.Run.SuspectAddress);
        page.Field("Reference", report.Run.ReferenceAddresses[index]);
        VerdictBlock.Write(page, report, result);
        EvidenceBlocks.Write(page, result);
        WriteAssumptions(page, result);
        if (result.Verdict.Settles.Count > 0)
        {
            page.Section("WHAT WOULD SETTLE IT", "");
            foreach (var way in result.Verdict.Settles)
            {
                page.Item(way);
            }
        }
    }

    private static void WriteAssumptions(Page page, ComparisonResult result)
    {
        page.Section("ASSUMPTIONS", "what the verdict rests on, and how each was checked");
        if (result.Assumptions.Count == 0)
        {
            page.Prose("None: no test applied.");
        }

        for (var index = 0; index < result.Assumptions.Count; index++)
        {
            AssumptionLine.Write(page, result.Assumptions[index], isFirst: index == 0);
        }
    }

    private static void WriteModels(Page page, ComparisonReport report)
    {
        page.Section("MODELS", "");
        WriteModel(page, "Suspect", report.Run.SuspectAddress, report.Suspect);
        for (var index = 0; index < report.References.Count; index++)
        {
            page.Blank();
            WriteModel(page, report.References.Count == 1 ? "Reference" : $"Reference {index + 1}", report.Run.ReferenceAddresses[index], report.References[index]);
        }
    }

    private static void WriteModel(Page page, string label, string address, ModelSummary model)
    {
        page.Field(label, address, Tone.Strong);
        page.Field("", Sentences.Model(model, page.Glyphs.Divider));
        page.Field("", $"SHA-256 over {(string.Equals(model.Digest.Kind, "full", StringComparison.Ordinal) ? "every value" : "names, shapes and the first values of every tensor")}:");
        page.Field("", model.Digest.Sha256, Tone.Quiet);
        foreach (var finding in model.Findings)
        {
            page.Field("", $"Note: {finding.Text}", Tone.Attention);
        }
    }

    private static void WriteRun(Page page, ComparisonReport report)
    {
        var run = report.Run;
        page.Section("RUN", "");
        var references = string.Join(", ", run.ReferenceBytesRead.Select(Figures.Bytes));
        var limit = report.Options.Full ? "Everything was asked for." : $"At most {Figures.Bytes(report.Options.BudgetBytes)} a model were allowed.";
        page.Field("Read", $"{Figures.Bytes(run.SuspectBytesRead)} of the suspect, {references} of the {(run.ReferenceBytesRead.Count == 1 ? "reference" : "references")}. {limit}");
        page.Field("Time", $"{Figures.Duration(run.Seconds)} on {Figures.Plural(run.Threads, "thread")}, started {run.StartedAt}");
        page.Field("Seed", $"{report.Seed}, chosen by the {(report.Options.SeedGiven ? "user" : "program")}");
        page.Field("Program", $"pedigree {report.ToolVersion}, report {report.Schema}");
    }
}
