using Pedigree.Zoo.Text;
using Xunit;

namespace Pedigree.Tests.Zoo.Text;

public sealed class CorpusTests
{
    [Fact]
    public void ALexiconNamesEachTokenOnce()
    {
        Assert.InRange(Lexicon.Tokens.Count, 512, 1024);
        Assert.Equal(Lexicon.Tokens.Count, Lexicon.Tokens.Distinct(StringComparer.Ordinal).Count());
        Assert.All(Lexicon.Tokens.Select((word, number) => (word, number)), entry => Assert.Equal(entry.number, Lexicon.Number(entry.word)));
    }

    [Fact]
    public void CorporaAreRepeatableAndUnlike()
    {
        var corpora = new[] { "A", "B", "C" }.Select(name => Corpus.Create(name, 200, 65)).ToArray();
        foreach (var corpus in corpora)
        {
            var again = Corpus.Create(corpus.Name, 200, 65);
            Assert.All(Enumerable.Range(0, corpus.Count), i => Assert.Equal(corpus[i].ToArray(), again[i].ToArray()));
            // Hardly any sequence comes twice.
            Assert.True(Enumerable.Range(0, corpus.Count).Select(i => string.Join(' ', corpus[i].ToArray())).Distinct(StringComparer.Ordinal).Count() > 195);
        }

        // Total variation between word frequencies: 0 for the same text, 1 for no word in common.
        for (var first = 0; first < 3; first++)
        {
            for (var second = first + 1; second < 3; second++)
            {
                Assert.InRange(Frequencies(corpora[first]).Zip(Frequencies(corpora[second])).Sum(pair => Math.Abs(pair.First - pair.Second)) / 2, 0.3, 1);
            }
        }
    }

    [Fact]
    public void SumsAreRight()
    {
        var corpus = Corpus.Create("C", 300, 65);
        var checkedSums = 0;
        for (var i = 0; i < corpus.Count; i++)
        {
            var words = corpus[i].ToArray().Select(token => Lexicon.Tokens[token]).ToArray();
            for (var at = 0; at + 4 < words.Length; at++)
            {
                if (words[at + 1] == "plus" && words[at + 3] == "makes")
                {
                    int Value(int place) => Lexicon.Numbers.ToList().IndexOf(words[at + place]);
                    Assert.Equal(Value(0) + Value(2), Value(4));
                    checkedSums++;
                }
            }
        }

        Assert.True(checkedSums > 50);
    }

    private static double[] Frequencies(Corpus corpus)
    {
        var counts = new double[Lexicon.Tokens.Count];
        for (var i = 0; i < corpus.Count; i++)
        {
            foreach (var token in corpus[i])
            {
                counts[token] += 1.0 / (corpus.Count * 65);
            }
        }

        return counts;
    }
}
