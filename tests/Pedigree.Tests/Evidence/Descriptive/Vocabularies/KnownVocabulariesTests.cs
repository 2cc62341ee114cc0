using System.Globalization;
using System.Text.RegularExpressions;
using Pedigree.Evidence.Descriptive;
using Pedigree.Evidence.Descriptive.Vocabularies;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive.Vocabularies;

/// <summary>Holds the embedded samples and nulls to the lists that they came from.</summary>
public partial class KnownVocabulariesTests
{
    private static readonly (string Name, string File)[] Files =
    [
        ("GPT-2", "ggml-vocab-gpt-2.gguf"), ("GPT-NeoX-20B", "gpt-neox-20b_tokenizer.json"), ("Llama and Llama 2", "ggml-vocab-llama-spm.gguf"),
        ("BERT, uncased", "all-MiniLM-L6-v2_tokenizer.json"), ("Falcon", "ggml-vocab-falcon.gguf"), ("cl100k, as DBRX has it", "ggml-vocab-dbrx.gguf"),
        ("DeepSeek-Coder", "ggml-vocab-deepseek-coder.gguf"), ("DeepSeek LLM", "ggml-vocab-deepseek-llm.gguf"), ("StarCoder 2", "ggml-vocab-starcoder.gguf"),
        ("Baichuan", "ggml-vocab-baichuan.gguf"),
    ];

    [Fact]
    public void Samples_are_small_sorted_and_whole()
    {
        Assert.Equal(Files.Select(file => file.Name), KnownVocabularies.All.Select(list => list.Name));
        Assert.All(KnownVocabularies.All, list => Assert.Equal(VocabularySketch.Size, list.Sketch.Count));
    }

    [Fact]
    public void Samples_and_nulls_follow_from_the_lists()
    {
        var lists = Files.Select(file => PublicLists.Read(file.File)).ToArray();
        for (var i = 0; i < lists.Length; i++)
        {
            var tokens = lists[i].Ids.Keys.Where(token => !Padding().IsMatch(token)).ToArray();
            Assert.Equal(KnownVocabularies.All[i].Tokens, tokens.Length);
            Assert.Equal(VocabularySketch.Size, KnownVocabularies.All[i].Sketch.CountIn([.. tokens.Select(VocabularySketch.Hash)]));
        }

        List<double> correlations = [], prefixes = [];
        for (var i = 0; i < lists.Length; i++)
        {
            for (var j = i + 1; j < lists.Length; j++)
            {
                var sameMaker = Files[i].Name.StartsWith("DeepSeek", StringComparison.Ordinal) && Files[j].Name.StartsWith("DeepSeek", StringComparison.Ordinal);
                var merges = MergeOrder.Of(lists[i].Merges, lists[j].Merges);
                if (sameMaker)
                {
                    Assert.InRange(merges!.RankCorrelation!.Value, 0.99, 1);
                    Assert.NotEmpty(AddedTokens.InCommon(lists[i].Added, lists[j].Added));
                    continue;
                }

                Assert.Empty(AddedTokens.InCommon(lists[i].Added, lists[j].Added));
                Assert.Null(KnownVocabulary.CommonAncestor(lists[i], lists[j]));
                if (merges is not null)
                {
                    correlations.Add(Math.Round(merges.RankCorrelation!.Value, 4));
                    prefixes.Add(merges.EqualFromFirst);
                }
            }
        }

        Assert.Equal(correlations.Order(), VocabularyLineage.MergeCorrelations);
        Assert.Equal(prefixes.Order(), VocabularyLineage.MergePrefixes);
    }

    [Fact]
    public void The_null_of_the_overlap_is_the_stated_one()
    {
        var rows = new[] { "data/vocab_gguf", "data/tokenizers" }.Select(Descriptive.SharedData.Find).Where(folder => folder is not null)
            .SelectMany(folder => File.ReadLines(Path.Combine(folder!, "pairs.tsv")).Skip(1)).Select(line => line.Split('\t')).ToArray();
        Assert.SkipWhen(rows.Length == 0, "The published token lists are not on this machine.");
        // Two lists of one maker, of which one holds 97 % of the other with the same merges, are not independent.
        var independent = rows.Where(row => row[2] is "independent" && !(row.Take(2).Any(file => file.Contains("deepseek-coder", StringComparison.Ordinal))
            && row.Take(2).Any(file => file.Contains("deepseek-llm", StringComparison.Ordinal)))).ToArray();
        Assert.Equal(175, independent.Length);
        double Most(int column) => independent.Max(row => double.Parse(row[column], CultureInfo.InvariantCulture));
        Assert.Equal((0.0052, 0.5832, 0.8569), (Most(3), Most(4), Most(5)));
    }

    [GeneratedRegex(@"^\[PAD\d+\]$")]
    private static partial Regex Padding();
}
