using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Alignment whose test layers took no part in it: the residual map is fitted on half of the suspect's layers and judged on the other half,
/// then the halves change places (methods 17.2, 17.3b). Agreement on the layers that a map was fitted on rises by fitting alone, in unrelated
/// models too.</summary>
/// <param name="Halves">The half of each layer of the suspect (<see cref="LayerHalves"/>).</param>
/// <param name="Maps">The map that judges the layers of each half, fitted on the other; null where none could be had.</param>
/// <param name="Start">How each map began, as a phrase.</param>
/// <param name="Held">Agreement of every layer of the suspect, each under the map that it took no part in.</param>
/// <param name="Fitted">Agreement of each half's fitting layers under its own map: what the choice of a start went by.</param>
internal sealed record CrossFit(
    IReadOnlyList<int> Halves, IReadOnlyList<ResidualMap?> Maps, IReadOnlyList<string> Start, LayerAgreement Held, IReadOnlyList<LayerAgreement?> Fitted)
{
    // A start is sharpened for this many rounds before it competes; only the best goes on.
    private const int TrialRounds = 3;

    // Starts compete on some of the neurons: as many as show a layer that agrees, and as fix a map in all directions.
    private const int TrialSeats = 384;
    private const int TrialRowsPerDimension = 8;

    /// <summary>The halves of the neurons of every layer that <see cref="Held"/> comes from, where halves of the layers did not do; the maps then show what was found, and judge nothing.</summary>
    public NeuronHalves? Inside { get; init; }

    /// <summary>The map that a layer of the suspect was judged under.</summary>
    public ResidualMap? MapOf(int layer) => Maps[Halves[layer]];

    /// <summary>Fits and judges.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="unshaped">Starts that no layer of the suspect shaped; they compete in both halves.</param>
    /// <param name="starts">Gives the further starts for a half and its fitting layers of the suspect; may look at nothing of the suspect's other layers. Called for both halves at once.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="step">Called after each stage.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static CrossFit Run(
        AlignmentInput suspect, AlignmentInput reference, IReadOnlyList<(string Name, ResidualMap Map)> unshaped, Func<int, IReadOnlyList<int>, IReadOnlyList<(string Name, ResidualMap Map)>> starts, int threads, Action<string> step, CancellationToken cancellation)
    {
        var standard = Standard(suspect, threads, cancellation);
        var sketch = Sketch(standard, suspect.Width);
        var seen = new double[standard.Length];
        foreach (var (_, map) in unshaped)
        {
            var agreement = LayerAgreement.Of(sketch, reference, map, threads, cancellation);
            seen = [.. seen.Select((share, row) => Math.Max(share, agreement.Share(row, agreement.Best(row))))];
        }

        var halves = LayerHalves.Of(sketch, suspect, seen, threads, cancellation);
        var maps = new ResidualMap?[2];
        var names = new[] { "", "" };
        var fitted = new LayerAgreement?[2];
        var held = LayerAgreement.Empty([.. Enumerable.Range(0, suspect.Layers.Count)], reference.Layers.Count);
        // Both halves side by side, and the starts of each: what is held twice is a map a start, and the products of one pair of layers.
        Parallel.For(0, 2, SharedThreads.Options(threads, cancellation), half =>
        {
            var judged = standard.Where(layer => halves[layer.Layer] == half).ToArray();
            var fit = standard.Where(layer => halves[layer.Layer] != half).ToArray();
            var trials = sketch.Where(layer => halves[layer.Layer] != half).ToArray();
            if (Best([.. unshaped, .. starts(half, [.. fit.Select(layer => layer.Layer)])], fit, trials, reference, threads, step, cancellation) is not { } best)
            {
                step("comparing layers");
                return;
            }

            (maps[half], names[half], fitted[half]) = best;
            var agreement = LayerAgreement.Of(judged, reference, best.Map, threads, cancellation);
            for (var row = 0; row < judged.Length; row++)
            {
                held.Agreeing[judged[row].Layer] = agreement.Agreeing[row];
                held.Possible[judged[row].Layer] = agreement.Possible[row];
                held.Chance[judged[row].Layer] = agreement.Chance[row];
            }

            step("comparing layers");
        });

        return new CrossFit(halves, maps, names, held, fitted);
    }

    /// <summary>The layers of a model, standardised.</summary>
    /// <param name="model">The model.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static (int Layer, IReadOnlyList<StandardRows> Mlps)[] Standard(AlignmentInput model, int threads, CancellationToken cancellation)
    {
        var standard = new (int Layer, IReadOnlyList<StandardRows> Mlps)[model.Layers.Count];
        Parallel.For(0, standard.Length, SharedThreads.Options(threads, cancellation), layer => standard[layer] = (layer, [.. model.Layers[layer].Judged.Select(StandardRows.Of)]));
        return standard;
    }

    /// <summary>As many of their neurons as starts compete on.</summary>
    /// <param name="standard">The layers.</param>
    /// <param name="width">d.</param>
    public static (int Layer, IReadOnlyList<StandardRows> Mlps)[] Sketch(IReadOnlyList<(int Layer, IReadOnlyList<StandardRows> Mlps)> standard, int width)
    {
        var views = standard.SelectMany(layer => layer.Mlps).Select(mlp => mlp.Views.Count).Append(2).Max();
        var most = Math.Max(TrialSeats, TrialRowsPerDimension * width / Math.Max(1, views * standard.Count / 2));
        return [.. standard.Select(layer => (layer.Layer, Mlps: (IReadOnlyList<StandardRows>)[.. layer.Mlps.Select(mlp => mlp.Part(most))]))];
    }

    /// <summary>The start that fits some layers best, sharpened on them; null where none fits.</summary>
    /// <param name="begun">The starts; among equals the first stands.</param>
    /// <param name="fit">The layers of the suspect that it is fitted on.</param>
    /// <param name="trials">Those of their neurons that starts compete on.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="step">Called after each stage.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static (ResidualMap Map, string Name, LayerAgreement Agreement)? Best(
        IReadOnlyList<(string Name, ResidualMap Map)> begun, IReadOnlyList<(int Layer, IReadOnlyList<StandardRows> Mlps)> fit,
        IReadOnlyList<(int Layer, IReadOnlyList<StandardRows> Mlps)> trials, AlignmentInput reference, int threads, Action<string> step, CancellationToken cancellation)
    {
        var sharpened = new (ResidualMap Map, LayerAgreement Agreement)?[begun.Count];
        Parallel.For(0, begun.Count, SharedThreads.Options(threads, cancellation), start =>
        {
            sharpened[start] = Refined(begun[start].Map, trials, reference, TrialRounds, threads, cancellation);
            step("aligning");
        });
        (ResidualMap Map, string Name, LayerAgreement Agreement)? best = null;
        for (var start = 0; start < begun.Count; start++)
        {
            if (sharpened[start] is { } better && (best is null || better.Agreement.Weight > best.Value.Agreement.Weight))
            {
                best = (better.Map, begun[start].Name, better.Agreement);
            }
        }

        sharpened = [];
        if (best is { } chosen && Refined(chosen.Map, fit, reference, RowRefinement.Rounds - TrialRounds, threads, cancellation) is { } final)
        {
            best = (final.Map, chosen.Name, final.Agreement);
        }

        step("aligning");
        return best;
    }

    private static (ResidualMap Map, LayerAgreement Agreement)? Refined(
        ResidualMap start, IReadOnlyList<(int Layer, IReadOnlyList<StandardRows> Mlps)> fit, AlignmentInput reference, int rounds, int threads,
        CancellationToken cancellation)
    {
        if (fit.Count == 0)
        {
            return (start, LayerAgreement.Of(fit, reference, start, threads, cancellation));
        }

        var map = start;
        var agreement = LayerAgreement.Of(fit, reference, map, threads, cancellation);
        var pairs = Pairs(agreement, fit, reference);
        for (var round = 0; round < rounds; round++)
        {
            if (RowRefinement.Round(map, pairs, threads, cancellation) is not { } next)
            {
                return null;
            }

            map = next;
        }

        return (map, LayerAgreement.Of(fit, reference, map, threads, cancellation));
    }

    /// <summary>The MLPs of fitting layers, each with the layer that it agrees with most.</summary>
    public static List<(IReadOnlyList<StandardRows> Suspect, NeuronPool Reference)> Pairs(
        LayerAgreement agreement, IReadOnlyList<(int Layer, IReadOnlyList<StandardRows> Mlps)> fit, AlignmentInput reference, IEnumerable<int>? rows = null) =>
        [.. from row in rows ?? Enumerable.Range(0, fit.Count)
            let pool = reference.Layers[agreement.Best(row)].Pool
            where pool is not null
            select (fit[row].Mlps, pool)];
}
