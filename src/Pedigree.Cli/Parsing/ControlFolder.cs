namespace Pedigree.Cli.Parsing;

/// <summary>The models that a folder of controls holds.</summary>
internal static class ControlFolder
{
    /// <summary>Each folder inside, in ordinal order; the folder itself when it holds none.</summary>
    /// <param name="path">What the user gave.</param>
    /// <exception cref="UsageException">There is no such folder.</exception>
    public static IReadOnlyList<string> Models(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new UsageException($"`--controls` takes a folder of models, and there is none at `{path}`.");
        }

        var inside = Directory.GetDirectories(path);
        Array.Sort(inside, StringComparer.Ordinal);
        return inside.Length == 0 ? [path] : inside;
    }
}
