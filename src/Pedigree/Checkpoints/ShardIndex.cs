using System.Text.Json;

namespace Pedigree.Checkpoints;

/// <summary>The index of a checkpoint split into shards: a JSON object whose <c>weight_map</c> leads from each tensor's name to the file that holds it (the layout of the Hugging Face transformers library).</summary>
internal sealed class ShardIndex
{
    /// <summary>What follows the extension of the shards in the name of an index.</summary>
    public const string Extension = ".index.json";

    private const string MapKey = "weight_map";
    private const int LongestIndex = 128 << 20;
    private const int DeepestLevel = 64;

    private readonly string path;
    private readonly Dictionary<string, string> shardOfTensor = new(StringComparer.Ordinal);

    private ShardIndex(string path) => this.path = path;

    /// <summary>The files that the index names, each once, in ordinal order; paths relative to the folder of the index, checked to stay inside it.</summary>
    public IReadOnlyList<string> Shards => [.. shardOfTensor.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Reads an index.</summary>
    /// <exception cref="CheckpointException">It is not such an index, or names a file outside its folder.</exception>
    public static ShardIndex Read(string path)
    {
        using var file = ShardFile.Open(path, ReadMode.Stream);
        if (ForeignFile.PointerFault(file) is { } pointer)
        {
            throw pointer;
        }

        if (file.Length > LongestIndex)
        {
            throw FolderFault.IndexTooLong(path, file.Length);
        }

        var json = new byte[file.Length];
        file.ReadDirectly(0, json);
        var index = new ShardIndex(path);
        index.Parse(json);
        return index;
    }

    /// <summary>Checks that shards hold exactly the tensors that the index places in them.</summary>
    /// <param name="checkpoint">The files of the shards.</param>
    /// <param name="tensors">The tensors of each.</param>
    /// <exception cref="CheckpointException">A tensor is missing or not in the index.</exception>
    public void CheckAgainst(CheckpointFiles checkpoint, IReadOnlyList<IReadOnlyList<StoredTensor>> tensors)
    {
        var (shards, files) = (checkpoint.Layout.Shards, checkpoint.Files);
        var left = new Dictionary<string, string>(shardOfTensor, StringComparer.Ordinal);
        for (var i = 0; i < shards.Count; i++)
        {
            foreach (var tensor in tensors[i])
            {
                if (!shardOfTensor.TryGetValue(tensor.Name, out var shard) || !string.Equals(shard, shards[i], StringComparison.Ordinal))
                {
                    throw FolderFault.TensorNotInIndex(files[i].Path, tensor.Name, path);
                }

                left.Remove(tensor.Name);
            }
        }

        foreach (var (tensor, shard) in left)
        {
            var file = shards.Zip(files).First(pair => string.Equals(pair.First, shard, StringComparison.Ordinal)).Second;
            throw FolderFault.TensorNotInShard(file.Path, tensor, path);
        }
    }

    private void Parse(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith("\uFEFF"u8))
        {
            json = json[3..];
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DeepestLevel });
        var found = false;
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw FolderFault.IndexWithoutMap(path);
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isMap = reader.ValueTextEquals(MapKey);
                reader.Read();
                if (!isMap)
                {
                    reader.Skip();
                }
                else if (found)
                {
                    throw FolderFault.IndexMapTwice(path);
                }
                else
                {
                    ReadMap(ref reader);
                    found = true;
                }
            }

            reader.Read();
        }
        catch (JsonException)
        {
            throw FolderFault.IndexNotJson(path, reader.BytesConsumed);
        }
        catch (InvalidOperationException)
        {
            throw FolderFault.IndexTextNotUnicode(path);
        }

        if (!found || shardOfTensor.Count == 0)
        {
            throw FolderFault.IndexWithoutMap(path);
        }
    }

    private void ReadMap(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw FolderFault.IndexWithoutMap(path);
        }

        // The same few file names recur for thousands of tensors; one copy of each is kept.
        var known = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var tensor = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw FolderFault.IndexShardNotText(path, tensor);
            }

            var shard = reader.GetString()!;
            if (known.TryGetValue(shard, out var copy))
            {
                shard = copy;
            }
            else if (StaysInside(shard))
            {
                known.Add(shard);
            }
            else
            {
                throw FolderFault.IndexLeavesFolder(path, shard);
            }

            if (!shardOfTensor.TryAdd(tensor, shard))
            {
                throw FolderFault.IndexNameTwice(path, tensor);
            }
        }
    }

    /// <summary>Whether a path that a file names is a plain one inside its folder.</summary>
    /// <remarks>Judged by the text alone and alike on every system, so that an index is not harmless on one and an attack on the other.</remarks>
    public static bool StaysInside(string shard) =>
        shard.Length > 0
        && !shard.AsSpan().ContainsAny('\\', ':')
        && !shard.Any(char.IsControl)
        && shard.Split('/').All(part => part.Length > 0 && part is not ("." or ".."));
}
