using System.Globalization;
using Pedigree.Checkpoints.Pickles;
using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints.Torch;

/// <summary>One method for each way in which a PyTorch checkpoint can be wrong.</summary>
internal static class TorchFault
{
    private const string DownloadAgain = "Download the file again and compare its size with the one its publisher states.";
    private const string Convert = "Convert it to safetensors in a sandbox, for example with convert.py of the safetensors project.";
    private const string DoNotLoad = "Do not load this file with a program that unpickles: that would import and call what it names.";

    public static CheckpointException Damaged(string file, string? entry, PickleFault fault, PickleImports imports) => Pickle(
        file, entry, $"{fault.Message} at byte {fault.Position.ToString(CultureInfo.InvariantCulture)}", imports, DownloadAgain);

    public static CheckpointException NoWeights(string file, string? entry, PickleImports imports) =>
        Pickle(file, entry, "holds no tensors that torch.save wrote", imports, "Give the file of weights.");

    public static CheckpointException NoPickle(string file) =>
        new($"The zip archive {OfPath(file)} is no checkpoint: it holds no 'data.pkl' as torch.save writes it.", file, hint: "Give the file of weights; unpack the archive if it holds them.");

    public static CheckpointException NoTar(string file) =>
        new($"The tar archive {OfPath(file)} is no checkpoint: it lacks the files 'storages', 'tensors' and 'pickle' of the first format of torch.save.", file, hint: "Give the file of weights; unpack the archive if it holds them.");

    public static CheckpointException SeveralPickles(string file, string entry, string other) =>
        new($"The zip archive {OfPath(file)} holds two checkpoints, {Of(entry)} and {Of(other)}.", file, hint: "Write the checkpoint that you mean to a file of its own.");

    public static CheckpointException PackedStorage(string file, string entry) =>
        new($"In the zip archive {OfPath(file)}, the storage {Of(entry)} is packed; PyTorch never packs storages.", file, hint: "Load it where it was made and write it anew with torch.save.");

    public static CheckpointException ByteOrder(string file, string text) =>
        new($"The zip archive {OfPath(file)} states the byte order {Of(text)}, which is neither 'little' nor 'big'.", file, hint: DownloadAgain);

    public static CheckpointException Maker(string file, string tensor, PickleCall call) => One(
        file, tensor, $"is built by {(call.Callable is { } made ? PickleImports.Describe(made) : "what is no name")}, in a way that Pedigree does not read", Convert);

    public static CheckpointException StorageAbsent(string file, string tensor, string key) =>
        One(file, tensor, $"lies in the storage {Of(key)}, which the file does not hold", DownloadAgain);

    public static CheckpointException StorageShort(string file, string tensor, TorchStorageReference storage, long length) =>
        One(file, tensor, $"lies in a storage of {storage.Count.ToString("N0", CultureInfo.InvariantCulture)} values, but the file holds {OfBytes(length)} of it", DownloadAgain);

    public static CheckpointException Place(string file, string tensor, string fault) => One(file, tensor, fault, DownloadAgain);

    public static CheckpointException StorageUnknown(string file, string key, long position) => new(
        $"The file {OfPath(file)} lists the storage {Of(key)} at byte {position.ToString(CultureInfo.InvariantCulture)}, whose length cannot be told, so that what follows it cannot be found.",
        file,
        hint: Convert);

    public static CheckpointException StorageMisplaced(string file, string key, long position) => new(
        $"The file {OfPath(file)} ends inside the storage {Of(key)}, or its length at byte {position.ToString(CultureInfo.InvariantCulture)} is not the one that its tensors state.",
        file,
        hint: DownloadAgain);

    private static CheckpointException Pickle(string file, string? entry, string fault, PickleImports imports, string hint)
    {
        var place = entry is null ? $"The file {OfPath(file)} is a Python pickle that" : $"In the archive {OfPath(file)}, the pickle {Of(entry)}";
        return imports.Foreign() is { } foreign
            ? new($"{place} {fault}; it asks to import {foreign}. Nothing was imported.", file, hint: DoNotLoad)
            : new($"{place} {fault}.", file, hint: hint);
    }

    private static CheckpointException One(string file, string tensor, string fault, string hint) =>
        new($"In the file {OfPath(file)}, tensor {Of(tensor)} {fault}.", file, tensor, hint);
}
