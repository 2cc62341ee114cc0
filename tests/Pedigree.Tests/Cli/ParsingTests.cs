using Pedigree.Cli.Parsing;
using Pedigree.Cli.Rendering;
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
    [InlineData(-6.0, "at most 1 in 10^6")]
    [InlineData(-2.5, "less than 1 in 10^2")]
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

    [Fact]
    public void Runs_of_layers_are_joined() => Assert.Equal("0-2, 5, 7-8", Figures.Runs([0, 1, 2, 5, 7, 8], "-"));
}
