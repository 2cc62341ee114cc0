namespace Pedigree.Evidence.Descriptive.Vocabularies;

/// <summary>Tokens that somebody added to a list: marks of a chat format, of documents, of tools. Those of one maker say whose list it was; most are used by many.</summary>
internal static class AddedTokens
{
    // Marks that at least two makers use, in the lists of docs/descriptive.md or in published chat formats.
    private static readonly HashSet<string> Widespread = new(StringComparer.Ordinal)
    {
        "<s>", "</s>", "<unk>", "<pad>", "<mask>", "<bos>", "<eos>", "<sep>", "<cls>", "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[BOS]", "[EOS]", "[INST]", "[/INST]",
        "<|endoftext|>", "<|startoftext|>", "<|padding|>", "<|pad|>", "<|unk|>", "<|bos|>", "<|eos|>", "<|end|>", "<|im_start|>", "<|im_end|>", "<|system|>", "<|user|>", "<|assistant|>",
        "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|fim_pad|>", "<fim_prefix>", "<fim_middle>", "<fim_suffix>", "<fim_pad>", "<|endofprompt|>",
        "<think>", "</think>", "<tool_call>", "</tool_call>", "<image>", "<|image|>", "[PAD#]",
    };

    /// <summary>The tokens that both lists add and that are not used by many, in ordinal order; numbers within a token count for nothing, so that a hundred placeholders are one.</summary>
    public static IReadOnlyList<string> InCommon(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        var kinds = second.Where(IsTelling).Select(WithoutNumbers).ToHashSet(StringComparer.Ordinal);
        return [.. first.Where(IsTelling).Select(WithoutNumbers).Where(token => kinds.Contains(token) && !Widespread.Contains(token)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    // Single characters and runs of white space are added to cover every byte or to shorten indentation.
    private static bool IsTelling(string token) =>
        token.Length > 2 && !Widespread.Contains(token) && !string.IsNullOrWhiteSpace(token) && !TokenMarkings.IsByteFallback(token, out _);

    private static string WithoutNumbers(string token)
    {
        var kept = new System.Text.StringBuilder(token.Length);
        foreach (var character in token)
        {
            if (!char.IsAsciiDigit(character))
            {
                kept.Append(character);
            }
            else if (kept.Length == 0 || kept[^1] != '#')
            {
                kept.Append('#');
            }
        }

        return kept.ToString();
    }
}
