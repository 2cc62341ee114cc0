using Pedigree.Anatomy;

namespace Pedigree.Alignment;

/// <summary>Two models brought into one residual basis, as far as that was possible.</summary>
/// <param name="Suspect">The suspect, as read.</param>
/// <param name="Reference">The reference, as read.</param>
/// <param name="Fit">The maps, and the agreement of layers that took no part in them.</param>
internal sealed record AlignedPair(AlignmentInput Suspect, AlignmentInput Reference, CrossFit Fit)
{
    // Wider maps are 4 MiB and more each, and moments are tried for each half.
    private const int MostKeptWidth = 1024;

    /// <summary>For the layers of each half, the maps from which the search began: without the neurons of any layer of that half.</summary>
    public IReadOnlyList<IReadOnlyList<ResidualMap>> Starts { get; init; } = [[], []];

    /// <summary>Second moments of the reference, of all layers; null when nothing was started from them.</summary>
    public SecondMoments? Moments { get; init; }

    /// <summary>Reads what a plan says of both models.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="join">Ids of shared tokens; null when a vocabulary is absent.</param>
    /// <param name="reading">The plan.</param>
    /// <param name="seed">The comparison's seed.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static (AlignmentInput Suspect, AlignmentInput Reference) Read(
        FoldedModel suspect, FoldedModel reference, (int[] Suspect, int[] Reference)? join, AlignmentReading reading, ulong seed, int threads, CancellationToken cancellation)
    {
        int[] suspectTokens = [], referenceTokens = [];
        if (join is { } tokens)
        {
            var width = Math.Min(suspect.Width, reference.Width);
            var drawn = VocabularyAlignment.Tokens(tokens.Suspect.Length, width, reading.TokensPerDimension * width, seed);
            suspectTokens = [.. drawn.Select(i => tokens.Suspect[i])];
            referenceTokens = [.. drawn.Select(i => tokens.Reference[i])];
        }

        return (reading.Read(suspect, reading.SuspectLayers, suspectTokens, seed, threads, cancellation), reading.Read(reference, null, referenceTokens, seed, threads, cancellation));
    }

    /// <summary>Aligns.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="step">Called after each stage.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <param name="moments">Second moments of all layers of the reference; null to compute them.</param>
    public static AlignedPair Of(
        AlignmentInput suspect, AlignmentInput reference, int threads, Action<string> step, CancellationToken cancellation, SecondMoments? moments = null)
    {
        var shared = new List<(string Name, ResidualMap Map)>();
        if (suspect.Width == reference.Width)
        {
            shared.Add(("basis as stored", ResidualMap.Identity(suspect.Width)));
        }

        shared.AddRange(VocabularyAlignment.Of(reference, suspect, threads, cancellation));
        moments ??= SecondMoments.Of(reference, Enumerable.Range(0, reference.Layers.Count), threads);
        var begun = new IReadOnlyList<ResidualMap>[2];
        IReadOnlyList<(string, ResidualMap)> Starts(int half, IReadOnlyList<int> fit)
        {
            var bySecondMoments = MomentAlignment.Of(moments, SecondMoments.Of(suspect, fit, threads), MomentAlignment.Rounds, threads, cancellation);
            begun[half] = [.. shared.Concat(Math.Max(suspect.Width, reference.Width) > MostKeptWidth ? [] : bySecondMoments).Select(start => start.Map)];
            return bySecondMoments;
        }

        var crossFit = CrossFit.Run(suspect, reference, shared, Starts, threads, step, cancellation);
        return new AlignedPair(suspect, reference, crossFit) { Starts = begun, Moments = moments };
    }

    /// <summary>Aligns by single layers: for models that share a few layers only, in whose sums the rest drowns them, and for those too noisy for second moments.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="step">Called after each stage.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static AlignedPair OfLayers(AlignmentInput suspect, AlignmentInput reference, int threads, Action<string> step, CancellationToken cancellation)
    {
        var starts = new InvariantStarts(suspect, reference, threads, cancellation);
        return new AlignedPair(suspect, reference, CrossFit.Run(suspect, reference, [], (_, fit) => starts.Of(fit, step), threads, step, cancellation));
    }
}
