using Pedigree.Checkpoints;
using Pedigree.Checkpoints.Gguf;

namespace Pedigree.Evidence.Descriptive;

/// <summary>The tokens of a model by the bytes that they stand for.</summary>
internal sealed class Vocabulary
{
    private Vocabulary(string file, TokenMarking marking, IReadOnlyDictionary<string, int> ids, TokenizerLists lists)
    {
        (File, Marking, Ids) = (file, marking, ids);
        Merges = [.. lists.Merges.Select(merge => (TokenMarkings.Bytes(merge.Left, marking), TokenMarkings.Bytes(merge.Right, marking)))];
        Added = lists.Added;
    }

    /// <summary>The file that it was read from.</summary>
    public string File { get; }

    /// <summary>How the file writes bytes and word starts.</summary>
    public TokenMarking Marking { get; }

    /// <summary>Id by bytes (one character a byte). Where two tokens stand for the same bytes, the one that is no byte fallback is kept, then the lower id.</summary>
    public IReadOnlyDictionary<string, int> Ids { get; }

    /// <summary>The merges of byte-pair encoding by their bytes, in order of their rank; empty without any.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges { get; }

    /// <summary>Tokens outside the list that was learned, as the file writes them; empty where it does not tell them apart.</summary>
    public IReadOnlyList<string> Added { get; }

    /// <summary>The vocabulary of a model: the list inside a GGUF file, otherwise <c>tokenizer.json</c> beside the weights, which holds added tokens too,
    /// otherwise <c>vocab.json</c> with <c>merges.txt</c>; null when none is there and readable.</summary>
    public static Vocabulary? Of(ITensorSource source)
    {
        foreach (var file in new[] { GgufVocabulary.FileName, "tokenizer.json", "vocab.json" })
        {
            if (source.SideFiles.TryGetValue(file, out var content)
                && (file is "vocab.json" ? VocabularyParser.Vocab(content) : VocabularyParser.Tokenizer(content)) is { } lists)
            {
                return Of(file, file is "vocab.json" && source.SideFiles.TryGetValue("merges.txt", out var merges) ? lists with { Merges = VocabularyParser.Merges(merges) } : lists);
            }
        }

        return null;
    }

    private static Vocabulary Of(string file, TokenizerLists lists)
    {
        var tokens = lists.Tokens;
        var marking = TokenMarkings.Of(tokens.Select(token => token.Token));
        var ids = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        foreach (var (token, id) in tokens.OrderBy(token => TokenMarkings.IsByteFallback(token.Token, out _)).ThenBy(token => token.Id))
        {
            ids.TryAdd(TokenMarkings.Bytes(token, marking), id);
        }

        return new Vocabulary(file, marking, ids, lists);
    }
}
