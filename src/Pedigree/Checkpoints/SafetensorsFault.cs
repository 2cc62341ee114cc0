using System.Globalization;
using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints;

/// <summary>One method for each way in which a safetensors file can be wrong.</summary>
internal static class SafetensorsFault
{
    private const string DownloadAgain = "Download the file again and compare its size with the one its publisher states.";
    private const string AskPublisher = "The file breaks the safetensors format; get it from its publisher again or write it anew with the safetensors library.";

    public static CheckpointException TooShort(string file, long length) =>
        Whole(file, $"holds {OfBytes(length)}, too few for the header length of a safetensors file", DownloadAgain);

    public static CheckpointException HeaderPastEnd(string file, ulong headerLength, long fileLength) =>
        Whole(file, $"claims a header of {OfBytes(headerLength)}, but the file has only {OfBytes(fileLength)}", DownloadAgain);

    public static CheckpointException HeaderTooLong(string file, ulong headerLength) =>
        Whole(file, $"claims a header of {OfBytes(headerLength)}, more than the {OfBytes(SafetensorsFormat.HeaderLimit)} that the format allows");

    public static CheckpointException HeaderStart(string file) =>
        Whole(file, "has a header that does not begin with '{' as the format asks");

    public static CheckpointException HeaderNotJson(string file, long position) =>
        Whole(file, $"has a header that is not valid JSON near byte {position.ToString(CultureInfo.InvariantCulture)}");

    public static CheckpointException HeaderTooDeep(string file) =>
        Whole(file, "has a header that nests deeper than the format needs");

    public static CheckpointException TextNotUnicode(string file) =>
        Whole(file, "has a header with text that is not valid Unicode");

    public static CheckpointException TooManyTensors(string file) =>
        Whole(file, $"names more than {SafetensorsFormat.TensorLimit.ToString("N0", CultureInfo.InvariantCulture)} tensors");

    public static CheckpointException MetadataNotObject(string file) =>
        Whole(file, $"has a '{SafetensorsFormat.MetadataKey}' entry that is not an object");

    public static CheckpointException MetadataNotText(string file, string key) =>
        Whole(file, $"has a '{SafetensorsFormat.MetadataKey}' value under {Of(key)} that is not a string");

    public static CheckpointException MetadataTwice(string file) =>
        Whole(file, $"has a second '{SafetensorsFormat.MetadataKey}' entry");

    public static CheckpointException MetadataKeyTwice(string file, string key) =>
        Whole(file, $"has the key {Of(key)} twice in '{SafetensorsFormat.MetadataKey}'");

    public static CheckpointException NameTwice(string file, string tensor) =>
        One(file, tensor, "is named twice in the header");

    public static CheckpointException EntryNotObject(string file, string tensor) =>
        One(file, tensor, "is not described by an object");

    public static CheckpointException FieldTwice(string file, string tensor, string field) =>
        One(file, tensor, $"has the field '{field}' twice");

    public static CheckpointException FieldMissing(string file, string tensor, string field) =>
        One(file, tensor, $"lacks the field '{field}'");

    public static CheckpointException TypeNotText(string file, string tensor) =>
        One(file, tensor, $"has a '{SafetensorsFormat.TypeKey}' that is not a string");

    public static CheckpointException TypeUnknown(string file, string tensor, string type) =>
        One(file, tensor, $"has the element type {Of(type)}, which the safetensors format does not define");

    public static CheckpointException TypeUnread(string file, string tensor, string type) =>
        One(file, tensor, $"has the element type {Of(type)}, which Pedigree does not read", "Use a copy of the model stored as BF16, F16, F32, F8_E4M3 or F8_E5M2.");

    public static CheckpointException NotAnArray(string file, string tensor, string field) =>
        One(file, tensor, $"has a '{field}' that is not an array of numbers");

    public static CheckpointException NegativeNumber(string file, string tensor, string field, long value) =>
        One(file, tensor, $"has the negative number {value.ToString(CultureInfo.InvariantCulture)} in '{field}'");

    public static CheckpointException NotWhole(string file, string tensor, string field) =>
        One(file, tensor, $"has a number in '{field}' that is not a whole number of at most 63 bits");

    public static CheckpointException TooManyDimensions(string file, string tensor) =>
        One(file, tensor, $"has more than {SafetensorsFormat.DimensionLimit} dimensions");

    public static CheckpointException ShapeOverflow(string file, string tensor, IEnumerable<long> shape) =>
        One(file, tensor, $"has the shape {Shape(shape)}, whose size in bytes overflows 63 bits");

    public static CheckpointException OffsetsNotPair(string file, string tensor) =>
        One(file, tensor, $"has '{SafetensorsFormat.OffsetsKey}' that are not exactly two numbers");

    public static CheckpointException OffsetsReversed(string file, string tensor, long begin, long end) =>
        One(file, tensor, $"ends at byte {Number(end)}, before its begin at byte {Number(begin)}");

    public static CheckpointException SizeMismatch(string file, string tensor, ElementType type, IEnumerable<long> shape, long needed, long given) =>
        One(file, tensor, $"has the type {SafetensorsTypeNames.NameOf(type)} and shape {Shape(shape)}, which need {OfBytes(needed)}, but its offsets span {OfBytes(given)}");

    public static CheckpointException PastEnd(string file, string tensor, ulong neededFileLength, long fileLength) =>
        One(file, tensor, $"lies past the end: the file has {OfBytes(fileLength)} and its header describes {OfBytes(neededFileLength)}, so it was cut short", DownloadAgain);

    public static CheckpointException Overlap(string file, string tensor, string other) =>
        One(file, tensor, $"overlaps the bytes of tensor {Of(other)}");

    public static CheckpointException Gap(string file, string tensor, long bytes) =>
        One(file, tensor, $"follows a gap of {OfBytes(bytes)} that belongs to no tensor");

    public static CheckpointException NotCovered(string file, long bytes) =>
        Whole(file, $"ends with {OfBytes(bytes)} that belong to no tensor");

    private static CheckpointException Whole(string file, string fault, string hint = AskPublisher) =>
        new($"The file {OfPath(file)} {fault}.", file, hint: hint);

    private static CheckpointException One(string file, string tensor, string fault, string hint = AskPublisher) =>
        new($"In the file {OfPath(file)}, tensor {Of(tensor)} {fault}.", file, tensor, hint);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Shape(IEnumerable<long> shape) =>
        "[" + string.Join(", ", shape.Select(dimension => dimension.ToString(CultureInfo.InvariantCulture))) + "]";
}
