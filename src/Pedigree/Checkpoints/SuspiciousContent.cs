using System.Globalization;
using System.Text;

namespace Pedigree.Checkpoints;

/// <summary>What in a checkpoint's descriptions, whatever its format, no honest writer produces.</summary>
internal static class SuspiciousContent
{
    /// <summary>Findings about names, metadata and shapes; reads no values.</summary>
    public static IEnumerable<CheckpointFinding> Of(ITensorSource source)
    {
        var steering = source.Tensors.Where(tensor => Steers(tensor.Name)).Select(tensor => tensor.Name).ToArray();
        if (steering.Length > 0)
        {
            yield return new CheckpointFinding("names-hold-control-characters", $"{Count(steering.Length, "tensor name")} with control or format characters, the first {Quotation.Of(steering[0])}.");
        }

        var keys = source.Metadata.Where(pair => Steers(pair.Key) || HoldsEscape(pair.Value)).Select(pair => pair.Key).Order(StringComparer.Ordinal).ToArray();
        if (keys.Length > 0)
        {
            yield return new CheckpointFinding("metadata-hold-control-characters", $"{Count(keys.Length, "metadata entry")} with characters that steer terminals, the first under {Quotation.Of(keys[0])}.");
        }

        var empty = source.Tensors.Where(tensor => tensor.Count == 0).Select(tensor => tensor.Name).ToArray();
        if (empty.Length > 0)
        {
            yield return new CheckpointFinding("empty-tensors", $"{Count(empty.Length, "tensor")} without a single value, the first {Quotation.Of(empty[0])}.");
        }
    }

    private static bool Steers(string text) => text.EnumerateRunes().Any(rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format);

    // Long texts such as chat templates hold line breaks and tabs.
    private static bool HoldsEscape(string text) => text.AsSpan().IndexOfAnyInRange('\0', '\u0008') >= 0 || text.AsSpan().ContainsAny('\u001b', '\u009b', '\u007f');

    private static string Count(int count, string thing) => count == 1 ? $"There is 1 {thing}"
        : string.Create(CultureInfo.InvariantCulture, $"There are {count:N0} {(thing.EndsWith('y') ? thing[..^1] + "ie" : thing)}s");
}
