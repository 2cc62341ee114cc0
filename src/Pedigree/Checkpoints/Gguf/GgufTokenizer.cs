namespace Pedigree.Checkpoints.Gguf;

/// <summary>The lists of a tokenizer that a GGUF header holds; empty where it has none.</summary>
/// <param name="Tokens">The tokens in order of their id.</param>
/// <param name="Merges">The merges of byte-pair encoding in order of their rank, two tokens with a space between.</param>
/// <param name="Kinds">What each token is: 3 for a control token, 4 for one that was added.</param>
internal sealed record GgufTokenizer(IReadOnlyList<string> Tokens, IReadOnlyList<string> Merges, IReadOnlyList<int> Kinds)
{
    private const int Control = 3;
    private const int UserDefined = 4;

    /// <summary>Whether a token stands outside the list that was learned.</summary>
    public bool IsAdded(int id) => id < Kinds.Count && Kinds[id] is (Control or UserDefined);
}
