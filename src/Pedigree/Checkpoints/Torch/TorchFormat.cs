using Pedigree.Checkpoints.Archives;
using Pedigree.Checkpoints.Pickles;
using Pedigree.Checkpoints.Storages;

namespace Pedigree.Checkpoints.Torch;

/// <summary>The formats of torch.save: a zip archive; before that, pickles followed by storages; and first, a tar archive.</summary>
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
    public bool Recognises(ShardFile file, ReadOnlySpan<byte> start) => ZipDirectory.Begins(start) || TarDirectory.Begins(start) || PickleScan.Begins(start, file.Path);

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
        var start = new byte[(int)Math.Min(CheckpointFormats.Glance, file.Length)];
        file.ReadDirectly(0, start);
        return ZipDirectory.Begins(start) ? TorchZip.Read(file) : TarDirectory.Begins(start) ? TorchTar.Read(file) : TorchPickle.Read(file);
    }
}
