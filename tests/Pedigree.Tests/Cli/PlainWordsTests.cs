using Pedigree.Cli.Rendering;
using Pedigree.Reports;
using Pedigree.Tests.Cli.Html;
using Pedigree.Tests.Reports;
using Xunit;

namespace Pedigree.Tests.Cli;

public class PlainWordsTests
{
    [Theory]
    [InlineData("identical", "test-child and test-parent are the same model: every number in them is equal.", "Certain")]
    [InlineData("derived", "test-child was made from test-parent, given that test-parent was published first.", "Overwhelming")]
    [InlineData("derived-reversed", "test-parent was made from test-child, given that test-child was published first.", "Overwhelming")]
    [InlineData("siblings", "test-child and test-parent were both made from a third model.", "Overwhelming")]
    [InlineData("related", "test-child and test-parent share trained weights: one was made from the other, or both from a third model.", "Overwhelming")]
    [InlineData("shared-initialisation", "test-child and test-parent began as the same random numbers; that they share training too is not shown.", "Overwhelming")]
    [InlineData("calibrated", "test-child and test-stranger share trained weights: one was made from the other, or both from a third model.", "Far beyond all controls")]
    [InlineData("none-found", "Nothing in test-child was found to come from test-stranger.", "No sign of a tie")]
    [InlineData("cannot-tell", "The weights do not settle whether test-child was made from test-other-width.", "Undecided")]
    [InlineData("order-without-content", "The weights do not settle whether test-child was made from test-stranger.", "Undecided")]
    public void A_verdict_is_one_sentence_and_a_word(string name, string sentence, string strength)
    {
        var report = PageSamples.Of(name);
        Assert.Equal(sentence, string.Concat(PlainWords.Sentence(report, 0).Select(piece => piece.Text)));
        Assert.Equal(strength, PlainWords.StrengthWord(report.Results[0].Verdict));
        Assert.NotEmpty(PlainWords.Strength(report, 0));
        Assert.NotEmpty(PlainWords.DoesNotSay(report.Results[0].Verdict));
    }

    [Theory]
    [InlineData(0, "something that happens every time")]
    [InlineData(-0.31, "one coin toss that comes up heads")]
    [InlineData(-1.2, "a fair coin that comes up heads 3 times in a row")]
    [InlineData(-6, "a fair coin that comes up heads 19 times in a row")]
    [InlineData(-2022.5, "a fair coin that comes up heads 6,718 times in a row")]
    public void Tosses_never_claim_more_than_the_probability(double log10P, string words)
    {
        Assert.Equal(words, PlainWords.Tosses(log10P));
    }

    [Theory]
    [InlineData("a/b/", "c/d", "b", "d")]
    [InlineData("x/model", "y/model", "x/model", "y/model")]
    [InlineData("C:\\m\\one", "/", "one", "/")]
    public void Models_go_by_the_last_part_of_their_address_unless_it_is_the_same(string suspect, string reference, string one, string two)
    {
        var run = SampleReports.Related().Run with { SuspectAddress = suspect, ReferenceAddresses = [reference] };
        Assert.Equal((one, two), PlainWords.Names(run, 0));
    }

    [Fact]
    public void Every_relation_has_a_sentence_of_its_own()
    {
        var related = SampleReports.Related();
        var words = new[] { Relations.Identical, Relations.Derived, Relations.Related, Relations.SharedInitialisation, Relations.NoneFound, Relations.CannotTell }
            .Select(relation => related with { Results = [related.Results[0] with { Verdict = related.Results[0].Verdict with { Relation = relation, Direction = relation is Relations.Derived ? Directions.SuspectFromReference : Directions.Undetermined } }] })
            .Select(report => string.Concat(PlainWords.Sentence(report, 0).Select(piece => piece.Text))).ToArray();
        Assert.Equal(words.Length, words.Distinct().Count());
    }

    [Fact]
    public void The_command_to_check_repeats_what_was_asked_for()
    {
        var report = SampleReports.Related();
        Assert.Equal("pedigree compare models/test-child models/test-parent --budget 67108864 --json", CheckCommand.Of(report));
        Assert.Equal("pedigree compare 'it'\\''s; rm -rf' models/test-parent --seed 0x5eed000000c0ffee --budget 1000 --published-first suspect --json", CheckCommand.Of(report with
        {
            Run = report.Run with { SuspectAddress = "it's; rm -rf" },
            Options = report.Options with { SeedGiven = true, BudgetBytes = 1000, PublishedFirst = "suspect" },
        }));
    }
}
