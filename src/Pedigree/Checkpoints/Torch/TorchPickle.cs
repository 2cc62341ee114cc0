using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Pedigree.Checkpoints.Pickles;
using Pedigree.Checkpoints.Storages;

namespace Pedigree.Checkpoints.Torch;

/// <summary>Reads a checkpoint as torch.save wrote it before PyTorch 1.6: five pickles one after another (a magic number, a protocol number, facts about the machine, the
/// object, the keys of its storages), then the storages, each with its number of elements before it (torch/serialization.py, <c>_legacy_save</c>). Values are
/// little-endian on every machine (torch/csrc/serialization.cpp). Any other pickle is refused.</summary>
internal static class TorchPickle
{
    private const int Protocol = 1001;
    private const int CountLength = 8;

    private static readonly BigInteger Magic = BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>Reads what describes the tensors.</summary>
    /// <exception cref="CheckpointException">The pickle is no such checkpoint, or is damaged.</exception>
    public static TorchContent Read(ShardFile file)
    {
        var imports = new PickleImports();
        var input = new PickleInput(file);
        try
        {
            var first = PickleMachine.Read(input, imports);
            if (first.Value is not BigInteger magic || magic != Magic || PickleMachine.Read(input, imports).Value is not (long)Protocol)
            {
                PickleScan.Imports(input, imports);
                throw TorchFault.NoWeights(file.Path, null, imports);
            }

            PickleMachine.Read(input, imports);
            var document = PickleMachine.Read(input, imports);
            var keys = PickleMachine.Read(input, imports);
            var storages = Locate(file, input.Position, document, keys.Value);
            return TorchContent.Resolve(file, null, document.Value, imports, reference => storages.GetValueOrDefault(reference.Key), isBigEndian: false);
        }
        catch (PickleFault fault)
        {
            throw TorchFault.Damaged(file.Path, null, fault, imports);
        }
    }

    // The storages lie one after another; only the pickle tells how long an element of each is.
    private static Dictionary<string, Storage> Locate(ShardFile file, long position, PickleDocument document, object? keys)
    {
        var references = new Dictionary<string, TorchStorageReference>(StringComparer.Ordinal);
        foreach (var reference in document.Persistent.Select(TorchStorageReference.Of).OfType<TorchStorageReference>())
        {
            references.TryAdd(reference.Key, reference);
        }

        var storages = new Dictionary<string, Storage>(StringComparer.Ordinal);
        Span<byte> count = stackalloc byte[CountLength];
        foreach (var item in keys is PickleList list ? list.Items : [])
        {
            var key = item as string ?? (item as long?)?.ToString(CultureInfo.InvariantCulture) ?? "";
            if (!references.TryGetValue(key, out var reference) || reference.Bytes is not { } length)
            {
                throw TorchFault.StorageUnknown(file.Path, key, position);
            }

            if (position > file.Length - CountLength - length)
            {
                throw TorchFault.StorageMisplaced(file.Path, key, position);
            }

            file.ReadDirectly(position, count);
            if (BinaryPrimitives.ReadInt64LittleEndian(count) != reference.Count || !storages.TryAdd(key, new FileStorage(file, position + CountLength, length)))
            {
                throw TorchFault.StorageMisplaced(file.Path, key, position);
            }

            position += CountLength + length;
        }

        return storages;
    }
}
