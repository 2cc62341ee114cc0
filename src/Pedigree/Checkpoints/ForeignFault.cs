using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints;

/// <summary>One method for each kind of file that is recognised and not read.</summary>
internal static class ForeignFault
{
    private const string DownloadAgain = "Download the weights again; the address may have led to a page about the file, or the download was refused.";

    public static CheckpointException Pointer(string file, ulong? size, string? digest) => New(
        file,
        $"is a Git LFS pointer in place of the weights{(size is { } bytes && digest is not null ? $"; it stands for {OfBytes(bytes)} with the digest {digest}" : "")}",
        "Run `git lfs pull` in the repository to fetch the weights.");

    public static CheckpointException Ggml(string file) =>
        New(file, "is a GGML file, the predecessor of GGUF, which Pedigree does not read", "Give the safetensors files that it was made from.");

    public static CheckpointException Hdf5(string file) =>
        New(file, "is an HDF5 file, as Keras writes it, which Pedigree does not read", "Write its arrays as safetensors, for example with safetensors.numpy.save_file.");

    public static CheckpointException Packed(string file, string format) =>
        New(file, $"is packed with {format}", "Unpack it and give the path of what it holds.");

    public static CheckpointException WebPage(string file) =>
        New(file, "is a web page in place of the weights", DownloadAgain);

    public static CheckpointException Json(string file) =>
        New(file, "is JSON text, not weights", "Give the folder that holds it, or the file of weights beside it.");

    public static CheckpointException PathName(string file) =>
        New(file, "is text that reads like a path, as is left when a symbolic link is copied as a file", "Give the file that the link led to, or download the weights again.");

    public static CheckpointException Text(string file) =>
        New(file, "is text, not weights", DownloadAgain);

    public static CheckpointException Unknown(string file) =>
        New(file, "is in no format that Pedigree knows", "Give a .safetensors file or a folder that holds one.");

    private static CheckpointException New(string file, string fault, string hint) =>
        new($"The file {OfPath(file)} {fault}.", file, hint: hint);
}
