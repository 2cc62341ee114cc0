using Pedigree.Checkpoints;

namespace Pedigree.Anatomy;

/// <summary>A part of a multimodal model with layers of its own.</summary>
/// <param name="Prefix">What the names of its tensors begin with.</param>
/// <param name="Tensors">Its tensors.</param>
internal sealed record Tower(string Prefix, IReadOnlyList<StoredTensor> Tensors);

/// <summary>Separates the towers of a multimodal model from its largest stack of layers, by the branches of the names.</summary>
internal static class Towers
{
    private static readonly HashSet<string> Connectors = new(StringComparer.Ordinal)
    {
        "multi_modal_projector", "mm_projector", "projector", "connector", "aligner", "resampler", "visual_projection", "text_projection",
        "embed_vision", "embed_audio", "audio_projector", "vision_projector", "image_newline", "view_seperator", "logit_scale", "mlp1",
    };

    /// <summary>The towers beside the main stack: for each other stack of layers, the branch in which its names part from those of the main stack.</summary>
    public static IReadOnlyList<Tower> Of(IReadOnlyList<StoredTensor> tensors, FamilyMatch match)
    {
        var main = match.Prefix.Split('.');
        var claimed = match.Claims.Select(claim => claim.Tensor).ToHashSet();
        return
        [
            .. match.OtherStacks
                .Where(stack => !(match.Family.JoinedStacks.Count > 0 && string.Equals(match.Family.Joined(stack).Prefix, match.Prefix, StringComparison.Ordinal)))
                .Select(stack => Branch(stack.Split('.'), main)).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(branch => new Tower(branch, [.. tensors.Where(tensor => tensor.Name.StartsWith(branch + ".", StringComparison.Ordinal) && !claimed.Contains(tensor))]))
                .Where(tower => tower.Tensors.Count > 0),
        ];
    }

    /// <summary>Whether a name says that the tensor joins a tower to the language model.</summary>
    public static bool IsConnector(string name) => name.Split('.').Any(Connectors.Contains);

    // Null where the main stack stands inside the branch.
    private static string? Branch(string[] stack, string[] main)
    {
        var common = 0;
        while (common < stack.Length && common < main.Length && string.Equals(stack[common], main[common], StringComparison.Ordinal))
        {
            common++;
        }

        return common < stack.Length ? string.Join('.', stack, 0, common + 1) : null;
    }
}
