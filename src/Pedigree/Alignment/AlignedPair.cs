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

    /// <summary>Those of them that no layer shaped.</summary>
    public IReadOnlyList<ResidualMap> Unshaped { get; init; } = [];

    /// <summary>What was measured of the reference; null of one too large to be held whole.</summary>
    public MeasuredReference? Measured { get; init; }

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
    /// <param name="measured">What another search measured of the reference; null to begin anew.</param>
    public static AlignedPair Of(
        AlignmentInput suspect, AlignmentInput reference, int threads, Action<string> step, CancellationToken cancellation, MeasuredReference? measured = null)
    {
        var shared = new List<(string Name, ResidualMap Map)>();
        if (suspect.Width == reference.Width)
        {
            shared.Add(("basis as stored", ResidualMap.Identity(suspect.Width)));
        }

        shared.AddRange(VocabularyAlignment.Of(reference, suspect, threads, cancellation));
        measured ??= new MeasuredReference(reference, threads, cancellation);
        var layered = new LayeredMoments(suspect, reference, measured, threads, cancellation);
        var begun = new IReadOnlyList<ResidualMap>[2];
        IReadOnlyList<(string, ResidualMap)> Starts(int half, IReadOnlyList<int> fit)
        {
            var bySecondMoments = MomentAlignment.Of(measured.Moments, SecondMoments.Of(suspect, fit, threads), MomentAlignment.Rounds, threads, cancellation);
            if (Math.Max(suspect.Width, reference.Width) > MostKeptWidth)
            {
                begun[half] = [.. shared.Select(start => start.Map)];
                return bySecondMoments;
            }

            (string Name, ResidualMap Map)[] own = [.. bySecondMoments, .. layered.All(fit)];
            begun[half] = [.. shared.Concat(own).Select(start => start.Map), .. layered.Attention(fit)];
            return own;
        }

        var crossFit = CrossFit.Run(suspect, reference, shared, Starts, threads, step, cancellation);
        return new AlignedPair(suspect, reference, crossFit) { Starts = begun, Unshaped = [.. shared.Select(start => start.Map)], Measured = measured };
    }

    /// <summary>Aligns by single layers: for models that share a few layers only, in whose sums the rest drowns them, and for those too noisy for second moments.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="step">Called after each stage.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <param name="first">What the other search made of them; may be null.</param>
    public static AlignedPair OfLayers(AlignmentInput suspect, AlignmentInput reference, int threads, Action<string> step, CancellationToken cancellation, AlignedPair? first = null)
    {
        var measured = first?.Measured ?? new MeasuredReference(reference, threads, cancellation);
        var starts = new InvariantStarts(suspect, reference, measured, threads, cancellation);
        var layered = new LayeredMoments(suspect, reference, measured, threads, cancellation);
        // Starts of the first search were shaped by other halves than these.
        var begun = new IReadOnlyList<ResidualMap>[2];
        IReadOnlyList<(string, ResidualMap)> Starts(int half, IReadOnlyList<int> layers)
        {
            begun[half] = [.. first?.Unshaped ?? [], .. layered.Attention(layers)];
            return starts.Of(layers, step);
        }

        var fit = CrossFit.Run(suspect, reference, [], Starts, threads, step, cancellation);
        return (first ?? new AlignedPair(suspect, reference, fit) { Measured = measured }) with { Fit = fit, Starts = begun };
    }

    /// <summary>Aligns by halves of the neurons of every layer (<see cref="NeuronHalves"/>), for models of which one half of the layers may hold nothing to fit a map on.</summary>
    /// <param name="first">What the other searches made of them.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="step">Called after each stage.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The pair with what was found, without maps of whole layers; null where it would take long or finds nothing to fit.</returns>
    public static AlignedPair? OfNeurons(AlignedPair first, int threads, Action<string> step, CancellationToken cancellation)
    {
        if (NeuronHalves.Divided(first.Suspect, threads, cancellation) is not { } divided)
        {
            return null;
        }

        var single = new InvariantStarts(divided, first.Reference, first.Measured!, threads, cancellation);
        var layered = new LayeredMoments(divided, first.Reference, first.Measured!, threads, cancellation);
        IReadOnlyList<(string, ResidualMap)> Starts(IReadOnlyList<int> layers) => [.. first.Unshaped.Select(map => ("the vocabulary or the basis as stored", map)), .. single.Of(layers, step), .. layered.All(layers)];
        var (halves, names, held) = NeuronHalves.Run(divided, first.Reference, Starts, threads, step, cancellation);
        return halves.Maps.All(map => map is null) ? null
            : first with { Fit = new CrossFit(new int[first.Suspect.Layers.Count], [halves.Maps[0] ?? halves.Maps[1], null], names, held, [null, null]) { Inside = halves } };
    }
}
