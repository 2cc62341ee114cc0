using System.Collections.ObjectModel;

namespace Pedigree.Checkpoints;

/// <summary>Collects the small files that lie with the weights.</summary>
internal static class SideFiles
{
    private const long UsualLimit = 4L << 20;

    // A tokenizer of 250,000 tokens with merges takes some 20 MB of JSON.
    private const long TokenizerLimit = 64L << 20;

    private static readonly string[] Names =
    [
        "config.json", "quantize_config.json", "vocab.json", "tokenizer.json", "tokenizer_config.json", "merges.txt", "generation_config.json", "README.md",
        Adapters.AdapterConfig.FileName,
    ];

    /// <summary>The known files that are present, readable and not too large; their content is not looked at.</summary>
    /// <param name="folder">The folder of the weights.</param>
    public static IReadOnlyDictionary<string, byte[]> Collect(string folder)
    {
        var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in Names)
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path))
            {
                continue;
            }

            try
            {
                using var file = ShardFile.Open(path, ReadMode.Stream);
                if (file.Length <= (name is "tokenizer.json" ? TokenizerLimit : UsualLimit))
                {
                    var content = new byte[file.Length];
                    file.ReadDirectly(0, content);
                    found.Add(name, content);
                }
            }
            catch (CheckpointException)
            {
                // The weights can be compared without it, and whoever needs the file says that it is absent.
            }
        }

        return new ReadOnlyDictionary<string, byte[]>(found);
    }
}
