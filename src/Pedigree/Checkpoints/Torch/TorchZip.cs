using Pedigree.Checkpoints.Archives;
using Pedigree.Checkpoints.Pickles;
using Pedigree.Checkpoints.Storages;

namespace Pedigree.Checkpoints.Torch;

/// <summary>Reads a checkpoint as torch.save has written it since PyTorch 1.6: a zip archive with a pickle, <c>data.pkl</c>, and one unpacked entry a storage (torch/serialization.py,
/// <c>_save</c>; caffe2/serialize/inline_container.h). TorchScript archives have the same entries.</summary>
internal static class TorchZip
{
    private const string PickleName = "data.pkl";
    private const string OrderName = "byteorder";

    // The longest pickle of a published checkpoint takes a few megabytes; beyond this it is none of a checkpoint's.
    private const long LongestPickle = 256L << 20;
    private const long LongestOrder = 64;

    // PyTorch packs nothing; a pickle that some other program packed gets about ten times smaller.
    private const long MostUnpacked = 64;


    /// <summary>Reads what describes the tensors.</summary>
    /// <exception cref="CheckpointException">The archive is no such checkpoint, or is damaged.</exception>
    public static TorchContent Read(ShardFile file)
    {
        var entries = ZipDirectory.Read(file);
        var pickle = FindPickle(file, entries);
        var root = pickle.Name[..^PickleName.Length];
        var imports = new PickleImports();
        try
        {
            var document = PickleMachine.Read(new PickleInput(ZipUnpacker.Read(file, pickle, Limit(pickle), checksumMayBeAbsent: true)), imports);
            var storages = new Dictionary<string, Storage?>(StringComparer.Ordinal);
            return TorchContent.Resolve(
                file, pickle.Name, document.Value, imports, reference => FindStorage(file, entries, storages, $"{root}data/{reference.Key}"), IsBigEndian(file, entries, root + OrderName));
        }
        catch (PickleFault fault)
        {
            throw TorchFault.Damaged(file.Path, pickle.Name, fault, imports);
        }
    }

    private static long Limit(ZipEntry entry) => entry.IsDeflated ? Math.Min(LongestPickle, MostUnpacked * (entry.PackedLength + 1024)) : LongestPickle;

    private static ZipEntry FindPickle(ShardFile file, IReadOnlyDictionary<string, ZipEntry> entries)
    {
        ZipEntry[] found = [.. entries.Values.Where(entry => IsPickle(entry.Name)).OrderBy(entry => entry.Name.Count('/')).ThenBy(entry => entry.Offset).Take(2)];
        return found switch
        {
            [var only] => only,
            [var first, var second] => first.Name.Count('/') < second.Name.Count('/') ? first : throw TorchFault.SeveralPickles(file.Path, first.Name, second.Name),
            _ => throw WithoutPickle(file, entries.Values),
        };
    }

    private static bool IsPickle(string name) => name is PickleName || name.EndsWith("/" + PickleName, StringComparison.Ordinal);

    // An archive without weights is refused either way; what its pickles ask for is named, because that may be why it was made.
    private static CheckpointException WithoutPickle(ShardFile file, IEnumerable<ZipEntry> entries)
    {
        foreach (var entry in entries.Where(entry => entry.Length <= Limit(entry)).OrderBy(entry => entry.Offset).Take(16))
        {
            var content = ZipUnpacker.Read(file, entry, Limit(entry));
            if (PickleScan.Begins(content, entry.Name))
            {
                var imports = new PickleImports();
                PickleScan.Imports(new PickleInput(content), imports);
                if (imports.Foreign() is not null)
                {
                    return TorchFault.NoWeights(file.Path, entry.Name, imports);
                }
            }
        }

        return TorchFault.NoPickle(file.Path);
    }

    private static Storage? FindStorage(ShardFile file, IReadOnlyDictionary<string, ZipEntry> entries, Dictionary<string, Storage?> known, string name)
    {
        if (!known.TryGetValue(name, out var storage))
        {
            storage = !entries.TryGetValue(name, out var entry) ? null
                : entry.IsDeflated ? throw TorchFault.PackedStorage(file.Path, name)
                : new FileStorage(file, entry.Offset, entry.Length);
            known.Add(name, storage);
        }

        return storage;
    }

    private static bool IsBigEndian(ShardFile file, IReadOnlyDictionary<string, ZipEntry> entries, string name)
    {
        // Archives of before PyTorch 2.1 have no such entry and were read as little-endian everywhere.
        if (!entries.TryGetValue(name, out var entry))
        {
            return false;
        }

        return System.Text.Encoding.Latin1.GetString(ZipUnpacker.Read(file, entry, LongestOrder, checksumMayBeAbsent: true)) switch
        {
            "little" => false,
            "big" => true,
            var text => throw TorchFault.ByteOrder(file.Path, text),
        };
    }
}
