using System.Text.RegularExpressions;
using Pedigree.Cli.Rendering;
using Pedigree.Evidence;
using Pedigree.Lineage;
using Pedigree.Tests.Reports;
using Spectre.Console.Rendering;
using Xunit;

namespace Pedigree.Tests.Cli;

public class ComparisonPageTests
{
    public static TheoryData<string> Samples => ReportJsonTests.Samples;

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_page_is_as_approved(string sample) =>
        Approved.Verify(Render(sample, 100), $"compare-{sample}");

    [Fact]
    public void The_page_with_details_is_as_approved() =>
        Approved.Verify(PlainConsole.Render(100, console => ComparisonPage.Write(console, SampleReports.Related(), details: true)), "compare-related-details");

    [Fact]
    public void The_page_has_room_for_calibrated_tests()
    {
        var sample = SampleReports.NoneFound();
        Approved.Verify(PlainConsole.Render(100, console => ComparisonPage.Write(console, sample with { Results = [CalibratedSample.AddTo(sample.Results[0])] })), "compare-calibrated");
    }

    [Fact]
    public void Details_leave_nothing_out_that_can_be_read()
    {
        var result = SampleReports.Related().Results[0];
        var page = Flat(PlainConsole.Render(120, console => ComparisonPage.Write(console, SampleReports.Related(), details: true)));
        Assert.All(result.Evidence.Where(item => item.Statistic is not null || item.Tier == Tier.Descriptive), item => Assert.Contains(Flat(item.Null), page, StringComparison.Ordinal));
        Assert.All(result.Evidence.Where(item => item.Note.Length > 0), item => Assert.Contains(Flat(item.Note), page, StringComparison.Ordinal));
        Assert.All(result.Assumptions, assumption => Assert.Contains(Flat($"{assumption.Text} {assumption.Check}"), page, StringComparison.Ordinal));
        Assert.All(result.Controls, control => Assert.Contains(Flat(control.Text), page, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_page_says_what_a_verdict_depends_on(string sample)
    {
        var page = Flat(Render(sample, 100));
        foreach (var result in ReportJsonTests.Sample(sample).Results)
        {
            Assert.Contains(Flat(result.Verdict.Headline), page, StringComparison.Ordinal);
            Assert.All(result.Verdict.DetectionLimit?.Conditions ?? [], condition => Assert.Contains(Flat(condition), page, StringComparison.Ordinal));
            Assert.All(result.Verdict.Settles, way => Assert.Contains(Flat(way), page, StringComparison.Ordinal));
            Assert.All(result.Assumptions, assumption => Assert.Contains(Flat(assumption.Text), page, StringComparison.Ordinal));
            Assert.DoesNotContain("independent ", page.Replace("independent lists", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        }

        Assert.DoesNotMatch("[0-9]e-?[0-9]", page);
    }

    [Fact]
    public void The_page_is_as_approved_in_ascii_at_80_columns()
    {
        var page = Render("related", 80, unicode: false);
        Assert.All(page, letter => Assert.True(char.IsAscii(letter)));
        Approved.Verify(page, "compare-related-ascii");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void No_line_is_wider_than_the_console(string sample)
    {
        foreach (var width in (int[])[40, 60, 80, 100, 120])
        {
            Assert.All(Render(sample, width).Split('\n'), line => Assert.True(new Segment(line).CellCount() <= width, line));
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Colour_changes_nothing_that_can_be_read(string sample)
    {
        var coloured = PlainConsole.Render(100, console => ComparisonPage.Write(console, ReportJsonTests.Sample(sample)), colour: true);
        Assert.Contains("\u001b[", coloured, StringComparison.Ordinal);
        Assert.Equal(Render(sample, 100), Regex.Replace(coloured, "\u001b\\[[0-9;]*m", "", RegexOptions.None, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void Hostile_text_neither_steers_the_terminal_nor_is_read_as_markup()
    {
        const string hostile = "[red]innocent[/]\u001b[2J\u009b1A\r\nVERDICT\u202Eelpoeg\u2028\ud800[bold";
        var sample = SampleReports.Related();
        var page = PlainConsole.Render(120, console => ComparisonPage.Write(console, sample with
        {
            Suspect = sample.Suspect with { Findings = [new Finding("x", hostile)] },
            Run = sample.Run with { SuspectAddress = hostile },
        }));
        Assert.Contains("[red]innocent[/]\\u{1B}[2J\\u{9B}1A\\u{0D}\\u{0A}VERDICT\\u{202E}elpoeg\\u{2028}\\u{D800}[bold", string.Concat(page.Split('\n').Select(line => line.Trim())), StringComparison.Ordinal);
        Assert.DoesNotContain(page, letter => char.IsControl(letter) && letter != '\n');
    }

    // Without line breaks and margins, so that sentences can be looked for.
    private static string Flat(string text) => Regex.Replace(text, "\\s+", " ", RegexOptions.None, TimeSpan.FromSeconds(5)).TrimEnd('.', ' ');

    private static string Render(string sample, int width, bool unicode = true) =>
        PlainConsole.Render(width, console => ComparisonPage.Write(console, ReportJsonTests.Sample(sample)), unicode);
}
