using Pedigree.Checkpoints;

namespace Pedigree.Cli.Parsing;

/// <summary>The pattern of <c>--tensors</c>.</summary>
internal static class TensorPattern
{
    private const int MostNamed = 3;
    private const int LongestCompared = 200;
    private const int MostCompared = 2000;

    /// <summary>Refuses a pattern that matches no name, and says which names are near.</summary>
    /// <exception cref="UsageException">Nothing matches.</exception>
    public static void Require(string pattern, IReadOnlyList<string> names)
    {
        if (names.Any(name => NamePattern.Matches(pattern, name)))
        {
            return;
        }

        var wider = $"*{pattern}*";
        var found = names.Count(name => NamePattern.Matches(wider, name));
        throw new UsageException(
            $"No tensor has a name that matches {Quoted(pattern)}.",
            found > 0 ? $"A pattern stands for whole names: {Quoted(wider)} matches {found}."
                : Near(pattern, names) is { Count: > 0 } near ? $"The nearest names are {string.Join(", ", near.Select(Quoted))}."
                : null);
    }

    /// <summary>The names that are fewest letters away from a pattern or from one that holds it, one for all that differ in numbers only, with <c>*</c> for these.</summary>
    internal static IReadOnlyList<string> Near(string pattern, IReadOnlyList<string> names) =>
        [.. names.Where(name => name.Length <= LongestCompared)
            .GroupBy(WithoutNumbers, StringComparer.Ordinal).Take(MostCompared)
            .Select(group => (Name: group.Key, Inside: group.Take(2).Min(name => Distance($"*{pattern}*", name)), Whole: group.Take(2).Min(name => Distance(pattern, name))))
            .OrderBy(candidate => candidate.Inside).ThenBy(candidate => candidate.Whole).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Take(MostNamed).Select(candidate => candidate.Name)];

    private static string WithoutNumbers(string name) =>
        string.Join('.', name.Split('.').Select(part => part.Length > 0 && part.All(char.IsAsciiDigit) ? "*" : part));

    // Levenshtein's distance without regard to case, in which a star of the pattern takes any letters for nothing and a question mark one.
    private static int Distance(string pattern, string name)
    {
        var compared = pattern.Length > LongestCompared ? pattern[..LongestCompared] : pattern;
        var above = Enumerable.Range(0, name.Length + 1).ToArray();
        foreach (var letter in compared)
        {
            var row = new int[above.Length];
            row[0] = above[0] + (letter == '*' ? 0 : 1);
            for (var at = 1; at < row.Length; at++)
            {
                var same = letter == '?' || char.ToUpperInvariant(letter) == char.ToUpperInvariant(name[at - 1]);
                row[at] = letter == '*'
                    ? Math.Min(above[at], row[at - 1])
                    : Math.Min(Math.Min(above[at], row[at - 1]) + 1, above[at - 1] + (same ? 0 : 1));
            }

            above = row;
        }

        return above[^1];
    }

    private static string Quoted(string text) => $"`{text}`";
}
