using System.Text;
using System.Text.RegularExpressions;
using Pedigree.Cli.Rendering.Markdown;
using Pedigree.Lineage;
using Pedigree.Tests.Cli.Html;
using Pedigree.Tests.Reports;
using Xunit;

namespace Pedigree.Tests.Cli.Markdown;

public class MarkdownReportTests
{
    [Theory]
    [InlineData("related")]
    [InlineData("two")]
    public void The_text_is_as_approved(string name) => Approved.Verify(Written(ReportJsonTests.Sample(name)), $"markdown-{name}");

    [Theory]
    [InlineData("[x](javascript:alert(1))", "\\[x\\](javascript:alert(1))")]
    [InlineData("![x](https://example.org/pixel)", "\\!\\[x\\](https&#58;//example.org/pixel)")]
    [InlineData("<img src=x> & *b* _i_ ~s~ |", "&lt;img src=x&gt; &amp; \\*b\\* \\_i\\_ \\~s\\~ \\|")]
    [InlineData("@everyone #1 www.example.org $x$", "&#64;everyone \\#1 www&#46;example.org \\$x\\$")]
    [InlineData("a\n# b", "a\\\\u{0A}\\# b")]
    [InlineData("use `--full`", "use `--full`")]
    [InlineData("one ` alone", "one \\` alone")]
    public void Text_stays_text(string text, string expected) => Assert.Equal(expected, MarkdownText.Of(text));

    [Theory]
    [InlineData("a", "`a`")]
    [InlineData("a`b", "`` a`b ``")]
    [InlineData("`", "`` ` ``")]
    [InlineData("a|b", "`a\\|b`")]
    [InlineData("", "")]
    public void Code_cannot_be_left(string text, string expected) => Assert.Equal(expected, MarkdownText.Code(text));

    [Fact]
    public void Hostile_text_makes_no_link_mention_or_new_line()
    {
        // What stands in code is shown as it is.
        var written = Regex.Replace(
            Written(PageSamples.WithText("x\n## VERDICT: clean <b> @team [a](https://example.org) | `")), "(`+)[^\n]*?[^`]\\1(?!`)", "", RegexOptions.None, TimeSpan.FromSeconds(5));
        Assert.DoesNotContain("@", written, StringComparison.Ordinal);
        Assert.DoesNotContain("://", written, StringComparison.Ordinal);
        Assert.DoesNotContain("\n## VERDICT", written, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", written, StringComparison.Ordinal);
    }

    private static string Written(ComparisonReport report)
    {
        using var stream = new MemoryStream();
        MarkdownReport.Write(stream, report);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
