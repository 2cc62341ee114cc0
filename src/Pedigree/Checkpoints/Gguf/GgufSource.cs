using System.Buffers;
using System.Collections.ObjectModel;
using System.Runtime.InteropServices;

namespace Pedigree.Checkpoints.Gguf;

/// <summary>A checkpoint made of one GGUF file or of all its parts.</summary>
internal sealed class GgufSource : ITensorSource
{
    // Raw bytes and values of one step stay in the second-level cache of a core.
    private const int StepValues = 1 << 14;
    private const int StepBytes = 1 << 16;

    private readonly ShardFile[] files;
    private readonly Dictionary<string, Place> places = new(StringComparer.Ordinal);
    private long bytesRead;

    /// <summary>Takes over open files and their checked headers.</summary>
    /// <param name="checkpoint">The files; disposed with this source.</param>
    /// <param name="headers">The header of each file.</param>
    /// <exception cref="CheckpointException">Two files hold a tensor of the same name.</exception>
    public GgufSource(CheckpointFiles checkpoint, IReadOnlyList<GgufHeader> headers)
    {
        files = [.. checkpoint.Files];
        Address = checkpoint.Address;
        Shards = [.. files.Select(file => file.Path)];
        var (undone, unknown) = (0, 0);
        var tensors = new List<StoredTensor>();
        for (var shard = 0; shard < headers.Count; shard++)
        {
            foreach (var entry in headers[shard].Tensors)
            {
                var heads = 0L;
                if (RotaryRows.Applies(headers[0].Architecture) && RotaryRows.IsReordered(entry.Name) && !entry.Shape.IsEmpty)
                {
                    heads = RotaryRows.Heads(headers[0], entry.Name, entry.Shape[0]);
                    _ = heads > 0 ? undone++ : unknown++;
                }

                var type = entry.Type.Plain ?? ElementType.F32;
                var tensor = new StoredTensor(entry.Name, type, entry.Shape, shard, entry.Offset, entry.Count * type.Size());
                tensors.Add(entry.Type.Blocks is null ? tensor : tensor with { Encoding = entry.Type.Name, StoredLength = entry.StoredLength });
                places[entry.Name] = new Place(entry, files[shard], headers[shard].BigEndian, heads == 0 ? 0 : entry.Shape[0] / heads);
            }
        }

        Tensors = TensorOrder.ByName(tensors, Shards);
        TotalBytes = Tensors.Sum(tensor => tensor.StoredLength);
        Metadata = headers[0].Metadata;
        SideFiles = WithVocabulary(checkpoint.CollectSideFiles(), headers);
        Findings = GgufFindings.Of(headers, undone, unknown);
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
        if (!places.TryGetValue(tensor.Name, out var place) || place.Entry.Count != tensor.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(tensor), tensor.Name, "not a tensor of this checkpoint");
        }

        if (place.HeadRows == 0)
        {
            ReadStored(place, byteOffset, destination);
            return;
        }

        var rowBytes = tensor.Length / tensor.Shape[0];
        while (!destination.IsEmpty)
        {
            var (row, within) = (byteOffset / rowBytes, byteOffset % rowBytes);
            var count = (int)Math.Min(rowBytes - within, destination.Length);
            ReadStored(place, (RotaryRows.Stored(row, place.HeadRows) * rowBytes) + within, destination[..count]);
            byteOffset += count;
            destination = destination[count..];
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

    private static IReadOnlyDictionary<string, byte[]> WithVocabulary(IReadOnlyDictionary<string, byte[]> sideFiles, IReadOnlyList<GgufHeader> headers)
    {
        if (headers.FirstOrDefault(header => header.Tokenizer.Tokens.Count > 0) is not { } header)
        {
            return sideFiles;
        }

        var all = new Dictionary<string, byte[]>(sideFiles, StringComparer.Ordinal) { [GgufVocabulary.FileName] = GgufVocabulary.Write(header.Tokenizer) };
        return new ReadOnlyDictionary<string, byte[]>(all);
    }

    // Reads in the order of the file, without regard to heads.
    private void ReadStored(Place place, long byteOffset, Span<byte> destination)
    {
        if (place.Entry.Type.Blocks is not null)
        {
            ReadBlocks(place, byteOffset, destination);
            return;
        }

        var size = place.Entry.Type.Bytes;
        if (!place.BigEndian || size == 1)
        {
            place.File.Read(place.Entry.Offset + byteOffset, destination, place.Entry.Name);
            Interlocked.Add(ref bytesRead, destination.Length);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(StepBytes);
        try
        {
            while (!destination.IsEmpty)
            {
                // Whole elements around the wanted bytes.
                var start = byteOffset / size * size;
                var skip = (int)(byteOffset - start);
                var count = Math.Min(destination.Length, StepBytes - skip);
                var elements = buffer.AsSpan(0, (skip + count + size - 1) / size * size);
                place.File.Read(place.Entry.Offset + start, elements, place.Entry.Name);
                Interlocked.Add(ref bytesRead, elements.Length);
                for (var i = 0; i < elements.Length; i += size)
                {
                    elements.Slice(i, size).Reverse();
                }

                elements.Slice(skip, count).CopyTo(destination);
                byteOffset += count;
                destination = destination[count..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void ReadBlocks(Place place, long byteOffset, Span<byte> destination)
    {
        var blocks = place.Entry.Type.Blocks!;
        var blockBytes = blocks.Values * sizeof(float);
        var raw = ArrayPool<byte>.Shared.Rent(StepValues / blocks.Values * blocks.Bytes);
        var values = ArrayPool<float>.Shared.Rent(StepValues);
        try
        {
            while (!destination.IsEmpty)
            {
                var first = byteOffset / blockBytes;
                var skip = (int)(byteOffset - (first * blockBytes));
                var wanted = ((long)skip + destination.Length + blockBytes - 1) / blockBytes;
                var count = (int)Math.Min(wanted, StepValues / blocks.Values);
                var source = raw.AsSpan(0, count * blocks.Bytes);
                place.File.Read(place.Entry.Offset + (first * blocks.Bytes), source, place.Entry.Name);
                Interlocked.Add(ref bytesRead, source.Length);
                if (place.BigEndian)
                {
                    blocks.SwapBytes(source);
                }

                var length = Math.Min((count * blockBytes) - skip, destination.Length);
                if (skip == 0 && length == count * blockBytes)
                {
                    blocks.Decode(source, MemoryMarshal.Cast<byte, float>(destination[..length]));
                }
                else
                {
                    var decoded = values.AsSpan(0, count * blocks.Values);
                    blocks.Decode(source, decoded);
                    MemoryMarshal.AsBytes(decoded).Slice(skip, length).CopyTo(destination);
                }

                byteOffset += length;
                destination = destination[length..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(raw);
            ArrayPool<float>.Shared.Return(values);
        }
    }

    /// <param name="Entry">The tensor.</param>
    /// <param name="File">The file that holds it.</param>
    /// <param name="BigEndian">The file's byte order.</param>
    /// <param name="HeadRows">Rows of a head whose order is undone; 0 to read rows as stored.</param>
    private sealed record Place(GgufEntry Entry, ShardFile File, bool BigEndian, long HeadRows);
}
