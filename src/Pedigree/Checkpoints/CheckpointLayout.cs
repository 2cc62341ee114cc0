using System.Globalization;
using System.Text.RegularExpressions;

namespace Pedigree.Checkpoints;

/// <summary>Which files make up the checkpoint at a path.</summary>
/// <param name="Folder">The folder that holds them.</param>
/// <param name="Shards">The files, relative to the folder, in order.</param>
/// <param name="Index">The index that names them, or null.</param>
internal sealed partial record CheckpointLayout(string Folder, IReadOnlyList<string> Shards, ShardIndex? Index)
{
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

        if (CheckpointFormats.All.Any(format => format.IsIndex(path)))
        {
            return FromIndex(path, Path.GetDirectoryName(Path.GetFullPath(path))!);
        }

        // The path is kept as the user gave it, for messages; combining it with the folder would make it absolute.
        var folder = Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : ".";
        var name = Path.GetFileName(path);
        var part = CountedPart().Match(name);
        return part.Success && CheckpointFormats.All.Any(format => format.OnePartOpensAll && format.HasExtension(name))
            ? new CheckpointLayout(folder, Together(folder, List(folder).FindAll(other => IsSibling(CountedPart().Match(other), part))), null)
            : new CheckpointLayout(folder, [name], null);
    }

    private static CheckpointLayout FindInFolder(string folder)
    {
        var names = List(folder);
        var present = CheckpointFormats.All
            .Select(format => (Format: format, Names: names.FindAll(name => format.HasExtension(name) || format.IsIndex(name))))
            .Where(found => found.Names.Count > 0)
            .ToArray();
        if (present.Length == 0)
        {
            throw WithoutWeights(folder, names);
        }

        // Two formats may share an extension; the first stands for both, and the bytes decide when the file is opened.
        var (chosen, own) = present[0];
        var others = present.SelectMany(found => found.Names).Except(own, StringComparer.Ordinal).ToArray();
        return chosen == SafetensorsFormat.Instance || others.Length == 0
            ? FromFormat(chosen, folder, own)
            : throw FolderFault.Ambiguous(folder, [.. own, .. others]);
    }

    private static CheckpointLayout FromFormat(ICheckpointFormat format, string folder, List<string> names)
    {
        if (format.UsualName is { } usual)
        {
            if (names.Contains(usual, StringComparer.Ordinal))
            {
                return new CheckpointLayout(folder, [usual], null);
            }

            if (names.Contains(usual + ShardIndex.Extension, StringComparer.Ordinal))
            {
                return FromIndex(Path.Combine(folder, usual + ShardIndex.Extension), folder);
            }
        }

        var indexes = names.FindAll(format.IsIndex);
        var weights = names.FindAll(format.HasExtension);
        return indexes switch
        {
            [var index] => FromIndex(Path.Combine(folder, index), folder),
            [_, ..] => throw FolderFault.Ambiguous(folder, indexes),
            [] => new CheckpointLayout(folder, Together(folder, weights), null),
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
        var counted = weights.ConvertAll(name => CountedPart().Match(name));
        if (!counted.TrueForAll(match => match.Success))
        {
            return weights is [_] ? weights : throw FolderFault.Ambiguous(folder, weights);
        }

        var first = counted[0];
        if (!counted.TrueForAll(match => IsSibling(match, first)))
        {
            throw FolderFault.Ambiguous(folder, weights);
        }

        var total = first.Groups["total"].Value;
        var expected = int.Parse(total, CultureInfo.InvariantCulture);
        var present = weights.ToHashSet(StringComparer.Ordinal);
        for (var number = 1; number <= expected; number++)
        {
            var name = $"{first.Groups["stem"].Value}-{number:D5}-of-{total}{first.Groups["extension"].Value}";
            if (!present.Remove(name))
            {
                throw FolderFault.ShardAbsent(folder, name);
            }
        }

        return present.Count == 0 ? weights : throw FolderFault.Ambiguous(folder, weights);
    }

    private static bool IsSibling(Match part, Match other) =>
        part.Success && IsEqual(part, other, "stem") && IsEqual(part, other, "total") && IsEqual(part, other, "extension");

    private static bool IsEqual(Match one, Match two, string group) => one.Groups[group].ValueSpan.SequenceEqual(two.Groups[group].ValueSpan);

    private static CheckpointException WithoutWeights(string folder, List<string> names)
    {
        foreach (var name in names)
        {
            if (ForeignFile.HasKnownExtension(name))
            {
                using var file = ShardFile.Open(Path.Combine(folder, name), ReadMode.Stream);
                var start = new byte[Math.Min(CheckpointFormats.Glance, file.Length)];
                file.ReadDirectly(0, start);
                if (ForeignFile.Fault(file.Path, start) is { } fault)
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
                .Where(path => !Directory.Exists(path) || SafetensorsFormat.Instance.HasExtension(path))
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

    [GeneratedRegex(@"^(?<stem>.+)-(?<number>[0-9]{5})-of-(?<total>[0-9]{5})(?<extension>\.[A-Za-z0-9]+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CountedPart();
}
