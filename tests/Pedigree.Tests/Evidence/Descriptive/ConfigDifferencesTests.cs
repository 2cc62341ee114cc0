using System.Text;
using Pedigree.Evidence.Descriptive;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

public class ConfigDifferencesTests
{
    [Fact]
    public void Differing_fields_are_counted_and_printed()
    {
        var item = Compare(
            """{"hidden_size":96,"rms_norm_eps":1E-06,"rope_scaling":{"type":"linear","factor":2},"only":true}""",
            """{"rms_norm_eps":0.000001,"hidden_size":128,"rope_scaling":{"type":"linear","factor":4}}""");

        Assert.Equal(3, item.Statistic);
        Assert.Equal(
            "hidden_size: 96 in the reference, 128 in the suspect; only: true in the reference, absent in the suspect; "
            + "rope_scaling.factor: 2 in the reference, 4 in the suspect.", item.Note);
        Assert.Contains("proves nothing", item.Null, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_files_differ_in_no_field() => Assert.Equal(0, Compare("""{"a":1}""", """{"a":1.0}""").Statistic);

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{\"a\":")]
    [InlineData("\"\\ud800\"")]
    public void Unreadable_file_gives_no_figure(string json) => Assert.Null(Compare("""{"a":1}""", json).Statistic);

    [Fact]
    public void Hostile_content_is_bounded_and_printable()
    {
        var many = "{" + string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"k{i}\":{i}")) + "}";
        var long1 = $$"""{"{{new string('n', 5000)}}":"{{new string('v', 100_000)}}","\u001b[2J":"\u202e\ud800","nested":{{string.Concat(Enumerable.Repeat("{\"a\":", 12))}}1{{new string('}', 12)}}}""";

        var counted = Compare(many, "{}");
        var printed = Compare(long1, "{}");

        Assert.InRange(counted.Statistic!.Value, 1, 512);
        Assert.InRange(counted.Note.Length, 1, 8000);
        Assert.InRange(printed.Note.Length, 1, 2000);
        Assert.DoesNotContain(printed.Note, character => char.IsControl(character) || character == '\u202e');
        Assert.Null(Compare(new string('[', 100_000), "{}").Statistic);
    }

    private static Pedigree.Evidence.EvidenceItem Compare(string first, string second)
    {
        var model = new ToyModel();
        model.Set(new(Pedigree.Anatomy.Part.FinalNorm), 1, 1, 1);
        return ConfigDifferences.Compare(
            model.Described(new MemorySource().With("config.json", Encoding.UTF8.GetBytes(first))),
            model.Described(new MemorySource().With("config.json", Encoding.UTF8.GetBytes(second))));
    }
}
