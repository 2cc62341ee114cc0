using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints.Adapters;

/// <summary>A low-rank adapter as tensors of its base model: the products of its factors alone, or added to the base.</summary>
internal sealed class AdapterSource : ITensorSource
{
    private const string WeightEnding = ".weight";

    private readonly ITensorSource adapter;
    private readonly ITensorSource? baseModel;
    private readonly Dictionary<string, Part> parts = new(StringComparer.Ordinal);

    private AdapterSource(ITensorSource adapter, ITensorSource? baseModel)
    {
        this.adapter = adapter;
        this.baseModel = baseModel;
        var content = AdapterContent.Of(adapter, needsScale: baseModel is not null);
        var tensors = (baseModel?.Tensors ?? []).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var shards = baseModel?.Shards.Count ?? 0;
        foreach (var product in content.Products)
        {
            var old = baseModel is null ? null : Counterpart(tensors, product.Module + WeightEnding) ?? throw AdapterFault.NotInBase(adapter.Address, product.Module, baseModel.Address);
            if (old is not null && (!old.Shape.AsSpan().SequenceEqual([product.Rows, product.Columns]) || !old.Type.IsFloating()))
            {
                throw AdapterFault.BaseShape(adapter.Address, product.Module, baseModel!.Address);
            }

            var name = old?.Name ?? product.Module + WeightEnding;
            var length = checked(product.Rows * product.Columns * sizeof(float));
            tensors[name] = new StoredTensor(name, ElementType.F32, [product.Rows, product.Columns], old?.Shard ?? shards, old?.Offset ?? 0, length)
            {
                Encoding = string.Create(CultureInfo.InvariantCulture, $"{(old is null ? "" : (old.Encoding ?? old.Type.ToString()) + " + ")}LoRA r={product.Rank}"),
                StoredLength = product.StoredLength + (old?.StoredLength ?? 0),
            };
            parts.Add(name, new Part(old, product, null));
        }

        foreach (var (given, tensor) in content.Whole)
        {
            var name = Counterpart(tensors, given)?.Name ?? given;
            tensors[name] = tensor with { Name = name, Shard = shards + tensor.Shard };
            parts[name] = new Part(null, null, tensor);
        }

        Shards = [.. baseModel?.Shards ?? [], .. adapter.Shards];
        Tensors = TensorOrder.ByName(tensors.Values, Shards);
        TotalBytes = Tensors.Sum(tensor => tensor.StoredLength);
        Findings = [.. baseModel?.Findings ?? [], .. adapter.Findings, Finding(content)];
    }

    /// <inheritdoc/>
    public string Address => adapter.Address;

    /// <inheritdoc/>
    public IReadOnlyList<string> Shards { get; }

    /// <inheritdoc/>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, byte[]> SideFiles => (baseModel ?? adapter).SideFiles;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => adapter.Metadata;

    /// <inheritdoc/>
    public IReadOnlyList<CheckpointFinding> Findings { get; }

    /// <inheritdoc/>
    public bool HoldsDifferences => baseModel is null;

    /// <inheritdoc/>
    public long BytesRead => adapter.BytesRead + (baseModel?.BytesRead ?? 0);

    /// <inheritdoc/>
    public long TotalBytes { get; }

    /// <summary>Presents a checkpoint as tensors of its base if it is an adapter; any other is returned as it is.</summary>
    /// <param name="opened">The checkpoint; disposed with the result, or by this method where it throws.</param>
    /// <param name="options">Names the base, or not.</param>
    /// <exception cref="CheckpointException">The adapter is not read, or does not fit the base.</exception>
    public static ITensorSource Present(ITensorSource opened, CheckpointOptions options)
    {
        if (!AdapterName.AreOfAdapter(opened.Tensors))
        {
            return opened;
        }

        ITensorSource? found = null;
        try
        {
            found = options.AdapterBase is { } path ? Checkpoint.Open(path, options with { AdapterBase = null }) : null;
            return found is { HoldsDifferences: true } ? throw AdapterFault.BaseIsAdapter(found.Address) : new AdapterSource(opened, found);
        }
        catch
        {
            found?.Dispose();
            opened.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Read(StoredTensor tensor, long byteOffset, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentOutOfRangeException.ThrowIfNegative(byteOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteOffset, tensor.Length - destination.Length);
        if (!parts.TryGetValue(tensor.Name, out var part))
        {
            (baseModel ?? throw new ArgumentOutOfRangeException(nameof(tensor), tensor.Name, "not a tensor of this checkpoint")).Read(tensor, byteOffset, destination);
        }
        else if (part.Whole is { } whole)
        {
            adapter.Read(whole, byteOffset, destination);
        }
        else
        {
            ReadProduct(part.Product!, part.Old, byteOffset, destination);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        adapter.Dispose();
        baseModel?.Dispose();
    }

    // The library names modules from the top of the model; a base may have been saved from further down or further up.
    private static StoredTensor? Counterpart(Dictionary<string, StoredTensor> tensors, string name)
    {
        if (tensors.TryGetValue(name, out var tensor))
        {
            return tensor;
        }

        StoredTensor[] near = [.. tensors.Values.Where(other =>
            other.Name.EndsWith("." + name, StringComparison.Ordinal) || (other.Name.Contains('.', StringComparison.Ordinal) && name.EndsWith("." + other.Name, StringComparison.Ordinal)))];
        return near is [var only] ? only : null;
    }

    private CheckpointFinding Finding(AdapterContent content)
    {
        var named = content.Config?.BaseModel is { Length: > 0 } text ? $", which adapter_config.json calls {Of(text)}" : "";
        return baseModel is null
            ? new CheckpointFinding("adapter-without-base", $"This is a low-rank adapter: its tensors are differences from a base model{named}, and no weights. Give that model with `--base`.")
            : new CheckpointFinding("adapter-merged", $"A low-rank adapter was added to the base {OfPath(baseModel.Address)}{named}, in {content.Products.Count.ToString("N0", CultureInfo.InvariantCulture)} matrices; whether it was trained on that base is not checked.");
    }

    private void ReadProduct(AdapterProduct product, StoredTensor? old, long byteOffset, Span<byte> destination)
    {
        var columns = product.Columns;
        var row = ArrayPool<float>.Shared.Rent((int)columns);
        try
        {
            while (!destination.IsEmpty)
            {
                var element = byteOffset / sizeof(float);
                var (index, column) = (element / columns, (int)(element % columns));
                var skip = (int)(byteOffset % sizeof(float));
                var count = (int)Math.Min(columns - column, ((long)skip + destination.Length + sizeof(float) - 1) / sizeof(float));
                var values = row.AsSpan(0, count);
                values.Clear();
                if (old is not null)
                {
                    ReadOld(old, element, values);
                }

                product.AddRow(index, column, values);
                var bytes = MemoryMarshal.AsBytes(values)[skip..];
                bytes = bytes[..Math.Min(bytes.Length, destination.Length)];
                bytes.CopyTo(destination);
                byteOffset += bytes.Length;
                destination = destination[bytes.Length..];
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(row);
        }
    }

    private void ReadOld(StoredTensor old, long element, Span<float> values)
    {
        var size = old.Type.Size();
        var raw = ArrayPool<byte>.Shared.Rent(values.Length * size);
        try
        {
            var bytes = raw.AsSpan(0, values.Length * size);
            baseModel!.Read(old, element * size, bytes);
            ElementDecoder.Decode(old.Type, bytes, values);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(raw);
        }
    }

    /// <summary>How a tensor comes about: by a product added to an old tensor, or whole.</summary>
    private sealed record Part(StoredTensor? Old, AdapterProduct? Product, StoredTensor? Whole);
}
