using Pedigree.Checkpoints;

namespace Pedigree.Anatomy;

/// <summary>Scales that belong to a quantised tensor beside them, such as one for each block of 128 × 128 values in DeepSeek-V3 (arXiv 2412.19437, section 3.3).</summary>
internal static class QuantisationScales
{
    private static readonly string[] Endings = ["_scale_inv", "_scale"];

    // DeepSeek-V4 keeps `w1.scale` beside `w1.weight`.
    private const string OfModule = ".scale";
    private const string Weight = ".weight";

    /// <summary>The tensors whose name is that of another tensor with an ending for its scales.</summary>
    public static IReadOnlySet<StoredTensor> Of(IReadOnlyList<StoredTensor> tensors)
    {
        var candidates = tensors.Where(tensor => tensor.Name.EndsWith(OfModule, StringComparison.Ordinal)
            || Array.Exists(Endings, ending => tensor.Name.EndsWith(ending, StringComparison.Ordinal))).ToArray();
        if (candidates.Length == 0)
        {
            return new HashSet<StoredTensor>();
        }

        var names = tensors.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        return candidates
            .Where(tensor => (tensor.Name.EndsWith(OfModule, StringComparison.Ordinal) && names.Contains(tensor.Name[..^OfModule.Length] + Weight))
                || Array.Exists(Endings, ending => tensor.Name.EndsWith(ending, StringComparison.Ordinal) && names.Contains(tensor.Name[..^ending.Length])))
            .ToHashSet();
    }
}
