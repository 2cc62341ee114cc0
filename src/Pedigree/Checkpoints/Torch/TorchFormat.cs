using Pedigree.Checkpoints.Archives;
using Pedigree.Checkpoints.Pickles;
using Pedigree.Checkpoints.Storages;

namespace Pedigree.Checkpoints.Torch;

/// <summary>The two formats of torch.save: a zip archive, or pickles followed by storages.</summary>
internal sealed class TorchFormat : ICheckpointFormat
{
    private TorchFormat()
    {
    }

    /// <summary>The format.</summary>
    public static TorchFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "PyTorch";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".bin", ".pt", ".pth", ".ckpt"];

    /// <inheritdoc/>
    public string UsualName => "pytorch_model.bin";

    /// <inheritdoc/>
    public bool Recognises(ShardFile file, ReadOnlySpan<byte> start) => ZipDirectory.Begins(start) || PickleScan.Begins(start, file.Path);

    /// <inheritdoc/>
    public ITensorSource Open(CheckpointFiles checkpoint)
    {
        TorchContent[] contents = [.. checkpoint.Files.Select(Read)];
        checkpoint.Layout.Index?.CheckAgainst(checkpoint, [.. contents.Select((content, shard) => content.Tensors.Select(tensor => tensor.Describe(shard)).ToArray())]);
        return new StridedSource(
            checkpoint, TorchNames.WithoutWrappers([.. contents.SelectMany(content => content.Tensors)]), findings: [.. contents.SelectMany(content => content.Findings)]);
    }

    private static TorchContent Read(ShardFile file)
    {
        var start = new byte[(int)Math.Min(4, file.Length)];
        file.ReadDirectly(0, start);
        return ZipDirectory.Begins(start) ? TorchZip.Read(file) : TorchPickle.Read(file);
    }
}
