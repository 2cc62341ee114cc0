using Pedigree.Cli.Rendering.Html;
using Pedigree.Lineage;
using Pedigree.Reports;
using Pedigree.Tests.Architecture;
using Xunit;

namespace Pedigree.Tests.Cli.Html;

/// <summary>The pages of docs/gallery are what the program makes of the reports that they hold.</summary>
public class GalleryTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "gallery");

    [Theory]
    [InlineData("independent", "none-found")]
    [InlineData("fine-tune", "related")]
    [InlineData("disguised", "related")]
    [InlineData("upcycled", "related")]
    [InlineData("cannot-tell", "cannot-tell")]
    public void A_page_is_made_of_the_report_in_it(string name, string relation)
    {
        var path = Path.Combine(Folder, $"{name}.html");
        var report = Read(path);
        var page = WrittenPage.Of(report);
        // PEDIGREE_APPROVE=1 draws the pages again; it does not run the comparisons.
        if (Environment.GetEnvironmentVariable("PEDIGREE_APPROVE") is "1")
        {
            File.WriteAllBytes(path, page.Bytes);
        }

        Assert.Equal(relation, report.Results[0].Verdict.Relation);
        Assert.True(File.ReadAllBytes(path).AsSpan().SequenceEqual(page.Bytes), $"{name}.html is not what the program makes of its report; PEDIGREE_APPROVE=1 draws it again.");
        Assert.InRange(page.Bytes.Length, 1, 400_000);
    }

    private static ComparisonReport Read(string path)
    {
        using var file = File.OpenRead(path);
        using var report = EmbeddedReport.Open(file);
        return ReportJson.Read(report);
    }
}
