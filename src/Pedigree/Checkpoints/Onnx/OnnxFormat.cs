using Pedigree.Checkpoints.Storages;
using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints.Onnx;

/// <summary>A model in the Open Neural Network Exchange format: its initialisers and constants.</summary>
internal sealed class OnnxFormat : ICheckpointFormat
{
    private const int MostInText = 8;

    private OnnxFormat()
    {
    }

    /// <summary>The format.</summary>
    public static OnnxFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "ONNX";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".onnx"];

    /// <inheritdoc/>
    public string UsualName => "model.onnx";

    /// <inheritdoc/>
    /// <remarks>The format has no magic. Its first field is usually the version, a small number, and a text, a graph or another number follows.</remarks>
    public bool Recognises(ShardFile file, ReadOnlySpan<byte> start) =>
        start is [0x08, >= 1 and <= 32, 0x12 or 0x1A or 0x22 or 0x28 or 0x32 or 0x3A or 0x42, ..]
        || (start is [< 0x80 and > 7 and var tag, ..] && (tag & 7) is 0 or 2 && file.Path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public ITensorSource Open(CheckpointFiles checkpoint)
    {
        var data = new OnnxData(checkpoint.Layout.Folder, checkpoint.Files[0].Mode);
        try
        {
            var models = checkpoint.Files.Select(file => (File: file, Model: OnnxReader.Read(file))).ToArray();
            var findings = new List<CheckpointFinding>();
            StridedTensor[] tensors = [.. models.SelectMany(pair => Lay(pair.File, pair.Model, data, findings))];
            return tensors.Length > 0
                ? new StridedSource(checkpoint with { Files = [.. checkpoint.Files, .. data.Opened] }, tensors, models[0].Model.Metadata, findings)
                : throw OnnxFault.NoWeights(checkpoint.Files[0].Path);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private static List<StridedTensor> Lay(ShardFile file, OnnxReader model, OnnxData data, List<CheckpointFinding> findings)
    {
        var names = new OnnxNames(model.Tensors, model.Products);
        var tensors = new List<StridedTensor>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var unread = new List<string>();
        foreach (var tensor in model.Tensors)
        {
            // Branches of a model repeat names of constants; the first stands for all.
            if (!known.Add(tensor.Name))
            {
                continue;
            }

            if (tensor.ElementType is not { } type)
            {
                unread.Add(Of(tensor.Name));
                continue;
            }

            var count = StridedTensor.CountOf(tensor.Dimensions, type) ?? throw OnnxFault.Shape(file.Path, tensor.Name);
            var storage = data.Find(file, tensor.Name, tensor, type, count);
            tensors.Add(names.Find(tensor.Name) is { } name
                ? new StridedTensor(name, type, [tensor.Dimensions[1], tensor.Dimensions[0]], storage, 0, [1, Math.Max(1, tensor.Dimensions[1])], false)
                : StridedTensor.InOrder(tensor.Name, type, [.. tensor.Dimensions], storage));
        }

        if (unread.Count > 0)
        {
            findings.Add(new CheckpointFinding(
                "skipped-element-type", $"Left out, because their element type is not read: {string.Join(", ", unread.Take(MostInText))}{(unread.Count > MostInText ? $" and {unread.Count - MostInText} more" : "")}."));
        }

        return tensors;
    }
}
