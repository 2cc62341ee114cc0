using System.Globalization;

namespace Pedigree.Checkpoints.Quantised;

/// <summary>A checkpoint in which groups of stored tensors are presented as the weights that they stand for.</summary>
internal sealed class QuantisedSource : ITensorSource
{
    private readonly ITensorSource stored;
    private readonly Dictionary<string, QuantisedTensor> decoded;

    private QuantisedSource(ITensorSource stored, Dictionary<string, QuantisedTensor> decoded, HashSet<string> replaced)
    {
        this.stored = stored;
        this.decoded = decoded;
        Tensors = TensorOrder.ByName(
            stored.Tensors.Where(tensor => !replaced.Contains(tensor.Name)).Concat(decoded.Values.Select(tensor => tensor.Tensor)), stored.Shards);
        Findings = [.. stored.Findings, new CheckpointFinding("quantised-weights", string.Create(
            CultureInfo.InvariantCulture,
            $"{decoded.Count} weights are stored as codes and scales ({string.Join(", ", decoded.Values.Select(tensor => tensor.Tensor.Encoding!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))}) and read as the values that these stand for."))];
    }

    /// <inheritdoc/>
    public string Address => stored.Address;

    /// <inheritdoc/>
    public IReadOnlyList<string> Shards => stored.Shards;

    /// <inheritdoc/>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, byte[]> SideFiles => stored.SideFiles;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => stored.Metadata;

    /// <inheritdoc/>
    public IReadOnlyList<CheckpointFinding> Findings { get; }

    /// <inheritdoc/>
    public long BytesRead => stored.BytesRead;

    /// <inheritdoc/>
    public long TotalBytes => stored.TotalBytes;

    /// <summary>The same checkpoint with its quantised weights presented as plain ones; the checkpoint itself if it has none.</summary>
    /// <param name="source">The checkpoint; disposed with the result.</param>
    /// <exception cref="CheckpointException">The checkpoint can no longer be read.</exception>
    public static ITensorSource Over(ITensorSource source)
    {
        var parts = new StoredParts(source);
        var found = new Dictionary<string, QuantisedTensor>(StringComparer.Ordinal);
        var replaced = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tensor in QuantisationSchemes.All.SelectMany(scheme => scheme.Find(parts)))
        {
            // A plain weight of the same name, unless it is one of the parts, is what the checkpoint itself says; it stays.
            var clashes = parts.Find(tensor.Tensor.Name) is { } same && !tensor.Parts.Contains(same);
            if (!clashes && !found.ContainsKey(tensor.Tensor.Name) && !tensor.Parts.Any(part => replaced.Contains(part.Name)))
            {
                found.Add(tensor.Tensor.Name, tensor);
                replaced.UnionWith(tensor.Parts.Select(part => part.Name));
            }
        }

        return found.Count == 0 ? source : new QuantisedSource(source, found, replaced);
    }

    /// <inheritdoc/>
    public void Read(StoredTensor tensor, long byteOffset, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!decoded.TryGetValue(tensor.Name, out var own))
        {
            stored.Read(tensor, byteOffset, destination);
            return;
        }

        ArgumentOutOfRangeException.ThrowIfNegative(byteOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteOffset, own.Tensor.Length - destination.Length);
        own.Read(stored, byteOffset, destination);
    }

    /// <inheritdoc/>
    public void Dispose() => stored.Dispose();
}
