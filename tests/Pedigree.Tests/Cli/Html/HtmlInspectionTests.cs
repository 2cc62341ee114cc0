using Pedigree.Cli.Rendering.Html;
using Pedigree.Reports;
using Xunit;

namespace Pedigree.Tests.Cli.Html;

public class HtmlInspectionTests
{
    [Fact]
    public void The_structure_is_as_approved()
    {
        var page = WrittenPage.Of(stream => HtmlInspection.Write(stream, InspectionPageTests.Sample()));
        PageSamples.Leave("inspect", page);
        Approved.Verify(page.Outline(), "page-inspect");
    }

    [Fact]
    public void Names_and_metadata_stay_text()
    {
        const string hostile = "</td><script>alert(1)</script>\u202Egpj";
        var sample = InspectionPageTests.Sample();
        var page = WrittenPage.Of(stream => HtmlInspection.Write(stream, sample with
        {
            Address = hostile,
            Metadata = [new InspectedMetadata(hostile, hostile)],
            NotUnderstood = [new InspectedTensor(hostile, hostile, [1])],
        }));
        Assert.Single(page.All("script"));
        Assert.Contains("</td><script>alert(1)</script>\\u{202E}gpj", page.Read, StringComparison.Ordinal);
    }
}
