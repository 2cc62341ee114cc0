using Pedigree.Checkpoints.Gguf;

namespace Pedigree.Checkpoints;

/// <summary>The list of formats: the one place, besides its own files, that a new format touches.</summary>
internal static class CheckpointFormats
{
    /// <summary>Bytes at the start of a file that formats are told apart by.</summary>
    public const int Glance = 512;

    /// <summary>All formats. In a folder, safetensors is preferred; among the others, a choice is left to the user.</summary>
    public static IReadOnlyList<ICheckpointFormat> All { get; } =
    [
        SafetensorsFormat.Instance,
        GgufFormat.Instance,
        Ggml.RwkvFormat.Instance,
        LlamaC.LlamaCFormat.Instance,
        Numpy.NumpyFormat.Instance,
        Torch.TorchFormat.Instance,
        Onnx.OnnxFormat.Instance,
    ];

    /// <summary>The format of an open file.</summary>
    /// <exception cref="CheckpointException">It is in none of them; the message names what it is.</exception>
    public static ICheckpointFormat Of(ShardFile file)
    {
        var start = new byte[Math.Min(Glance, file.Length)];
        file.ReadDirectly(0, start);
        if (ForeignFile.PointerFault(file.Path, start) is { } pointer)
        {
            throw pointer;
        }

        foreach (var format in All)
        {
            if (format.Recognises(file, start))
            {
                return format;
            }
        }

        return ForeignFile.Fault(file.Path, start) is { } fault ? throw fault : SafetensorsFormat.Instance;
    }

    /// <summary>Whether a name ends as files of the format do.</summary>
    public static bool HasExtension(this ICheckpointFormat format, string name) =>
        format.Extensions.Any(extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a name ends as indexes of the format's shards do.</summary>
    public static bool IsIndex(this ICheckpointFormat format, string name) =>
        format.Extensions.Any(extension => name.EndsWith(extension + ShardIndex.Extension, StringComparison.OrdinalIgnoreCase));
}
