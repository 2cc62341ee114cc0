using System.Globalization;
using Pedigree.Checkpoints.Archives;
using Pedigree.Checkpoints.Pickles;
using Pedigree.Checkpoints.Storages;

namespace Pedigree.Checkpoints.Torch;

/// <summary>Reads a checkpoint as torch.save wrote it in PyTorch 0.1: a tar archive of three files, <c>storages</c>, <c>tensors</c> and <c>pickle</c> (torch/serialization.py,
/// <c>legacy_load</c>). In the first two, small pickles and raw numbers, little-endian, take turns.</summary>
internal sealed class TorchTar
{
    private const string StoragesName = "storages";
    private const string TensorsName = "tensors";
    private const string PickleName = "pickle";
    private const int MostTensors = 1_000_000;

    private readonly ShardFile file;
    private readonly IReadOnlyDictionary<string, (long Start, long Length)> entries;
    private readonly PickleImports imports = new();
    private readonly Dictionary<string, Storage> storages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TorchStorageReference> references = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PickleCall> tensors = new(StringComparer.Ordinal);

    private TorchTar(ShardFile file)
    {
        this.file = file;
        entries = TarDirectory.Read(file);
    }

    /// <summary>Reads what describes the tensors.</summary>
    /// <exception cref="CheckpointException">The archive is no such checkpoint, or is damaged.</exception>
    public static TorchContent Read(ShardFile file)
    {
        var archive = new TorchTar(file);
        if (!archive.entries.ContainsKey(StoragesName) || !archive.entries.ContainsKey(TensorsName) || !archive.entries.ContainsKey(PickleName))
        {
            throw TorchFault.NoTar(file.Path);
        }

        var entry = StoragesName;
        try
        {
            archive.ReadStorages();
            entry = TensorsName;
            archive.ReadTensors();
            entry = PickleName;
            var document = PickleMachine.Read(archive.Open(PickleName), archive.imports, archive.Resolve);
            return TorchContent.Resolve(file, entry, document.Value, archive.imports, reference => archive.storages.GetValueOrDefault(reference.Key), isBigEndian: false);
        }
        catch (PickleFault fault)
        {
            throw TorchFault.Damaged(file.Path, entry, fault, archive.imports);
        }
    }

    private PickleInput Open(string name) => new(file, entries[name].Start, entries[name].Start + entries[name].Length);

    private void ReadStorages()
    {
        var input = Open(StoragesName);
        for (var left = Count(input); left > 0; left--)
        {
            if (Read(input) is not PickleTuple { Items: [long key, _, PickleGlobal type] } || TorchTypes.OfStorage(type.Name) is not { } element)
            {
                throw new PickleFault("describes a storage that is not read", input.Position);
            }

            var count = input.Int64();
            if (count < 0 || count > input.Left / element.Size())
            {
                throw new PickleFault("has a storage longer than the file", input.Position);
            }

            Add(key, new TorchStorageReference(Name(key), type.Name, count, 0, null));
            storages[Name(key)] = new FileStorage(file, input.Position, count * element.Size());
            input.Skip(count * element.Size());
        }

        foreach (var view in Read(input) is PickleList views ? views.Items : [])
        {
            if (view is not PickleTuple { Items: [long key, long root, long start, long length] } || !references.TryGetValue(Name(root), out var whole))
            {
                throw new PickleFault("describes a view that is not read", input.Position);
            }

            Add(key, whole with { ViewStart = start, ViewCount = length });
        }
    }

    private void ReadTensors()
    {
        var input = Open(TensorsName);
        for (var left = Count(input); left > 0; left--)
        {
            if (Read(input) is not PickleTuple { Items: [long key, long storage, _] } || !references.TryGetValue(Name(storage), out var reference))
            {
                throw new PickleFault("describes a tensor that is not read", input.Position);
            }

            var dimensions = input.Int32();
            input.Skip(sizeof(int));
            var shape = Numbers(input, dimensions);
            var strides = Numbers(input, dimensions);
            tensors[Name(key)] = Call(reference, input.Int64(), shape, strides, input.Position);
        }
    }

    // The call that later formats write for the same tensor.
    private static PickleCall Call(TorchStorageReference storage, long start, PickleTuple shape, PickleTuple strides, long position)
    {
        object? view = storage.ViewCount is { } count ? new PickleTuple([null, storage.ViewStart, count]) : null;
        var persistent = new PicklePersistent(new PickleTuple(["storage", new PickleGlobal("torch", storage.Class, position), storage.Key, null, storage.Count, view]), position);
        return new PickleCall(new PickleGlobal("torch._utils", "_rebuild_tensor", position), [persistent, start, shape, strides], position);
    }

    // Objects outside the pickle are tensors by number, storages by number, or modules with their source text.
    private object? Resolve(PicklePersistent persistent) => persistent.Id switch
    {
        string key when tensors.TryGetValue(key, out var tensor) => tensor,
        long key when tensors.TryGetValue(Name(key), out var tensor) => tensor,
        PickleTuple { Items: [PickleGlobal module, ..] } => module,
        _ => persistent,
    };

    private object? Read(PickleInput input) => PickleMachine.Read(input, imports).Value;

    private int Count(PickleInput input) =>
        Read(input) is long count and >= 0 and <= MostTensors ? (int)count : throw new PickleFault("does not begin with a number of entries", input.Position);

    private void Add(long key, TorchStorageReference reference)
    {
        if (!references.TryAdd(Name(key), reference))
        {
            throw TorchFault.StorageMisplaced(file.Path, Name(key), 0);
        }
    }

    private static PickleTuple Numbers(PickleInput input, int count)
    {
        if (count < 0 || count > input.Left / sizeof(long))
        {
            throw new PickleFault("has more dimensions than bytes", input.Position);
        }

        var numbers = new object?[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = input.Int64();
        }

        return new PickleTuple(numbers);
    }

    private static string Name(long key) => key.ToString(CultureInfo.InvariantCulture);
}
