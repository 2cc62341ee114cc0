using System.Buffers.Binary;
using System.Text;
using Pedigree.Checkpoints;

namespace Pedigree.Tests.Checkpoints;

/// <summary>Small inputs of the tests.</summary>
internal static class Samples
{
    /// <summary>Bytes that differ from their neighbours.</summary>
    public static ReadOnlyMemory<byte> Bytes(int count) => Enumerable.Range(1, count).Select(i => unchecked((byte)(i * 37))).ToArray();

    /// <summary>Writes a file with one tensor of two floats.</summary>
    public static void WriteOne(string path, string tensor) =>
        SafetensorsWriter.Write(path, [(tensor, ElementType.F32, [2], Bytes(8))]);

    /// <summary>The bytes of a safetensors file with any header, right or wrong.</summary>
    public static byte[] File(string header, int dataLength) => File(Encoding.UTF8.GetBytes(header), dataLength);

    /// <inheritdoc cref="File(string, int)"/>
    public static byte[] File(byte[] header, int dataLength)
    {
        var file = new byte[8 + header.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        return file;
    }
}
