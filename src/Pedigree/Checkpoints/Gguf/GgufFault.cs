using System.Globalization;
using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints.Gguf;

/// <summary>One method for each way in which a GGUF file can be wrong.</summary>
internal static class GgufFault
{
    private const string DownloadAgain = "Download the file again and compare its size with the one its publisher states.";
    private const string AskPublisher = "The file breaks the GGUF format; get it from its publisher again.";

    public static CheckpointException Reversed(string file) =>
        Whole(file, "has the magic of GGUF in reverse, but the version behind it is not in that byte order", "The file is damaged, or a trial of the format before its first release; get it from its publisher again.");

    public static CheckpointException Version(string file, uint version) =>
        Whole(file, $"is GGUF version {Number(version)}, which Pedigree does not know; it reads versions 1 to 3", "Convert it to version 3 with the current llama.cpp.");

    public static CheckpointException PastEnd(string file, long offset, string what) =>
        Whole(file, $"ends inside {what} that begins at byte {Number(offset)}", DownloadAgain);

    public static CheckpointException TooMany(string file, string what, ulong claimed, long most) =>
        Whole(file, $"claims {Number(claimed)} {what}, more than the {Number(most)} that it can hold or that are read");

    public static CheckpointException TooLong(string file, string what, ulong claimed, long most) =>
        Whole(file, $"claims {what} of {OfBytes(claimed)}, more than the {OfBytes(most)} that it can hold or that are read");

    public static CheckpointException TextNotUnicode(string file, string what) =>
        Whole(file, $"holds {what} that is not valid Unicode");

    public static CheckpointException ValueType(string file, string key, uint type) =>
        Whole(file, $"has a value of the unknown type {Number(type)} under {Of(key)}");

    public static CheckpointException TooDeep(string file, string key) =>
        Whole(file, $"nests arrays deeper than any key needs, under {Of(key)}");

    public static CheckpointException KeyTwice(string file, string key) =>
        Whole(file, $"has the key {Of(key)} twice, with different values");

    public static CheckpointException Alignment(string file, string value) =>
        Whole(file, $"has the alignment {Of(value)}, which is not a power of two");

    public static CheckpointException NoTensors(string file, bool vocabulary) =>
        Whole(file, vocabulary ? "holds a vocabulary and no tensor" : "holds no tensor", "Give the file that holds the weights.");

    public static CheckpointException NameTwice(string file, string tensor) =>
        One(file, tensor, "is named twice");

    public static CheckpointException TooManyDimensions(string file, string tensor, uint dimensions) =>
        One(file, tensor, $"has {Number(dimensions)} dimensions, more than the {GgufFormat.DimensionLimit} that the format allows");

    public static CheckpointException ShapeOverflow(string file, string tensor, IEnumerable<ulong> shape) =>
        One(file, tensor, $"has the shape [{string.Join(", ", shape.Select(size => size.ToString(CultureInfo.InvariantCulture)))}], whose size in bytes overflows 63 bits");

    public static CheckpointException TypeUnknown(string file, string tensor, uint type) =>
        One(file, tensor, $"has the type {Number(type)}, which the format does not define");

    public static CheckpointException TypeUnread(string file, string tensor, string type) =>
        One(file, tensor, $"has the type {type}, which Pedigree does not read", "Use a copy of the model in another encoding, such as Q4_K_M, Q8_0 or F16, or the weights that it was made from.");

    public static CheckpointException RowNotWhole(string file, string tensor, GgufType type, ulong row) =>
        One(file, tensor, $"has rows of {Number(row)} values, which blocks of {type.Values} values ({type.Name}) do not fill");

    public static CheckpointException Offset(string file, string tensor, ulong offset, long alignment) =>
        One(file, tensor, $"begins at byte {Number(offset)} of the data, which is no multiple of the alignment {Number(alignment)}");

    public static CheckpointException DataPastEnd(string file, string tensor, UInt128 needed, long length) =>
        One(file, tensor, $"lies past the end: the file has {OfBytes(length)} and its header describes {needed.ToString("N0", CultureInfo.InvariantCulture)} bytes, so it was cut short", DownloadAgain);

    public static CheckpointException Overlap(string file, string tensor, string other) =>
        One(file, tensor, $"overlaps the bytes of tensor {Of(other)}");

    public static CheckpointException SplitNumber(string file, string given, string expected) =>
        Whole(file, $"says that it is part {given} of its model where part {expected} was expected", "Keep only the parts of one model in the folder, each under its own name.");

    private static CheckpointException Whole(string file, string fault, string hint = AskPublisher) =>
        new($"The file {OfPath(file)} {fault}.", file, hint: hint);

    private static CheckpointException One(string file, string tensor, string fault, string hint = AskPublisher) =>
        new($"In the file {OfPath(file)}, tensor {Of(tensor)} {fault}.", file, tensor, hint);

    private static string Number(ulong value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
