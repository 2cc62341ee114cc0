using System.Globalization;
using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints.Ggml;

/// <summary>One method for each way in which a file of rwkv.cpp can be wrong.</summary>
internal static class GgmlFault
{
    private const string DownloadAgain = "Download the file again and compare its size with the one its publisher states.";

    public static CheckpointException Damaged(string file, long position) => new(
        $"The file {OfPath(file)} is a ggmf file of rwkv.cpp that is damaged near byte {position.ToString(CultureInfo.InvariantCulture)}.", file, hint: DownloadAgain);

    public static CheckpointException PastEnd(string file, string tensor) => One(file, tensor, "lies past the end of the file", DownloadAgain);

    public static CheckpointException Type(string file, string tensor, int type) => One(
        file, tensor, $"has the type {type.ToString(CultureInfo.InvariantCulture)}, which is not read", "Give the model that it was quantised from.");

    public static CheckpointException Rows(string file, string tensor) => One(file, tensor, "has rows that do not consist of whole blocks", DownloadAgain);

    public static CheckpointException Shape(string file, string tensor) => One(file, tensor, "has a shape that is empty, negative or too large", DownloadAgain);

    private static CheckpointException One(string file, string tensor, string fault, string hint) =>
        new($"In the file {OfPath(file)}, tensor {Of(tensor)} {fault}.", file, tensor, hint);
}
