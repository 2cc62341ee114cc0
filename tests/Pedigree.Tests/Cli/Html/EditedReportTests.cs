using System.Text;
using System.Text.Json.Nodes;
using Pedigree.Cli.Rendering.Html;
using Pedigree.Cli.Rendering.Markdown;
using Pedigree.Lineage;
using Pedigree.Reports;
using Xunit;

namespace Pedigree.Tests.Cli.Html;

/// <summary>Reports come from strangers: whatever number stands in one, either it is refused or every page can be written.</summary>
public class EditedReportTests
{
    [Theory]
    [InlineData("calibrated", "2147483647")]
    [InlineData("calibrated", "-2147483648")]
    [InlineData("calibrated", "1e308")]
    [InlineData("calibrated", "null")]
    [InlineData("experts", "2147483647")]
    [InlineData("experts", "-1")]
    public void A_number_may_be_anything(string name, string number)
    {
        using var stream = new MemoryStream();
        ReportJson.Write(stream, PageSamples.Of(name));
        var written = Encoding.UTF8.GetString(stream.ToArray());
        var pages = 0;
        foreach (var place in Places(JsonNode.Parse(written)!))
        {
            var edited = JsonNode.Parse(written)!;
            var parent = place[..^1].Aggregate(edited, (node, key) => key is string member ? node[member]! : node[(int)key]!);
            if (place[^1] is string last)
            {
                parent[last] = JsonNode.Parse(number);
            }
            else
            {
                parent[(int)place[^1]] = JsonNode.Parse(number);
            }

            if (Read(edited.ToJsonString()) is not { } report)
            {
                continue;
            }

            using var page = new MemoryStream();
            HtmlReport.Write(page, report);
            MarkdownReport.Write(page, report);
            Assert.InRange(page.Length, 1000, 2_000_000);
            Assert.True(page.GetBuffer().AsSpan(0, (int)page.Length).IndexOf("NaN"u8) < 0, $"NaN on the page of {string.Join('/', place)} = {number}");
            pages++;
        }

        Assert.True(pages > 20, $"only {pages} edited reports could be read");
    }

    private static ComparisonReport? Read(string text)
    {
        try
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
            return ReportJson.Read(stream);
        }
        catch (ReportException)
        {
            return null;
        }
    }

    // Of a list, the first entry stands for all.
    private static IEnumerable<object[]> Places(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Places(member.Value).Select(place => (object[])[member.Key, .. place])),
        JsonArray items => items.Select((item, index) => (item, index)).Take(1)
            .SelectMany(entry => Places(entry.item).Select(place => (object[])[entry.index, .. place])),
        JsonValue value when value.GetValueKind() is System.Text.Json.JsonValueKind.Number => [[]],
        _ => [],
    };
}
