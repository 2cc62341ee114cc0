using System.Text;

namespace Pedigree.Tests.Checkpoints.Onnx;

/// <summary>Writes messages of the Protocol Buffers wire format, field by field; enough for ONNX models.</summary>
internal sealed class OnnxFile
{
    private readonly List<byte> bytes = [];

    /// <summary>A number.</summary>
    public OnnxFile Number(int field, ulong value)
    {
        Variable(((ulong)field << 3) | 0);
        Variable(value);
        return this;
    }

    /// <summary>A run of bytes.</summary>
    public OnnxFile Run(int field, ReadOnlySpan<byte> content)
    {
        Variable(((ulong)field << 3) | 2);
        Variable((ulong)content.Length);
        bytes.AddRange(content);
        return this;
    }

    /// <summary>A text.</summary>
    public OnnxFile Text(int field, string text) => Run(field, Encoding.UTF8.GetBytes(text));

    /// <summary>A message.</summary>
    public OnnxFile Message(int field, OnnxFile message) => Run(field, message.ToArray());

    /// <summary>Packed numbers.</summary>
    public OnnxFile Packed(int field, params ReadOnlySpan<ulong> values)
    {
        var packed = new OnnxFile();
        foreach (var value in values)
        {
            packed.Variable(value);
        }

        return Run(field, packed.ToArray());
    }

    public byte[] ToArray() => [.. bytes];

    /// <summary>A model with a graph.</summary>
    public static byte[] Model(OnnxFile graph) => new OnnxFile().Number(1, 8).Text(2, "test").Message(7, graph).ToArray();

    /// <summary>A tensor without its values.</summary>
    public static OnnxFile Tensor(string name, int type, params ReadOnlySpan<ulong> shape) => new OnnxFile().Packed(1, shape).Number(2, (ulong)type).Text(8, name);

    /// <summary>A key with its value.</summary>
    public static OnnxFile Entry(string key, string value) => new OnnxFile().Text(1, key).Text(2, value);

    private void Variable(ulong value)
    {
        while (value >= 0x80)
        {
            bytes.Add((byte)(value & 0x7F | 0x80));
            value >>= 7;
        }

        bytes.Add((byte)value);
    }
}
