using System.Globalization;
using Pedigree.Checkpoints.Pickles;
using Pedigree.Checkpoints.Storages;
using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints.Torch;

/// <summary>What one file of a PyTorch checkpoint holds.</summary>
/// <param name="Tensors">Its weights, checked to lie inside their storages.</param>
/// <param name="Findings">What was left out and what its pickles ask for.</param>
internal sealed record TorchContent(IReadOnlyList<StridedTensor> Tensors, IReadOnlyList<CheckpointFinding> Findings)
{
    private const int MostInText = 8;

    /// <summary>Lays the tensors that a pickle describes over the storages of its file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="entry">The archive entry of the pickle, or null.</param>
    /// <param name="value">The value of the pickle.</param>
    /// <param name="imports">What it asks to import.</param>
    /// <param name="storages">The storages; null for one that is absent.</param>
    /// <param name="isBigEndian">Whether values have their most significant byte first.</param>
    /// <exception cref="CheckpointException">There are no weights, or one is not read or not inside its storage.</exception>
    /// <exception cref="PickleFault">A name is too long.</exception>
    public static TorchContent Resolve(ShardFile file, string? entry, object? value, PickleImports imports, Func<TorchStorageReference, Storage?> storages, bool isBigEndian)
    {
        var state = TorchState.Find(value);
        var tensors = new List<StridedTensor>(state.Tensors.Count);
        var unread = new List<string>();
        foreach (var (name, call) in state.Tensors)
        {
            var tensor = TorchTensor.Of(call) ?? throw TorchFault.Maker(file.Path, name, call);
            if (tensor.Type is { } type)
            {
                tensors.Add(Place(file, name, type, tensor, storages, isBigEndian));
            }
            else
            {
                unread.Add($"{Of(name)} ({Of(tensor.TypeName)})");
            }
        }

        if (tensors.Count == 0)
        {
            throw TorchFault.NoWeights(file.Path, entry, imports);
        }

        var findings = new List<CheckpointFinding>();
        Report(findings, "skipped-training-state", "Left out, because they are no weights or another set of weights", state.Skipped);
        Report(findings, "skipped-element-type", "Left out, because their element type is not read", unread);
        if (imports.Foreign() is { } foreign)
        {
            findings.Add(new CheckpointFinding("pickle-imports", $"The pickle in {Of(Path.GetFileName(file.Path))} asks to import {foreign}. Nothing was imported; what it would have made was left out."));
        }

        return new TorchContent(tensors, findings);
    }

    private static void Report(List<CheckpointFinding> findings, string id, string beginning, IReadOnlyList<string> items)
    {
        if (items.Count > 0)
        {
            var more = items.Count > MostInText ? $" and {(items.Count - MostInText).ToString("N0", CultureInfo.InvariantCulture)} more" : "";
            findings.Add(new CheckpointFinding(id, $"{beginning}: {string.Join(", ", items.Take(MostInText))}{more}."));
        }
    }

    private static StridedTensor Place(ShardFile file, string name, ElementType type, TorchTensor tensor, Func<TorchStorageReference, Storage?> storages, bool isBigEndian)
    {
        var reference = tensor.Storage;
        var storage = storages(reference) ?? throw TorchFault.StorageAbsent(file.Path, name, reference.Key);
        if (reference.Bytes is not { } bytes || bytes > storage.Length)
        {
            throw TorchFault.StorageShort(file.Path, name, reference, storage.Length);
        }

        // A view of a storage counts in elements of its class, from its own beginning.
        var available = reference.ViewCount is { } count ? count : bytes / type.Size();
        if (reference.ViewStart < 0 || available < 0 || reference.ViewStart > (bytes / type.Size()) - available)
        {
            throw TorchFault.Place(file.Path, name, "lies in a view that leaves its storage");
        }

        return StridedBounds.Fault(tensor.Shape, tensor.Strides, tensor.Start, available) is { } fault
            ? throw TorchFault.Place(file.Path, name, fault)
            : new StridedTensor(name, type, tensor.Shape, storage, reference.ViewStart + tensor.Start, tensor.Strides, isBigEndian);
    }
}
