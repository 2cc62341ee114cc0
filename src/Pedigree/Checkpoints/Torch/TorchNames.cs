using Pedigree.Checkpoints.Storages;

namespace Pedigree.Checkpoints.Torch;

/// <summary>Takes prefixes off the names of tensors that wrappers add (<c>torch.nn.DataParallel</c>, <c>torch.compile</c>), where all names have them.</summary>
internal static class TorchNames
{
    private static readonly string[] Prefixes = ["module.", "_orig_mod."];

    /// <summary>The tensors under the names that the model itself gives them.</summary>
    public static IReadOnlyList<StridedTensor> WithoutWrappers(IReadOnlyList<StridedTensor> tensors)
    {
        var cut = 0;
        while (tensors.Count > 0 && Array.Find(Prefixes, prefix => tensors.All(tensor => tensor.Name.AsSpan(cut) is var rest && rest.Length > prefix.Length && rest.StartsWith(prefix, StringComparison.Ordinal))) is { } common)
        {
            cut += common.Length;
        }

        return cut == 0 ? tensors : [.. tensors.Select(tensor => tensor with { Name = tensor.Name[cut..] })];
    }
}
