using System.Collections.ObjectModel;

namespace Pedigree.Checkpoints;

/// <summary>A checkpoint made of one or more safetensors files.</summary>
internal sealed class SafetensorsSource : ITensorSource
{
    private readonly ShardFile[] files;
    private long bytesRead;

    /// <summary>Takes over open files and their checked headers.</summary>
    /// <param name="checkpoint">The files; disposed with this source.</param>
    /// <param name="headers">The header of each file.</param>
    /// <exception cref="CheckpointException">Two files hold a tensor of the same name.</exception>
    public SafetensorsSource(CheckpointFiles checkpoint, IReadOnlyList<SafetensorsHeader> headers)
    {
        files = [.. checkpoint.Files];
        Address = checkpoint.Address;
        Shards = [.. files.Select(file => file.Path)];
        SideFiles = checkpoint.CollectSideFiles();
        Tensors = TensorOrder.ByName(headers.SelectMany(header => header.Tensors), Shards);
        TotalBytes = Tensors.Sum(tensor => tensor.Length);

        // Shards of one checkpoint repeat their metadata; where they differ, the first shard is as good as any.
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in headers.SelectMany(header => header.Metadata))
        {
            metadata.TryAdd(key, value);
        }

        Metadata = new ReadOnlyDictionary<string, string>(metadata);
    }

    /// <inheritdoc/>
    public string Address { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Shards { get; }

    /// <inheritdoc/>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, byte[]> SideFiles { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <inheritdoc/>
    public long BytesRead => Interlocked.Read(ref bytesRead);

    /// <inheritdoc/>
    public long TotalBytes { get; }

    /// <inheritdoc/>
    public void Read(StoredTensor tensor, long byteOffset, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentOutOfRangeException.ThrowIfNegative(byteOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteOffset, tensor.Length - destination.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(tensor.Shard, nameof(tensor));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(tensor.Shard, files.Length, nameof(tensor));
        files[tensor.Shard].Read(tensor.Offset + byteOffset, destination, tensor.Name);
        Interlocked.Add(ref bytesRead, destination.Length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in files)
        {
            file.Dispose();
        }
    }
}
