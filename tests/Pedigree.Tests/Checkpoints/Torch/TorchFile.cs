using System.Buffers.Binary;
using System.Collections.Immutable;
using Pedigree.Checkpoints;
using Pedigree.Checkpoints.Storages;
using Pedigree.Tests.Checkpoints.Archives;
using Pedigree.Tests.Checkpoints.Pickles;

namespace Pedigree.Tests.Checkpoints.Torch;

/// <summary>A tensor to be written.</summary>
internal sealed record TorchSample(string Name, ElementType Type, ImmutableArray<long> Shape, byte[] Bytes);

/// <summary>Writes state dictionaries as torch.save does, in both of its formats.</summary>
internal static class TorchFile
{
    /// <summary>A zip archive.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="key">The key that they lie under, or null.</param>
    /// <param name="hasChecksums">Whether checksums are computed; PyTorch can be told not to.</param>
    public static byte[] Zip(IReadOnlyList<TorchSample> tensors, string? key = null, bool hasChecksums = true)
    {
        var zip = Archive(Pickle(tensors, key));
        zip.Checksum = (_, checksum) => hasChecksums ? checksum : 0;
        for (var i = 0; i < tensors.Count; i++)
        {
            zip.Add($"archive/data/{i}", tensors[i].Bytes);
        }

        return zip.ToArray();
    }

    /// <summary>An archive with a pickle and no storages yet.</summary>
    public static ZipFile Archive(byte[] pickle) => new ZipFile { HasWideEnd = true }.Add("archive/data.pkl", pickle).Add("archive/version", "3\n"u8);

    /// <summary>Pickles followed by storages.</summary>
    public static byte[] Legacy(IReadOnlyList<TorchSample> tensors)
    {
        using var file = new MemoryStream();
        file.Write([0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.']);
        file.Write(new PickleBytes().Number(1001).Stop());
        file.Write(new PickleBytes().Code('}').Mark().Text("little_endian").Raw(0x88).Code('u').Stop());
        file.Write(Pickle(tensors, null));
        var keys = new PickleBytes().Code(']').Mark();
        for (var i = 0; i < tensors.Count; i++)
        {
            keys.Text(i.ToString());
        }

        file.Write(keys.Code('e').Stop());
        Span<byte> count = stackalloc byte[8];
        foreach (var tensor in tensors)
        {
            BinaryPrimitives.WriteInt64LittleEndian(count, tensor.Bytes.Length / tensor.Type.Size());
            file.Write(count);
            file.Write(tensor.Bytes);
        }

        return file.ToArray();
    }

    /// <summary>A tar archive, as PyTorch 0.1 wrote it. The last tensor lies in a view of its storage.</summary>
    public static byte[] Tar(IReadOnlyList<TorchSample> tensors)
    {
        using var storages = new MemoryStream();
        using var descriptions = new MemoryStream();
        storages.Write(new PickleBytes().Number(tensors.Count).Stop());
        descriptions.Write(new PickleBytes().Number(tensors.Count).Stop());
        var pickle = new PickleBytes().OrderedDictionary().Mark();
        for (var i = 0; i < tensors.Count; i++)
        {
            var (name, type, shape, bytes) = tensors[i];
            var count = (long)bytes.Length / type.Size();
            storages.Write(new PickleBytes().Mark().Number(i).Text("cpu").Global("torch", StorageClass(type)).Code('t').Stop());
            storages.Write(BitConverter.GetBytes(count));
            storages.Write(bytes);
            var storage = i == tensors.Count - 1 ? 99 : i;
            descriptions.Write(new PickleBytes().Mark().Number(1000 + i).Number(storage).Global("torch", "FloatTensor").Code('t').Stop());
            descriptions.Write(BitConverter.GetBytes((long)shape.Length));
            foreach (var number in (long[])[.. shape, .. StridedTensor.RowMajor(shape), 0])
            {
                descriptions.Write(BitConverter.GetBytes(number));
            }

            pickle.Text(name).Text((1000 + i).ToString()).Code('Q');
        }

        var last = tensors[^1];
        storages.Write(new PickleBytes().Code(']').Mark().Mark().Number(99).Number(tensors.Count - 1).Number(0).Number(last.Bytes.Length / last.Type.Size()).Code('t').Code('e').Stop());
        using var file = new MemoryStream();
        using (var tar = new System.Formats.Tar.TarWriter(file, System.Formats.Tar.TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, content) in new[] { ("storages", storages.ToArray()), ("tensors", descriptions.ToArray()), ("pickle", pickle.Code('u').Stop()) })
            {
                using var data = new MemoryStream(content);
                tar.WriteEntry(new System.Formats.Tar.UstarTarEntry(System.Formats.Tar.TarEntryType.RegularFile, name) { DataStream = data });
            }
        }

        return file.ToArray();
    }

    /// <summary>The tensors of a checkpoint, in another type if one is given.</summary>
    public static TorchSample[] Load(ITensorSource source, ElementType? type = null) =>
    [
        .. source.Tensors.Select(tensor =>
        {
            var bytes = new byte[tensor.Length];
            source.Read(tensor, 0, bytes);
            if (type is null || type == tensor.Type)
            {
                return new TorchSample(tensor.Name, tensor.Type, tensor.Shape, bytes);
            }

            var values = new float[tensor.Count];
            ElementDecoder.Decode(tensor.Type, bytes, values);
            var coded = new byte[tensor.Count * type.Value.Size()];
            ElementEncoder.Encode(type.Value, values, coded);
            return new TorchSample(tensor.Name, type.Value, tensor.Shape, coded);
        }),
    ];

    public static string StorageClass(ElementType type) => type switch
    {
        ElementType.F64 => "DoubleStorage",
        ElementType.F32 => "FloatStorage",
        ElementType.F16 => "HalfStorage",
        ElementType.BF16 => "BFloat16Storage",
        ElementType.I64 => "LongStorage",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static byte[] Pickle(IReadOnlyList<TorchSample> tensors, string? key)
    {
        var pickle = new PickleBytes();
        if (key is not null)
        {
            pickle.Code('}').Text("epoch").Number(3).Code('s').Text(key);
        }

        pickle.OrderedDictionary().Mark();
        for (var i = 0; i < tensors.Count; i++)
        {
            var (name, type, shape, bytes) = tensors[i];
            pickle.Text(name).Tensor(StorageClass(type), i.ToString(), bytes.Length / type.Size(), 0, shape.AsSpan(), StridedTensor.RowMajor(shape).AsSpan(), isParameter: i % 2 == 1);
        }

        pickle.Code('u');
        return (key is null ? pickle : pickle.Code('s')).Stop();
    }
}
