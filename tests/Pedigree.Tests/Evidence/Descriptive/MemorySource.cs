using System.Runtime.InteropServices;
using System.Text;
using Pedigree.Checkpoints;

namespace Pedigree.Tests.Evidence.Descriptive;

/// <summary>A checkpoint in memory, with 32-bit floats, that counts what is read.</summary>
internal sealed class MemorySource : ITensorSource
{
    private readonly Dictionary<string, float[]> _values = new(StringComparer.Ordinal);
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

    public StoredTensor Add(string name, float[] values, params long[] shape)
    {
        var tensor = new StoredTensor(name, ElementType.F32, [.. shape], 0, 0, 4L * values.Length);
        _values.Add(name, values);
        _tensors.Add(tensor);
        return tensor;
    }

    public MemorySource With(string file, string content) => With(file, Encoding.UTF8.GetBytes(content));

    public MemorySource With(string file, byte[] content)
    {
        _sideFiles[file] = content;
        return this;
    }

    public void Read(StoredTensor tensor, long byteOffset, Span<byte> destination)
    {
        MemoryMarshal.AsBytes(_values[tensor.Name].AsSpan()).Slice((int)byteOffset, destination.Length).CopyTo(destination);
        Interlocked.Add(ref _bytesRead, destination.Length);
    }

    public void Dispose()
    {
    }
}
