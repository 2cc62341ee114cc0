using System.Text.RegularExpressions;

namespace Pedigree.Checkpoints;

/// <summary>Which files make up the checkpoint at a path.</summary>
/// <param name="Folder">The folder that holds them.</param>
/// <param name="Shards">The files, relative to the folder, in order.</param>
/// <param name="Index">The index that names them, or null.</param>
internal sealed partial record CheckpointLayout(string Folder, IReadOnlyList<string> Shards, ShardIndex? Index)
{
    private const string WeightsName = "model.safetensors";
    private const string WeightsExtension = ".safetensors";
    private const string IndexExtension = ".safetensors.index.json";

    /// <summary>Looks at a path; opens no weights.</summary>
    /// <exception cref="CheckpointException">Nothing is there, it is ambiguous, or files are missing.</exception>
    public static CheckpointLayout Find(string path)
    {
        if (Directory.Exists(path))
        {
            return FindInFolder(path);
        }

        if (!File.Exists(path))
        {
            throw FileFault.Missing(path);
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (path.EndsWith(IndexExtension, StringComparison.OrdinalIgnoreCase))
        {
            return FromIndex(path, folder);
        }

        // The path is kept as the user gave it, for messages; combining it with the folder would make it absolute.
        return new CheckpointLayout(Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".", [Path.GetFileName(path)], null);
    }

    private static CheckpointLayout FindInFolder(string folder)
    {
        var names = List(folder);
        if (names.Contains(WeightsName, StringComparer.Ordinal))
        {
            return new CheckpointLayout(folder, [WeightsName], null);
        }

        var indexes = names.FindAll(name => name.EndsWith(IndexExtension, StringComparison.OrdinalIgnoreCase));
        if (indexes.Contains(WeightsName + ".index.json", StringComparer.Ordinal))
        {
            return FromIndex(Path.Combine(folder, WeightsName + ".index.json"), folder);
        }

        var weights = names.FindAll(name => name.EndsWith(WeightsExtension, StringComparison.OrdinalIgnoreCase));
        return (indexes, weights) switch
        {
            ([var index], _) => FromIndex(Path.Combine(folder, index), folder),
            ([_, _, ..], _) => throw FolderFault.Ambiguous(folder, indexes),
            (_, []) => throw WithoutWeights(folder, names),
            (_, _) => new CheckpointLayout(folder, Together(folder, weights), null),
        };
    }

    private static CheckpointLayout FromIndex(string path, string folder)
    {
        var index = ShardIndex.Read(path);
        var shards = index.Shards;
        foreach (var shard in shards)
        {
            if (!Path.Exists(Path.Combine(folder, shard)))
            {
                throw FolderFault.ShardAbsent(folder, shard);
            }
        }

        return new CheckpointLayout(folder, shards, index);
    }

    // Without an index, several files belong together only if their names count them and none is missing.
    private static List<string> Together(string folder, List<string> weights)
    {
        var counted = weights.ConvertAll(name => CountedShard().Match(name));
        if (!counted.TrueForAll(match => match.Success))
        {
            return weights is [_] ? weights : throw FolderFault.Ambiguous(folder, weights);
        }

        var (stem, total) = (counted[0].Groups["stem"].Value, counted[0].Groups["total"].Value);
        if (!counted.TrueForAll(match => match.Groups["stem"].ValueSpan.SequenceEqual(stem) && match.Groups["total"].ValueSpan.SequenceEqual(total)))
        {
            throw FolderFault.Ambiguous(folder, weights);
        }

        var expected = int.Parse(total, System.Globalization.CultureInfo.InvariantCulture);
        var present = weights.ToHashSet(StringComparer.Ordinal);
        for (var number = 1; number <= expected; number++)
        {
            var name = $"{stem}-{number:D5}-of-{total}{WeightsExtension}";
            if (!present.Remove(name))
            {
                throw FolderFault.ShardAbsent(folder, name);
            }
        }

        return present.Count == 0 ? weights : throw FolderFault.Ambiguous(folder, weights);
    }

    private static CheckpointException WithoutWeights(string folder, List<string> names)
    {
        foreach (var name in names)
        {
            if (ForeignFile.HasKnownExtension(name))
            {
                using var file = ShardFile.Open(Path.Combine(folder, name), ReadMode.Stream);
                if (ForeignFile.Fault(file) is { } fault)
                {
                    return fault;
                }
            }
        }

        return names.Count == 0 && Directory.GetDirectories(folder) is [] ? FolderFault.Empty(folder) : FolderFault.NoWeights(folder);
    }

    private static List<string> List(string folder)
    {
        try
        {
            // Names with a leading dot are leftovers of file managers and downloads, such as "._model.safetensors".
            var names = Directory.EnumerateFileSystemEntries(folder)
                .Where(path => !Directory.Exists(path) || path.EndsWith(WeightsExtension, StringComparison.OrdinalIgnoreCase))
                .Select(path => Path.GetFileName(path))
                .Where(name => !name.StartsWith('.'))
                .ToList();
            names.Sort(StringComparer.Ordinal);
            return names;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FolderFault.CannotList(folder, cause);
        }
    }

    [GeneratedRegex("^(?<stem>.+)-(?<number>[0-9]{5})-of-(?<total>[0-9]{5})\\.safetensors$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CountedShard();
}
