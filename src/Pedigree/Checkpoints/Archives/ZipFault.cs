using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints.Archives;

/// <summary>One method for each way in which a zip archive can be wrong.</summary>
internal static class ZipFault
{
    private const string DownloadAgain = "Download the file again and compare its size with the one its publisher states.";
    private const string DoNotTrust = "No program that saves weights writes such an archive; do not trust this file.";

    public static CheckpointException NoDirectory(string file) =>
        Whole(file, "begins like a zip archive but has no directory at its end, so it was cut short or damaged", DownloadAgain);

    public static CheckpointException Empty(string file) => Whole(file, "is an empty zip archive", DownloadAgain);

    public static CheckpointException Split(string file) => Whole(file, "is one part of a zip archive split over several files", "Join the parts and give the whole archive.");

    public static CheckpointException DirectoryMisplaced(string file) =>
        Whole(file, "has a zip directory that does not lie where the end of the archive says", DownloadAgain);

    public static CheckpointException DirectoryDamaged(string file) => Whole(file, "has a damaged zip directory", DownloadAgain);

    public static CheckpointException Encrypted(string file, string entry) =>
        One(file, entry, "is encrypted or claims to be", "Pedigree asks for no password; unpack the archive with the program that made it.");

    public static CheckpointException Method(string file, string entry, int method) =>
        One(file, entry, $"is packed with method {method}, which weights are not packed with", "Write the checkpoint anew with the library that made it.");

    public static CheckpointException NameTwice(string file, string entry) => One(file, entry, "is in the directory twice", DoNotTrust);

    public static CheckpointException PastEnd(string file, string entry) => One(file, entry, "lies past the end of the archive's data", DownloadAgain);

    public static CheckpointException HeaderDiffers(string file, string entry) =>
        One(file, entry, "has a header of its own that contradicts the directory", DoNotTrust);

    public static CheckpointException Overlap(string file, string entry, string other) => One(file, entry, $"overlaps the entry {Of(other)}", DoNotTrust);

    public static CheckpointException StoredLength(string file, string entry) =>
        One(file, entry, "is stored unpacked, but has two different lengths", DownloadAgain);

    public static CheckpointException TooLarge(string file, string entry, long length, long limit) =>
        One(file, entry, $"unpacks to {OfBytes(length)}, more than the {OfBytes(limit)} that it may", DoNotTrust);

    public static CheckpointException Unpacking(string file, string entry) =>
        One(file, entry, "does not unpack to the bytes that the directory announces", DownloadAgain);

    public static CheckpointException Checksum(string file, string entry) => One(file, entry, "does not have the checksum that the directory announces", DownloadAgain);

    private static CheckpointException Whole(string file, string fault, string hint) => new($"The file {OfPath(file)} {fault}.", file, hint: hint);

    private static CheckpointException One(string file, string entry, string fault, string hint) =>
        new($"In the zip archive {OfPath(file)}, the entry {Of(entry)} {fault}.", file, hint: hint);
}
