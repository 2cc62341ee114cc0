using Pedigree.Checkpoints;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Pairs embedding rows of two models by the token that they belong to.</summary>
public static class TokenJoin
{
    /// <summary>Ids of the tokens that both vocabularies have, in ascending order of the first model's id. Tokens are equal when they stand for the same
    /// bytes, whatever the vocabulary writes for a space; no id occurs twice.</summary>
    /// <param name="sourceA">The first model.</param>
    /// <param name="sourceB">The second model.</param>
    /// <param name="rowsA">Rows of the first embedding; ids outside are left out.</param>
    /// <param name="rowsB">Rows of the second embedding; ids outside are left out.</param>
    /// <returns>Two arrays of equal length, or null when a vocabulary is absent or unreadable.</returns>
    public static (int[] A, int[] B)? ByToken(ITensorSource sourceA, ITensorSource sourceB, int rowsA, int rowsB)
    {
        ArgumentNullException.ThrowIfNull(sourceA);
        ArgumentNullException.ThrowIfNull(sourceB);
        if (Vocabulary.Of(sourceA) is not { } first || Vocabulary.Of(sourceB) is not { } second)
        {
            return null;
        }

        var shared = new List<(int A, int B)>();
        var (usedA, usedB) = (new HashSet<int>(), new HashSet<int>());
        var candidates = first.Ids
            .Where(token => token.Value < rowsA && second.Ids.TryGetValue(token.Key, out var id) && id < rowsB)
            .Select(token => (A: token.Value, B: second.Ids[token.Key]))
            .Order();
        foreach (var pair in candidates)
        {
            // A damaged list may give one id to several tokens; a row is joined once.
            if (!usedA.Contains(pair.A) && usedB.Add(pair.B))
            {
                usedA.Add(pair.A);
                shared.Add(pair);
            }
        }

        return ([.. shared.Select(pair => pair.A)], [.. shared.Select(pair => pair.B)]);
    }
}
