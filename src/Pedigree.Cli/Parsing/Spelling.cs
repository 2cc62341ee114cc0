namespace Pedigree.Cli.Parsing;

/// <summary>Finds what a mistyped word was meant to be.</summary>
internal static class Spelling
{
    /// <summary>The candidate that is fewest letters away, or null when none is near: at most one letter in three may be inserted, left out,
    /// replaced or exchanged with its neighbour, or the rest be missing after four letters.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        var (nearest, least) = ((string?)null, Math.Max(1, word.Length / 3) + 1);
        foreach (var candidate in candidates)
        {
            var distance = word.Length >= 4 && candidate.StartsWith(word, StringComparison.Ordinal) ? 0 : Distance(word, candidate);
            if (distance < least)
            {
                (nearest, least) = (candidate, distance);
            }
        }

        return nearest;
    }

    // Optimal string alignment: Levenshtein's distance in which two neighbours may also change places.
    private static int Distance(string one, string other)
    {
        const int longest = 64;
        if (one.Length > longest || other.Length > longest)
        {
            return int.MaxValue;
        }

        var cost = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }

                var change = one[i - 1] == other[j - 1] ? 0 : 1;
                cost[i, j] = Math.Min(Math.Min(cost[i - 1, j] + 1, cost[i, j - 1] + 1), cost[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[one.Length, other.Length];
    }
}
