using Pedigree.Cli.Parsing;
using Pedigree.Cli.Rendering;
using Pedigree.Evidence;
using Xunit;

namespace Pedigree.Tests.Cli;

public class ParsingTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("512B", 512)]
    [InlineData("500M", 500_000_000)]
    [InlineData("2kB", 2000)]
    [InlineData("64MiB", 67_108_864)]
    [InlineData("64mi", 67_108_864)]
    [InlineData("1.5 GiB", 1_610_612_736)]
    [InlineData("3T", 3_000_000_000_000)]
    public void Sizes_are_read(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var value));
        Assert.Equal(bytes, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.1")]
    [InlineData("1.2.3M")]
    [InlineData("1iB")]
    [InlineData("1MM")]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999T")]
    [InlineData("99999999999999999999999999999999999")]
    public void What_is_no_size_is_refused(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData("42", 42UL)]
    [InlineData("0x2A", 42UL)]
    [InlineData("000000000000002a", 42UL)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("0xffffffffffffffff", ulong.MaxValue)]
    public void Seeds_are_read(string text, ulong seed)
    {
        Assert.True(SeedText.TryParse(text, out var value));
        Assert.Equal(seed, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2a")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("0x")]
    [InlineData("18446744073709551616")]
    [InlineData("0x10000000000000000")]
    public void What_is_no_seed_is_refused(string text) => Assert.False(SeedText.TryParse(text, out _));

    [Theory]
    [InlineData(-1187.25, "less than 1 in 10^1,187")]
    [InlineData(-7.0, "at most 1 in 10^7")]
    [InlineData(-6.0, "at most 1 in 1,000,000")]
    [InlineData(-2.5, "less than 1 in 100")]
    [InlineData(-1.5, "0.03")]
    [InlineData(-0.2147, "0.61")]
    [InlineData(0, "1")]
    public void Chances_never_sound_smaller_than_they_are(double log10P, string phrase) => Assert.Equal(phrase, Sentences.Chance(log10P));

    [Theory]
    [InlineData(1.0, "100 %")]
    [InlineData(0.99999, "99.9+ %")]
    [InlineData(0.5, "50 %")]
    [InlineData(0.00001, "under 0.1 %")]
    [InlineData(0, "0 %")]
    public void Shares_round_neither_to_all_nor_to_nothing(double share, string phrase) => Assert.Equal(phrase, Figures.Percent(share));

    [Theory]
    [InlineData(0.99996, "> 0.999")]
    [InlineData(-0.99996, "< -0.999")]
    [InlineData(1.0, "1")]
    [InlineData(0.00004, "< 0.001")]
    [InlineData(-0.00004, "> -0.001")]
    [InlineData(0.0, "0")]
    [InlineData(0.9954, "0.995")]
    [InlineData(12345.0, "12,345")]
    [InlineData(double.NaN, "not a number")]
    public void Measures_round_neither_to_one_nor_to_nothing(double value, string phrase) => Assert.Equal(phrase, Figures.Measure(value));

    [Theory]
    [InlineData(-2022.47, "-2,022.4")]
    [InlineData(-6.0, "-6.0")]
    [InlineData(-0.04, "0.0")]
    [InlineData(0.0, "0.0")]
    public void Logarithms_are_never_smaller_than_they_are(double log10P, string phrase) => Assert.Equal(phrase, Figures.Log10(log10P));

    [Theory]
    [InlineData(0.99, 0.355, 0.01, true, "0.990 > 0.365")]
    [InlineData(0.36512, 0.355, 0.01, true, "0.3651 > 0.3650")]
    [InlineData(0.156, 0.255, 0.025, false, "0.156 < 0.280")]
    public void Content_is_set_against_what_it_must_exceed(double cosine, double ceiling, double margin, bool passed, string phrase) =>
        Assert.Equal(phrase, Sentences.Against(new CompanionCheck(cosine, ceiling, margin, passed, "")));

    [Theory]
    [InlineData("--sede", "--seed")]
    [InlineData("--detials", "--details")]
    [InlineData("--out", "--output")]
    [InlineData("--zzzz", null)]
    [InlineData("-x", null)]
    public void What_was_meant_is_found(string word, string? meant) =>
        Assert.Equal(meant, Spelling.Nearest(word, ["--seed", "--details", "--output", "--verbose"]));

    [Theory]
    [InlineData("about 2.3 % of all", 9, "about|2.3 % of|all")]
    [InlineData("a   b", 9, "a   b")]
    [InlineData("abcdefghijkl", 5, "abcde|fghij|kl")]
    [InlineData("", 5, "")]
    public void Text_breaks_at_spaces_but_not_before_a_percent_sign(string text, int width, string lines) => Assert.Equal(lines.Split('|'), TextWrap.Lines(text, width));

    [Fact]
    public void Runs_of_layers_are_joined() => Assert.Equal("0-2, 5, 7-8", Figures.Runs([0, 1, 2, 5, 7, 8], "-"));
}
