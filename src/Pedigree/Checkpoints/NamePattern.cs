namespace Pedigree.Checkpoints;

/// <summary>Patterns for names of tensors: <c>*</c> stands for any letters, none included, <c>?</c> for one letter; everything else for itself.</summary>
public static class NamePattern
{
    /// <summary>Whether the whole name matches. Takes at most pattern × name steps, whatever the pattern.</summary>
    public static bool Matches(string pattern, string name)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(name);
        var (at, letter) = (0, 0);
        var (star, resume) = (-1, 0);
        while (letter < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, resume) = (at++, letter);
            }
            else if (at < pattern.Length && (pattern[at] == '?' || pattern[at] == name[letter]))
            {
                at++;
                letter++;
            }
            else if (star >= 0)
            {
                // The last star takes one letter more.
                at = star + 1;
                letter = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(at).TrimStart('*').IsEmpty;
    }
}
