using System.Runtime.InteropServices;
using System.Text;
using Pedigree.Checkpoints;

namespace Pedigree.Zoo.Storage;

/// <summary>A checkpoint in memory that counts what is read. Arrays of 32-bit floats are not copied: what is changed later is read changed.</summary>
internal sealed class MemorySource : ITensorSource
{
    private readonly Dictionary<string, Array> _values = new(StringComparer.Ordinal);
    private readonly List<StoredTensor> _tensors = [];
    private readonly Dictionary<string, byte[]> _sideFiles = new(StringComparer.Ordinal);
    private long _bytesRead;

    public string Address => "memory";

    public IReadOnlyList<string> Shards => ["memory"];

    public IReadOnlyList<StoredTensor> Tensors => [.. _tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)];

    public IReadOnlyDictionary<string, byte[]> SideFiles => _sideFiles;

    public IReadOnlyDictionary<string, string> Metadata => new Dictionary<string, string>(StringComparer.Ordinal);

    public long BytesRead => Interlocked.Read(ref _bytesRead);

    public long TotalBytes => _tensors.Sum(tensor => tensor.Length);

    /// <summary>Adds 32-bit floats.</summary>
    public StoredTensor Add(string name, float[] values, params long[] shape) => Add(name, ElementType.F32, values, shape);

    /// <summary>Adds elements as stored.</summary>
    public StoredTensor Add(string name, ElementType type, byte[] elements, params long[] shape) => Add(name, type, (Array)elements, shape);

    public MemorySource With(string file, string content) => With(file, Encoding.UTF8.GetBytes(content));

    public MemorySource With(string file, byte[] content)
    {
        _sideFiles[file] = content;
        return this;
    }

    public void Read(StoredTensor tensor, long byteOffset, Span<byte> destination)
    {
        var bytes = _values[tensor.Name] is float[] floats ? MemoryMarshal.AsBytes(floats.AsSpan()) : ((byte[])_values[tensor.Name]).AsSpan();
        bytes.Slice(checked((int)byteOffset), destination.Length).CopyTo(destination);
        Interlocked.Add(ref _bytesRead, destination.Length);
    }

    public void Dispose()
    {
    }

    private StoredTensor Add(string name, ElementType type, Array values, long[] shape)
    {
        var tensor = new StoredTensor(name, type, [.. shape], 0, 0, Buffer.ByteLength(values));
        _values.Add(name, values);
        _tensors.Add(tensor);
        return tensor;
    }
}
