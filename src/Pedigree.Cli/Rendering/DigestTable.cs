using Pedigree.Reports;

namespace Pedigree.Cli.Rendering;

/// <summary>The digests of <c>pedigree inspect --digest</c>.</summary>
internal static class DigestTable
{
    public static void Write(IPage page, InspectedDigest? digest)
    {
        if (digest is null)
        {
            return;
        }

        page.Section("DIGESTS", "SHA-256 of the values, whatever the container");
        page.Field("Model", digest.Model, Tone.Strong);
        page.Table(
            [PageColumn.Words("Tensor"), PageColumn.Name("SHA-256")],
            digest.Tensors.Select(tensor => (IReadOnlyList<string>)[tensor.IsFixed ? $"{tensor.Label} (fixed table)" : tensor.Label, tensor.Sha256]));
    }
}
