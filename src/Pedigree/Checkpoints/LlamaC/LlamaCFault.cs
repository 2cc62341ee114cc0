using System.Globalization;
using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints.LlamaC;

/// <summary>One method for each way in which a checkpoint of llama2.c can be wrong.</summary>
internal static class LlamaCFault
{
    public static CheckpointException Version(string file, int version) => new(
        $"The file {OfPath(file)} is a llama2.c checkpoint of version {version.ToString(CultureInfo.InvariantCulture)}, which is not read.",
        file,
        hint: "Give the checkpoint that it was exported from, or export it as version 0 or 1.");

    public static CheckpointException Length(string file, long given) => new(
        $"The file {OfPath(file)} is a llama2.c checkpoint whose header does not fit its {OfBytes(given)}.",
        file,
        hint: "Download the file again and compare its size with the one its publisher states.");
}
