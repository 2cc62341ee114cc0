using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints.Numpy;

/// <summary>One method for each way in which a NumPy array can be wrong. An array is named by its archive entry, or is the whole file.</summary>
internal static class NumpyFault
{
    private const string DownloadAgain = "Download the file again and compare its size with the one its publisher states.";
    private const string SavePlainly = "Write it anew as an array of numbers, without dtype=object.";

    public static CheckpointException NoMagic(string file, string? entry) => New(file, entry, "is no NumPy array", DownloadAgain);

    public static CheckpointException Version(string file, string? entry, int version) => New(file, entry, $"has the format version {version}, which is later than 3", DownloadAgain);

    public static CheckpointException Header(string file, string? entry) => New(file, entry, "has a damaged header", DownloadAgain);

    public static CheckpointException Objects(string file, string? entry, string? imports) => New(
        file,
        entry,
        imports is null ? "holds Python objects, that is a pickle" : $"holds Python objects, that is a pickle, which asks to import {imports}. Nothing was imported",
        SavePlainly);

    public static CheckpointException Type(string file, string? entry, string type) => New(file, entry, $"has the element type {Of(type)}, which is not read", SavePlainly);

    public static CheckpointException Shape(string file, string? entry) => New(file, entry, "has a shape whose size overflows 63 bits", DownloadAgain);

    public static CheckpointException Length(string file, string? entry, long needed, long given) =>
        New(file, entry, $"needs {OfBytes(needed)} for its shape and has {OfBytes(given)}", DownloadAgain);

    public static CheckpointException NoArrays(string file) =>
        new($"The zip archive {OfPath(file)} holds no NumPy arrays.", file, hint: DownloadAgain);

    private static CheckpointException New(string file, string? entry, string fault, string hint) => entry is null
        ? new($"The NumPy array {OfPath(file)} {fault}.", file, hint: hint)
        : new($"In the zip archive {OfPath(file)}, the array {Of(entry)} {fault}.", file, entry, hint);
}
