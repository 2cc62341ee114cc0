namespace Pedigree.Evidence.Descriptive.Vocabularies;

/// <summary>A public token list that many models build on, by a sample of it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Tokens">Different tokens in it, by the bytes that they stand for.</param>
/// <param name="Sketch">The sample.</param>
internal sealed record KnownVocabulary(string Name, int Tokens, VocabularySketch Sketch)
{
    // Of the 175 independent pairs among public lists (TokenizerOverlap) none holds more than 86 % of another, so a list is not held to this share by chance.
    // What is missing from it is room for padding and for tokens that somebody renamed.
    private const double LeastHeld = 0.99;

    /// <summary>The known list that explains most of what two lists have in common: one that both hold, the largest of several; null if there is none.</summary>
    public static KnownVocabulary? CommonAncestor(Vocabulary first, Vocabulary second)
    {
        var (a, b) = (Hashes(first), Hashes(second));
        return KnownVocabularies.All.Where(list => list.IsHeldBy(a) && list.IsHeldBy(b)).MaxBy(list => list.Tokens);
    }

    /// <summary>Share of the tokens in common that stand in this list, from those of them that the sample knows; null where it knows none.</summary>
    /// <param name="common">Tokens in common, by the bytes that they stand for.</param>
    public (double Share, int Sampled)? ShareOf(IEnumerable<string> common)
    {
        int known = 0, held = 0;
        foreach (var hash in common.Select(VocabularySketch.Hash).Where(Sketch.Knows))
        {
            known++;
            held += Sketch.Holds(hash) ? 1 : 0;
        }

        return known > 0 ? ((double)held / known, known) : null;
    }

    private static HashSet<uint> Hashes(Vocabulary list) => [.. list.Ids.Keys.Select(VocabularySketch.Hash)];

    private bool IsHeldBy(HashSet<uint> hashes) => Sketch.CountIn(hashes) >= LeastHeld * Sketch.Count;
}
