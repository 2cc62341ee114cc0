using System.Collections.ObjectModel;

namespace Pedigree.Checkpoints.Storages;

/// <summary>A checkpoint whose tensors are laid over storages; what is not stored plainly is gathered when it is read.</summary>
internal sealed class StridedSource : ITensorSource
{
    private readonly ShardFile[] files;
    private readonly Dictionary<string, StridedTensor> strided;
    private readonly Lock gate = new();
    private (StridedTensor Tensor, StridedTile Tile)? latest;
    private long bytesRead;

    /// <summary>Takes over open files and tensors that have been checked to lie inside their storages.</summary>
    /// <param name="checkpoint">The files; disposed with this source.</param>
    /// <param name="tensors">The tensors of all files.</param>
    /// <param name="metadata">Free text that the files carry.</param>
    /// <param name="findings">What a reader should know.</param>
    /// <exception cref="CheckpointException">Two tensors have one name.</exception>
    public StridedSource(
        CheckpointFiles checkpoint, IReadOnlyList<StridedTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null, IReadOnlyList<CheckpointFinding>? findings = null)
    {
        files = [.. checkpoint.Files];
        Address = checkpoint.Address;
        Shards = [.. files.Select(file => file.Path)];
        SideFiles = checkpoint.CollectSideFiles();
        Metadata = metadata ?? ReadOnlyDictionary<string, string>.Empty;
        Findings = findings ?? [];
        Tensors = TensorOrder.ByName(tensors.Select(tensor => tensor.Describe(Array.IndexOf(files, tensor.Storage.File))), Shards);
        strided = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        TotalBytes = Tensors.Sum(tensor => tensor.StoredLength);
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
    public IReadOnlyList<CheckpointFinding> Findings { get; }

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
        if (!strided.TryGetValue(tensor.Name, out var found))
        {
            throw new ArgumentOutOfRangeException(nameof(tensor), tensor.Name, "not a tensor of this checkpoint");
        }

        if (found.IsPlain)
        {
            found.Storage.Read((found.Start * found.Type.Size()) + byteOffset, destination, tensor.Name);
            Interlocked.Add(ref bytesRead, destination.Length);
            return;
        }

        while (!destination.IsEmpty)
        {
            var tile = Tile(found, byteOffset / found.Type.Size());
            var inside = byteOffset - (tile.First * found.Type.Size());
            var part = tile.Bytes.AsSpan((int)inside, (int)Math.Min(destination.Length, tile.Bytes.Length - inside));
            part.CopyTo(destination);
            byteOffset += part.Length;
            destination = destination[part.Length..];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in files)
        {
            file.Dispose();
        }
    }

    // One tile is kept: readers walk through a tensor in order, in pieces smaller than a tile.
    private StridedTile Tile(StridedTensor tensor, long element)
    {
        lock (gate)
        {
            if (latest is { } kept && ReferenceEquals(kept.Tensor, tensor) && element >= kept.Tile.First && element < kept.Tile.First + (kept.Tile.Bytes.Length / tensor.Type.Size()))
            {
                return kept.Tile;
            }

            var tile = StridedTile.Fetch(tensor, element, out var fetched);
            Interlocked.Add(ref bytesRead, fetched);
            latest = (tensor, tile);
            return tile;
        }
    }
}
