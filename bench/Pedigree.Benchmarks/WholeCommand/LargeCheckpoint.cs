using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Pedigree.Checkpoints;

namespace Pedigree.Benchmarks.WholeCommand;

/// <summary>A checkpoint of 15 GB on disk of which only what somebody reads through it has values: the rest are holes of sparse files.</summary>
internal sealed class LargeCheckpoint : ITensorSource
{
    private readonly ITensorSource inner;
    private readonly LargeValues values;
    private readonly Dictionary<string, LargeTensor> tensors = LargeShape.Shards.SelectMany(shard => shard).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    private readonly FileStream[] files;
    private readonly HashSet<(string Tensor, long Chunk)> filled = [];
    private readonly Lock gate = new();

    private LargeCheckpoint(ITensorSource inner, LargeValues values)
    {
        this.inner = inner;
        this.values = values;
        files = [.. inner.Shards.Select(path => new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))];
    }

    /// <inheritdoc/>
    public string Address => inner.Address;

    /// <inheritdoc/>
    public IReadOnlyList<string> Shards => inner.Shards;

    /// <inheritdoc/>
    public IReadOnlyList<StoredTensor> Tensors => inner.Tensors;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, byte[]> SideFiles => inner.SideFiles;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => inner.Metadata;

    /// <inheritdoc/>
    public long BytesRead => inner.BytesRead;

    /// <inheritdoc/>
    public long TotalBytes => inner.TotalBytes;

    /// <summary>Writes headers, index and holes, and opens them.</summary>
    public static LargeCheckpoint Create(string folder, LargeValues values)
    {
        Directory.CreateDirectory(folder);
        var places = new List<string>();
        for (var shard = 0; shard < LargeShape.Shards.Count; shard++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"model-{shard + 1:00000}-of-{LargeShape.Shards.Count:00000}.safetensors");
            WriteHoles(Path.Combine(folder, name), LargeShape.Shards[shard]);
            places.AddRange(LargeShape.Shards[shard].Select(tensor => $"\"{tensor.Name}\":\"{name}\""));
        }

        var total = LargeShape.Shards.SelectMany(shard => shard).Sum(tensor => 2 * tensor.Count);
        File.WriteAllText(
            Path.Combine(folder, "model.safetensors.index.json"),
            string.Create(CultureInfo.InvariantCulture, $"{{\"metadata\":{{\"total_size\":{total}}},\"weight_map\":{{{string.Join(',', places)}}}}}"));
        return new LargeCheckpoint(Checkpoint.Open(folder), values);
    }

    /// <inheritdoc/>
    public void Read(StoredTensor tensor, long byteOffset, Span<byte> destination)
    {
        lock (gate)
        {
            var last = (byteOffset + destination.Length - 1) / (2 * LargeValues.Chunk);
            for (var chunk = byteOffset / (2 * LargeValues.Chunk); chunk <= last; chunk++)
            {
                if (filled.Add((tensor.Name, chunk)))
                {
                    Fill(tensor, chunk);
                }
            }
        }

        inner.Read(tensor, byteOffset, destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        inner.Dispose();
        foreach (var file in files)
        {
            file.Dispose();
        }
    }

    private void Fill(StoredTensor tensor, long chunk)
    {
        var first = chunk * LargeValues.Chunk;
        var count = (int)Math.Min(LargeValues.Chunk, tensor.Count - first);
        Span<float> made = stackalloc float[count];
        Span<byte> bytes = stackalloc byte[2 * count];
        values.Fill(tensors[tensor.Name], chunk, made);
        ElementEncoder.Encode(ElementType.BF16, made, bytes);
        RandomAccess.Write(files[tensor.Shard].SafeFileHandle, bytes, tensor.Offset + (2 * first));
    }

    private static void WriteHoles(string path, IReadOnlyList<LargeTensor> shard)
    {
        var header = new StringBuilder("{");
        long offset = 0;
        foreach (var tensor in shard)
        {
            var end = offset + (2 * tensor.Count);
            header.Append(CultureInfo.InvariantCulture, $"{(offset == 0 ? "" : ",")}\"{tensor.Name}\":{{\"dtype\":\"BF16\",\"shape\":[{string.Join(',', tensor.Shape)}],\"data_offsets\":[{offset},{end}]}}");
            offset = end;
        }

        header.Append('}');
        var text = Encoding.ASCII.GetBytes(header.ToString().PadRight((header.Length + 4095) / 4096 * 4096));
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        file.Write(length);
        file.Write(text);
        file.SetLength(8 + text.Length + offset);
    }
}
