using System.Globalization;
using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints.Onnx;

/// <summary>One method for each way in which an ONNX model can be wrong.</summary>
internal static class OnnxFault
{
    private const string DownloadAgain = "Download the file again and compare its size with the one its publisher states.";
    private const string ExportAgain = "Give the safetensors files that it was exported from, or export it anew.";

    public static CheckpointException Damaged(string file, long position) =>
        Whole(file, $"is no valid ONNX model near byte {position.ToString(CultureInfo.InvariantCulture)}", DownloadAgain);

    public static CheckpointException TextTooLong(string file, long position) =>
        Whole(file, $"has a name longer than any that a model needs at byte {position.ToString(CultureInfo.InvariantCulture)}", DownloadAgain);

    public static CheckpointException TooDeep(string file) => Whole(file, "nests graphs deeper than any model does", DownloadAgain);

    public static CheckpointException TooMany(string file) => Whole(file, "holds more tensors than any model does", DownloadAgain);

    public static CheckpointException NoGraph(string file) => Whole(file, "holds no graph, so it is no ONNX model", DownloadAgain);

    public static CheckpointException NoWeights(string file) => Whole(file, "is an ONNX model without weights: it has no initialiser and no constant", "Give the model that holds the weights.");

    public static CheckpointException Shape(string file, string tensor) => One(file, tensor, "has a shape that is negative or whose size overflows 63 bits", DownloadAgain);

    public static CheckpointException Data(string file, string tensor, long needed, long given) =>
        One(file, tensor, $"needs {OfBytes(needed)} for its shape and has {OfBytes(given)}", DownloadAgain);

    public static CheckpointException DataKind(string file, string tensor) => One(file, tensor, "keeps its values in a field that its element type does not use", ExportAgain);

    public static CheckpointException LeavesFolder(string file, string tensor, string location) =>
        One(file, tensor, $"lies in the file {Of(location)}, which is not a plain path inside the folder", "A model must not point outside its folder; do not trust this download.");

    public static CheckpointException Outside(string file, string tensor, string location, long length) =>
        One(file, tensor, $"does not lie inside the file {Of(location)}, which has {OfBytes(length)}", DownloadAgain);

    public static CheckpointException Reference(string file, string tensor) => One(file, tensor, "refers to another file in a way that is not valid", ExportAgain);

    private static CheckpointException Whole(string file, string fault, string hint) => new($"The file {OfPath(file)} {fault}.", file, hint: hint);

    private static CheckpointException One(string file, string tensor, string fault, string hint) =>
        new($"In the ONNX model {OfPath(file)}, tensor {Of(tensor)} {fault}.", file, tensor, hint);
}
