using System.Buffers.Binary;
using System.Text;

namespace Pedigree.Tests.Checkpoints.Pickles;

/// <summary>Writes pickles operation by operation (protocol 2), as torch.save would for the same objects.</summary>
internal sealed class PickleBytes
{
    private readonly List<byte> bytes = [];

    public PickleBytes() => Raw(0x80, 2);

    public PickleBytes Raw(params ReadOnlySpan<byte> content)
    {
        bytes.AddRange(content);
        return this;
    }

    public PickleBytes Code(char code) => Raw((byte)code);

    public PickleBytes Mark() => Code('(');

    public PickleBytes Global(string module, string name) => Code('c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleBytes Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        return Code('X').Raw(length).Raw(utf8);
    }

    public PickleBytes Number(long number)
    {
        Span<byte> value = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(value, number);
        return Raw(0x8A, 8).Raw(value);
    }

    public PickleBytes Numbers(params ReadOnlySpan<long> numbers)
    {
        Mark();
        foreach (var number in numbers)
        {
            Number(number);
        }

        return Code('t');
    }

    /// <summary>collections.OrderedDict().</summary>
    public PickleBytes OrderedDictionary() => Global("collections", "OrderedDict").Code(')').Code('R');

    /// <summary>A tensor laid over a storage.</summary>
    public PickleBytes Tensor(string storageClass, string key, long storageCount, long start, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, bool isParameter = false)
    {
        if (isParameter)
        {
            Global("torch._utils", "_rebuild_parameter").Mark();
        }

        Global("torch._utils", "_rebuild_tensor_v2").Mark();
        Mark().Text("storage").Global("torch", storageClass).Text(key).Text("cpu").Number(storageCount).Code('t').Code('Q');
        Number(start).Numbers(shape).Numbers(strides).Raw(0x89).OrderedDictionary().Code('t').Code('R');
        return isParameter ? Raw(0x88).OrderedDictionary().Code('t').Code('R') : this;
    }

    public byte[] Stop()
    {
        Code('.');
        return [.. bytes];
    }
}
