using System.Text;
using System.Text.Json.Nodes;
using Pedigree.Lineage;
using Pedigree.Reports;
using Xunit;

namespace Pedigree.Tests.Reports;

public class ReportJsonTests
{
    public static TheoryData<string> Samples => new(["related", "none-found", "cannot-tell", "two"]);

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_report_survives_writing_and_reading(string name)
    {
        var written = Write(Sample(name));
        Assert.Equal(written, Write(Read(written)));
        Assert.EndsWith("\n", written, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_come_in_the_documented_order()
    {
        var root = JsonNode.Parse(Write(SampleReports.Related()))!.AsObject();
        Assert.Equal(
            ["schema", "toolVersion", "options", "seed", "suspect", "references", "results", "run"],
            root.Select(member => member.Key));
    }

    [Fact]
    public void Words_of_enumerations_are_in_kebab_case()
    {
        var result = JsonNode.Parse(Write(SampleReports.Related()))!["results"]![0]!;
        Assert.Equal("not-checked", (string?)result["assumptions"]![0]!["status"]);
        Assert.Equal("held", (string?)result["assumptions"]![1]!["status"]);
        Assert.Equal("exact", (string?)result["evidence"]![0]!["tier"]);
    }

    [Fact]
    public void What_is_not_a_number_is_written_as_null()
    {
        var sample = SampleReports.Related();
        var result = sample.Results[0] with
        {
            InheritedShare = double.PositiveInfinity,
            Kinds = [sample.Results[0].Kinds[0] with { Parameters = new Dictionary<string, double> { ["z"] = double.NaN, ["a"] = 0.1 + 0.2 } }],
        };
        var written = Write(sample with { Results = [result] });
        var node = JsonNode.Parse(written)!["results"]![0]!;
        Assert.Null(node["inheritedShare"]);
        Assert.Equal("{\"a\":0.30000000000000004,\"z\":null}", node["kinds"]![0]!["parameters"]!.ToJsonString());
        Assert.Null(node["curves"]![0]!["reference"]![1]);
        Assert.True(double.IsNaN(Read(written).Results[0].Curves[0].Reference[1]));
    }

    [Fact]
    public void Control_characters_stay_escaped_and_backticks_readable()
    {
        var sample = SampleReports.Related();
        var written = Write(sample with { Suspect = sample.Suspect with { Findings = [new Finding("x", "`a`\u001b[31m\u009b1m")] } });
        Assert.DoesNotContain('\u001b', written);
        Assert.DoesNotContain('\u009b', written);
        Assert.Contains("`a`\\u001B[31m\\u009B1m", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("Verdict: related", "not valid JSON")]
    [InlineData("[]", "no member `schema`")]
    [InlineData("{}", "no member `schema`")]
    [InlineData("{\"schema\": 1}", "no member `schema`")]
    [InlineData("{\"schema\": \"pedigree/compare/9\"}", "the schema `pedigree/compare/9`")]
    [InlineData("{\"schema\": \"pedigree/compare/1\"}", "not whole")]
    public void What_is_no_report_is_refused_with_the_reason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<ReportException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void No_member_can_be_cut_out_unnoticed()
    {
        var whole = JsonNode.Parse(Write(SampleReports.Related()))!;
        foreach (var path in MemberPaths(whole, []))
        {
            var copy = JsonNode.Parse(whole.ToJsonString())!;
            Parent(copy, path).AsObject().Remove((string)path[^1]);
            if (path.Contains("parameters") && !path[^1].Equals("parameters"))
            {
                continue;
            }

            Assert.Throws<ReportException>(() => Read(copy.ToJsonString()));
        }
    }

    [Theory]
    [InlineData("\"relation\": \"related\"", "\"relation\": \"independent\"")]
    [InlineData("\"direction\": \"undetermined\"", "\"direction\": \"up\"")]
    [InlineData("\"tier\": \"exact\"", "\"tier\": 0")]
    [InlineData("\"hits\": 128", "\"hits\": 129")]
    [InlineData("\"log10P\": -1187.25", "\"log10P\": 3")]
    [InlineData("\"rowCosine\": 0.14", "\"rowCosine\": 1e999")]
    [InlineData("\"seed\": ", "\"extra\": 1, \"seed\": ")]
    [InlineData("\"seed\": ", "\"seed\": \"0\", \"seed\": ")]
    [InlineData("\"view\": \"gate\"", "\"view\": null")]
    public void A_contradictory_report_is_refused(string before, string after)
    {
        var written = Write(SampleReports.Related());
        Assert.Contains(before, written, StringComparison.Ordinal);
        var at = written.IndexOf(before, StringComparison.Ordinal);
        Assert.Throws<ReportException>(() => Read(string.Concat(written.AsSpan(0, at), after, written.AsSpan(at + before.Length))));
    }

    [Fact]
    public void Lists_with_holes_are_refused()
    {
        var report = JsonNode.Parse(Write(SampleReports.Related()))!;
        report["results"]!.AsArray().Add(null);
        Assert.Contains("`results` holds a null", Assert.Throws<ReportException>(() => Read(report.ToJsonString())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_and_endless_streams_are_refused()
    {
        Assert.Throws<ReportException>(() => Read(new string('[', 100_000)));
        Assert.Contains("larger than", Assert.Throws<ReportException>(() => ReportJson.Read(new EndlessStream())).Message, StringComparison.Ordinal);
    }

    internal static ComparisonReport Sample(string name) => name switch
    {
        "related" => SampleReports.Related(),
        "none-found" => SampleReports.NoneFound(),
        "cannot-tell" => SampleReports.CannotTell(),
        _ => SampleReports.TwoReferences(),
    };

    private static string Write(ComparisonReport report)
    {
        using var stream = new MemoryStream();
        ReportJson.Write(stream, report);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static ComparisonReport Read(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return ReportJson.Read(stream);
    }

    private static IEnumerable<object[]> MemberPaths(JsonNode node, object[] path)
    {
        var children = node switch
        {
            JsonObject members => members.Select(member => (Key: (object)member.Key, member.Value)),
            JsonArray items => items.Take(1).Select(item => (Key: (object)0, Value: item)),
            _ => [],
        };
        foreach (var (key, value) in children)
        {
            object[] here = [.. path, key];
            if (key is string)
            {
                yield return here;
            }

            foreach (var deeper in value is null ? [] : MemberPaths(value, here))
            {
                yield return deeper;
            }
        }
    }

    private static JsonNode Parent(JsonNode root, object[] path) =>
        path[..^1].Aggregate(root, (node, key) => key is string name ? node[name]! : node[(int)key]!);

    private sealed class EndlessStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => 0; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Array.Fill(buffer, (byte)' ', offset, count);
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
