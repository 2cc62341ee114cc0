using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints;

/// <summary>One method for each way in which a file cannot be opened or read, whatever its format.</summary>
internal static class FileFault
{
    public static CheckpointException Missing(string path) =>
        new($"There is no file or folder at {OfPath(path)}.", path, hint: "Check the spelling; a relative path counts from the current folder.");

    public static CheckpointException IsFolder(string path) =>
        new($"{OfPath(path)} is a folder where a file of weights was expected.", path);

    public static CheckpointException Empty(string path) =>
        new($"The file {OfPath(path)} is empty.", path, hint: "Download the file again and compare its size with the one its publisher states.");

    public static CheckpointException CannotOpen(string path, Exception cause) =>
        new($"The file {OfPath(path)} cannot be opened: {cause.Message}", path, inner: cause);

    public static CheckpointException CannotMap(string path, Exception cause) =>
        new($"The file {OfPath(path)} cannot be mapped into memory: {cause.Message}", path, hint: "Choose the read mode Stream.", inner: cause);

    public static CheckpointException CannotRead(string path, Exception cause, string? tensor = null) =>
        new($"The file {OfPath(path)} cannot be read{InTensor(tensor)}: {cause.Message}", path, tensor, inner: cause);

    public static CheckpointException Changed(string path, long then, long now, string? tensor = null) =>
        new(
            $"The file {OfPath(path)} changed while it was in use{InTensor(tensor)}: it had {OfBytes(then)} and has {OfBytes(now)}.",
            path,
            tensor,
            "Wait until no other program writes the file, then start again.");

    private static string InTensor(string? tensor) => tensor is null ? "" : $" (tensor {Of(tensor)})";
}
