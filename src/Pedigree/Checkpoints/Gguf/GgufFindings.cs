using System.Globalization;

namespace Pedigree.Checkpoints.Gguf;

/// <summary>What a reader should know about a GGUF checkpoint.</summary>
internal static class GgufFindings
{
    // Those whose converter in llama.cpp adds 1 to the gains of norms, because the original multiplies by 1 + gain.
    private static readonly HashSet<string> RaisedGains = new(StringComparer.Ordinal) { "gemma", "gemma2", "gemma3", "nemotron", "qwen3next" };

    /// <summary>The findings, in a fixed order.</summary>
    /// <param name="headers">The header of each part.</param>
    /// <param name="undone">Projections whose rows were put back into the original order.</param>
    /// <param name="unknown">Projections whose rows could not be.</param>
    public static IReadOnlyList<CheckpointFinding> Of(IReadOnlyList<GgufHeader> headers, int undone, int unknown)
    {
        var findings = new List<CheckpointFinding>();
        var first = headers[0];
        var architecture = Quotation.Of(first.Architecture);
        if (first.Number("split.count") is { } parts && parts > headers.Count)
        {
            findings.Add(new CheckpointFinding("one-part-of-several", string.Create(
                CultureInfo.InvariantCulture, $"The file says that it is one of {parts} parts, and the others were not given: most tensors are missing.")));
        }

        if (undone > 0)
        {
            findings.Add(new CheckpointFinding("rotary-order-undone", string.Create(
                CultureInfo.InvariantCulture,
                $"The rows of {undone} query and key projections are read in the order of the transformers library, which llama.cpp changes for the architecture {architecture}.")));
        }

        if (unknown > 0)
        {
            findings.Add(new CheckpointFinding("rotary-order-unknown", string.Create(
                CultureInfo.InvariantCulture,
                $"The rows of {unknown} query and key projections are read as stored: llama.cpp reorders them for the architecture {architecture}, but the head counts in the metadata are missing or do not fit.")));
        }

        if (RaisedGains.Contains(first.Architecture))
        {
            findings.Add(new CheckpointFinding("norm-gains-raised", $"For the architecture {architecture}, llama.cpp stores norm gains with 1 added; against the original they differ by that constant."));
        }

        if (headers.Any(header => header.BigEndian))
        {
            findings.Add(new CheckpointFinding("big-endian", "The file is big-endian."));
        }

        var slack = headers.Sum(header => header.SlackBytes);
        if (slack > 0)
        {
            findings.Add(new CheckpointFinding("bytes-outside-tensors", $"The file holds {Quotation.OfBytes(slack)} of data that belong to no tensor and that alignment does not explain."));
        }

        return findings;
    }
}
