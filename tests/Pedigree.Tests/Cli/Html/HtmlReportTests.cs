using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Pedigree.Cli.Rendering.Html;
using Pedigree.Evidence;
using Pedigree.Lineage;
using Pedigree.Reports;
using Pedigree.Tests.Reports;
using Xunit;

namespace Pedigree.Tests.Cli.Html;

public partial class HtmlReportTests
{
    public static TheoryData<string> Reports => new(PageSamples.Names);

    [Theory]
    [MemberData(nameof(Reports))]
    public void The_structure_is_as_approved(string name)
    {
        var page = WrittenPage.Of(PageSamples.Of(name));
        if (PageSamples.ForBrowser.Contains(name))
        {
            PageSamples.Leave(name, page);
        }

        Approved.Verify(page.Outline(), $"page-{name}");
    }

    [Theory]
    [MemberData(nameof(Reports))]
    public void A_page_says_all_that_the_report_says_in_words(string name)
    {
        var report = PageSamples.Of(name);
        var read = WrittenPage.Of(report).Read;
        void Says(string text) => Assert.Contains(Flat(text), read, StringComparison.Ordinal);
        foreach (var result in report.Results)
        {
            Says(result.Verdict.Headline);
            Assert.All(result.Verdict.Settles, Says);
            Assert.All(result.Verdict.DetectionLimit?.Conditions ?? [], Says);
            Assert.All(result.Assumptions, assumption => Says(assumption.Text));
            Assert.All(result.Assumptions, assumption => Says(assumption.Check));
            Assert.All(result.Controls, control => Says(control.Text));
            Assert.All(result.Evidence.Where(item => item.Statistic is not null || item.Tier == Tier.Descriptive), item => Says(item.Null));
            Assert.All(result.Evidence.Where(item => item.Note.Length > 0), item => Says(item.Note.TrimEnd('.')));
        }

        Says(report.Seed);
        Assert.All(report.References.Prepend(report.Suspect), model => Says(model.Digest.Sha256));
        Assert.All(report.References.Prepend(report.Suspect).SelectMany(model => model.Findings), finding => Says(finding.Text));
    }

    [Theory]
    [MemberData(nameof(Reports))]
    public void A_page_loads_nothing_and_runs_nothing(string name)
    {
        var page = WrittenPage.Of(PageSamples.Of(name));
        Assert.InRange(page.Bytes.Length, 1, 2_000_000);
        Assert.Equal("application/json", (string?)Assert.Single(page.All("script")).Attribute("type"));
        Assert.All(page.Root.Descendants().SelectMany(element => element.Attributes()), attribute =>
        {
            Assert.DoesNotMatch("^on|^src|^style$|^xlink", attribute.Name.LocalName);
            Assert.True(attribute.Name.LocalName is not "href" || attribute.Value is ['#', ..] or "data:,", attribute.Value);
        });
        var style = Assert.Single(page.All("style")).Value;
        Assert.DoesNotMatch(@"url\(|@import|expression", style);
        var policy = (string?)page.All("meta").Single(meta => (string?)meta.Attribute("http-equiv") is "Content-Security-Policy").Attribute("content");
        Assert.StartsWith($"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}';", policy, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Reports))]
    public void A_page_can_be_used_without_seeing_it(string name)
    {
        var page = WrittenPage.Of(PageSamples.Of(name));
        var ids = page.Root.Descendants().Select(element => (string?)element.Attribute("id")).OfType<string>().ToArray();
        Assert.Equal(ids.Distinct().Count(), ids.Length);
        Assert.All(
            page.Root.Descendants().SelectMany(element => element.Attributes()).Where(attribute => attribute.Name.LocalName is "aria-labelledby" or "href").SelectMany(attribute => attribute.Value.Split(' ')).Where(target => target is not "data:,"),
            target => Assert.Contains(target.TrimStart('#'), ids));
        Assert.All(page.All("svg").Where(svg => svg.Attribute("aria-hidden") is null), svg => Assert.False(string.IsNullOrWhiteSpace(svg.Element("title")?.Value) || string.IsNullOrWhiteSpace(svg.Element("desc")?.Value)));
        Assert.All(page.All("figure"), figure => Assert.NotEmpty(figure.Descendants("table")));
        Assert.All(page.All("table"), table => Assert.False(string.IsNullOrWhiteSpace(table.Element("caption")?.Value)));
        var level = 0;
        foreach (var heading in page.Root.Descendants().Select(element => element.Name.LocalName).Where(element => Heading().IsMatch(element)))
        {
            Assert.True(heading[1] - '0' <= level + 1, $"{heading} follows h{level}");
            level = heading[1] - '0';
        }

        Assert.Single(page.All("h1"));
    }

    [Theory]
    [MemberData(nameof(Reports))]
    public void The_same_report_gives_the_same_bytes_and_can_be_taken_out_again(string name)
    {
        var report = PageSamples.Of(name);
        var page = WrittenPage.Of(report);
        using var file = new MemoryStream(page.Bytes);
        using var embedded = EmbeddedReport.Open(file);
        var read = ReportJson.Read(embedded);
        Assert.Equal(page.Bytes, WrittenPage.Of(read).Bytes);
        using var json = new MemoryStream();
        ReportJson.Write(json, read);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(json.ToArray())), page.Read, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_text_becomes_neither_markup_nor_the_end_of_the_report()
    {
        const string hostile = "</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>'\"&\u202Egpj\u0000\u2028]]>";
        var page = WrittenPage.Of(PageSamples.WithText(hostile));
        PageSamples.Leave("hostile", page);
        Assert.Single(page.All("script"));
        Assert.Empty(page.All("img"));
        Assert.DoesNotContain('\u202E', page.Text);
        Assert.DoesNotContain("<!--", page.Text, StringComparison.Ordinal);
        Assert.Equal(1, page.Text.Split("</script").Length - 1);
        Assert.Contains("\\u{202E}gpj", page.Read, StringComparison.Ordinal);
        using var file = new MemoryStream(page.Bytes);
        using var embedded = EmbeddedReport.Open(file);
        Assert.Equal(hostile, ReportJson.Read(embedded).Run.SuspectAddress);
    }

    [Fact]
    public void A_name_of_any_length_leaves_the_headline_readable()
    {
        var page = WrittenPage.Of(PageSamples.WithText(new string('n', 5000)));
        PageSamples.Leave("long-names", page);
        Assert.InRange(page.All("h1").Single().Value.Length, 10, 220);
        Assert.InRange(page.All("title").First().Value.Length, 10, 220);
    }

    [Fact]
    public void A_file_that_is_no_page_is_left_as_it_is()
    {
        foreach (var text in (string[])["", "{}", "<!doctype html>\n", $"<!doctype html>{HtmlDocument.ReportBegins}{{}}"])
        {
            using var file = new MemoryStream(Encoding.UTF8.GetBytes(text));
            using var opened = EmbeddedReport.Open(file);
            using var reader = new StreamReader(opened);
            Assert.Equal(text, reader.ReadToEnd());
        }
    }

    private static string Flat(string text) => string.Join(' ', text.Replace("`", "", StringComparison.Ordinal).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex("^h[1-6]$")]
    private static partial Regex Heading();
}
