namespace Pedigree.Checkpoints;

/// <summary>A checkpoint that has been opened: its tensors, and a way to read parts of them. Safe to use from several threads.</summary>
public interface ITensorSource : IDisposable
{
    /// <summary>The path that was opened, for messages.</summary>
    string Address { get; }

    /// <summary>The files that hold tensors, in the order that <see cref="StoredTensor.Shard"/> counts them.</summary>
    IReadOnlyList<string> Shards { get; }

    /// <summary>All tensors, sorted by name in ordinal order.</summary>
    IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>Small text files that came with the weights (config.json, vocab.json, tokenizer.json), by file name; never trusted.</summary>
    IReadOnlyDictionary<string, byte[]> SideFiles { get; }

    /// <summary>Free text that the weight files themselves carry (the safetensors <c>__metadata__</c> map); never trusted.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What a reader should know about the files, in a fixed order.</summary>
    IReadOnlyList<CheckpointFinding> Findings => [];

    /// <summary>Whether the tensors are differences from those of another model, as of an adapter without its base; they are no weights, and nothing can be inferred from their order.</summary>
    bool HoldsDifferences => false;

    /// <summary>Bytes of tensor data read from the files so far, as stored, over all threads.</summary>
    long BytesRead { get; }

    /// <summary>Bytes of tensor data in all shards, as stored.</summary>
    long TotalBytes { get; }

    /// <summary>Copies bytes of a tensor in its plain form: elements of its <see cref="StoredTensor.Type"/>, little-endian, in row-major order, decoded
    /// on the way where the file stores them otherwise.</summary>
    /// <param name="tensor">A tensor of this source.</param>
    /// <param name="byteOffset">First byte, counted from the first byte of the plain tensor; need not be that of an element or block.</param>
    /// <param name="destination">Receives exactly its length of bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the tensor.</exception>
    /// <exception cref="CheckpointException">The file can no longer be read there.</exception>
    void Read(StoredTensor tensor, long byteOffset, Span<byte> destination);
}
