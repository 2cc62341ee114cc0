using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Cross-fitting inside layers: the neurons of every layer are divided into halves, a map is fitted on one half and judges the other, and the other way round. For models of few layers, of
/// which one half of the layers may hold nothing that was inherited, so that no map can be fitted on it.</summary>
/// <remarks>
/// Fitting draws rows of the reference towards those of the suspect that they were fitted to, and whatever resembles either would seem to agree. So neurons of the suspect that resemble each other share a
/// half, in whatever layer they stand, and what the fit named of the reference is left out where the other half is judged, together with all that resembles it. A child loses nothing by that: its neurons have
/// origins of their own.
/// </remarks>
/// <param name="Suspect">The suspect with two layers for each of its own: 2l holds the first half of the neurons of layer l, 2l + 1 the second. Attention stands in both.</param>
/// <param name="Maps">The map that judges each half.</param>
/// <param name="Rest">The reference without what the map of each half was fitted to.</param>
internal sealed record NeuronHalves(AlignmentInput Suspect, ResidualMap?[] Maps, AlignmentInput[] Rest)
{
    /// <summary>Cosine in both views from which two neurons of one model resemble each other.</summary>
    public const double Kin = 0.5;

    // Multiply-adds of comparing all neurons of a model with each other, some seconds.
    private const double MostWork = 2e11;

    // Pairs of MLPs, each with its own list of neurons that resemble each other: of many small experts these cost more than their neurons.
    private const double MostPairs = 1 << 20;

    /// <summary>The suspect with each layer in two; null where that would take long, or no neuron is left for a half.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static AlignmentInput? Divided(AlignmentInput suspect, int threads, CancellationToken cancellation)
    {
        (int Layer, MlpRows Mlp)[] mlps = [.. suspect.Layers.SelectMany((layer, at) => layer.Mlps.Select(mlp => (at, mlp)))];
        var count = mlps.Sum(entry => (double)entry.Mlp.Count);
        if ((double)mlps.Length * mlps.Length > MostPairs || count * count / 2 * suspect.Width * mlps.Select(entry => entry.Mlp.Views.Count).Append(2).Max() > MostWork)
        {
            return null;
        }

        StandardRows[] rows = [.. mlps.Select(entry => StandardRows.Of(entry.Mlp))];
        var halves = Halves(rows, threads, cancellation);
        var layers = new LayerInput[2 * suspect.Layers.Count];
        for (var layer = 0; layer < suspect.Layers.Count; layer++)
        {
            for (var half = 0; half < 2; half++)
            {
                var parts = new List<MlpRows>();
                var judged = new List<MlpRows>();
                for (var i = 0; i < mlps.Length; i++)
                {
                    if (mlps[i].Layer == layer)
                    {
                        var part = mlps[i].Mlp.Of([.. Enumerable.Range(0, halves[i].Length).Where(neuron => halves[i][neuron] == half)]);
                        parts.Add(part);
                        if (suspect.Layers[layer].Judged.Contains(mlps[i].Mlp))
                        {
                            judged.Add(part);
                        }
                    }
                }

                layers[(2 * layer) + half] = new LayerInput(parts, suspect.Layers[layer].Attention, judged);
            }
        }

        return suspect with { Layers = layers };
    }

    /// <summary>Fits and judges.</summary>
    /// <param name="divided">The suspect with each layer in two (<see cref="Divided"/>).</param>
    /// <param name="reference">The reference.</param>
    /// <param name="starts">Gives starts for layers that a map may be fitted on; may look at nothing of the neurons of the others.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="step">Called after each stage.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The halves, how each map began, and the agreement of every layer of the suspect.</returns>
    public static (NeuronHalves Halves, IReadOnlyList<string> Start, LayerAgreement Held) Run(
        AlignmentInput divided, AlignmentInput reference, Func<IReadOnlyList<int>, IReadOnlyList<(string Name, ResidualMap Map)>> starts, int threads, Action<string> step,
        CancellationToken cancellation)
    {
        var standard = CrossFit.Standard(divided, threads, cancellation);
        var sketch = CrossFit.Sketch(standard, divided.Width);
        var result = new NeuronHalves(divided, new ResidualMap?[2], [reference, reference]);
        string[] names = ["", ""];
        var held = new LayerAgreement?[2];
        // Of a child half of the neurons are left; a fit to a stranger may have used up nearly all, and of a few left two are a large share.
        int[] fewest = [.. reference.Layers.Select(layer => (layer.Pool?.Rows.Count ?? 0) / 2)];
        Parallel.For(0, 2, SharedThreads.Options(threads, cancellation), half =>
        {
            var fit = standard.Where(layer => layer.Layer % 2 != half).ToArray();
            var trials = sketch.Where(layer => layer.Layer % 2 != half).ToArray();
            if (CrossFit.Best(starts([.. fit.Select(layer => layer.Layer)]), fit, trials, reference, threads, step, cancellation) is { } best)
            {
                // Layers that agree far less than others would add noise, and what they name of the reference would be missing where the other half is judged.
                var most = Enumerable.Range(0, fit.Length).Max(row => best.Agreement.Share(row, best.Agreement.Best(row)));
                int[] kept = [.. Enumerable.Range(0, fit.Length).Where(row => 2 * best.Agreement.Share(row, best.Agreement.Best(row)) >= most)];
                var pairs = CrossFit.Pairs(best.Agreement, fit, reference, kept);
                // Of the last round is known what it is fitted to.
                if (RowRefinement.Round(best.Map, pairs, threads, cancellation) is { } before && RowRefinement.Round(before, pairs, threads, cancellation) is { } map)
                {
                    (result.Maps[half], names[half]) = (map, best.Name);
                    result.Rest[half] = Without(reference, Named(before, pairs, reference, threads), threads, cancellation);
                    held[half] = LayerAgreement.Of([.. standard.Where(layer => layer.Layer % 2 == half)], result.Rest[half], map, threads, cancellation, fewest);
                }
            }

            step("comparing layers");
        });

        var sum = LayerAgreement.Empty([.. Enumerable.Range(0, divided.Layers.Count / 2)], reference.Layers.Count);
        foreach (var part in held.OfType<LayerAgreement>())
        {
            for (var row = 0; row < sum.Suspect.Count; row++)
            {
                for (var layer = 0; layer < reference.Layers.Count; layer++)
                {
                    sum.Agreeing[row][layer] += part.Agreeing[row][layer];
                    sum.Possible[row][layer] += part.Possible[row][layer];
                    sum.Chance[row][layer] += part.Chance[row][layer];
                }
            }
        }

        return (result, names, sum);
    }

    private static bool[][] Named(ResidualMap map, IReadOnlyList<(IReadOnlyList<StandardRows> Suspect, NeuronPool Reference)> pairs, AlignmentInput reference, int threads)
    {
        bool[][] named = [.. reference.Layers.Select(layer => new bool[layer.Pool?.Rows.Count ?? 0])];
        foreach (var (suspect, pool) in pairs)
        {
            var layer = Enumerable.Range(0, reference.Layers.Count).First(layer => ReferenceEquals(reference.Layers[layer].Pool, pool));
            var mapped = StandardRows.Of(pool.Rows.In(map, threads));
            foreach (var mlp in suspect)
            {
                var (match, weights, _) = RowRefinement.Match(mlp, mapped, threads);
                for (var i = 0; i < match.Length; i++)
                {
                    if (match[i] >= 0 && weights[i] > 0)
                    {
                        named[layer][mapped.Kept[match[i]]] = true;
                    }
                }
            }
        }

        return named;
    }

    // The reference without some neurons and without those that resemble them.
    private static AlignmentInput Without(AlignmentInput reference, bool[][] named, int threads, CancellationToken cancellation)
    {
        StandardRows?[] rows = [.. reference.Layers.Select(layer => layer.Pool is { } pool ? StandardRows.Of(pool.Rows) : null)];
        var layers = new LayerInput[rows.Length];
        Parallel.For(0, rows.Length, SharedThreads.Options(threads, cancellation), layer =>
        {
            var input = reference.Layers[layer];
            if (rows[layer] is not { } own)
            {
                layers[layer] = input;
                return;
            }

            // A copy of a neuron would stand in for it, were it left out alone.
            var gone = Enumerable.Repeat(element: true, named[layer].Length).ToArray();
            foreach (var kept in own.Kept)
            {
                gone[kept] = named[layer][kept];
            }

            for (var other = 0; other < rows.Length; other++)
            {
                if (rows[other] is { } two)
                {
                    int[] taken = [.. Enumerable.Range(0, two.Count).Where(i => named[other][two.Kept[i]])];
                    Each(own, two.Of(taken), (i, _) => gone[own.Kept[i]] = true);
                }
            }

            var at = 0;
            var mlps = new List<MlpRows>();
            foreach (var (mlp, which) in input.Mlps.Select((mlp, which) => (mlp, which)))
            {
                // Pools hold MLP after MLP, without those whose views are others.
                var pooled = input.Pool!.Sizes[which] > 0;
                var first = at;
                mlps.Add(pooled ? mlp.Of([.. Enumerable.Range(0, mlp.Count).Where(i => !gone[first + i])]) : mlp);
                at += pooled ? mlp.Count : 0;
            }

            layers[layer] = new LayerInput(mlps, input.Attention);
        });
        return reference with { Layers = layers };
    }

    // Families of neurons that resemble each other, each dealt to the smaller half of its layer.
    private static int[][] Halves(StandardRows[] mlps, int threads, CancellationToken cancellation)
    {
        int[] first = [0, .. mlps.Select(mlp => mlp.Count)];
        for (var i = 1; i < first.Length; i++)
        {
            first[i] += first[i - 1];
        }

        int[] family = [.. Enumerable.Range(0, first[^1])];
        int Root(int neuron)
        {
            while (family[neuron] != neuron)
            {
                neuron = family[neuron] = family[family[neuron]];
            }

            return neuron;
        }

        var gate = new Lock();
        (int One, int Two)[] cells = [.. Enumerable.Range(0, mlps.Length).SelectMany(one => Enumerable.Range(0, one + 1).Select(two => (one, two)))];
        var found = new List<(int, int)>[cells.Length];
        Parallel.For(0, cells.Length, SharedThreads.Options(threads, cancellation), cell =>
        {
            var (one, two) = cells[cell];
            var pairs = found[cell] = [];
            Each(mlps[one], mlps[two], (i, j) =>
            {
                if (one != two || i > j)
                {
                    pairs.Add((first[one] + i, first[two] + j));
                }
            });
        });
        foreach (var (one, two) in found.SelectMany(pairs => pairs))
        {
            var (a, b) = (Root(one), Root(two));
            family[Math.Max(a, b)] = Math.Min(a, b);
        }

        // By family, in order of its first neuron: the half that has fewer neurons in the layers of that family.
        int[][] halves = [.. mlps.Select(mlp => Enumerable.Repeat(-1, mlp.Source.Count).ToArray())];
        var sizes = new int[2, mlps.Length];
        foreach (var members in Enumerable.Range(0, family.Length).GroupBy(Root).OrderByDescending(members => members.Count()).ThenBy(members => members.Key))
        {
            (int Mlp, int Neuron)[] places = [.. members.Select(member => Place(member))];
            var half = places.Sum(place => sizes[1, place.Mlp] - sizes[0, place.Mlp]) < 0 ? 1 : 0;
            foreach (var (mlp, neuron) in places)
            {
                halves[mlp][mlps[mlp].Kept[neuron]] = half;
                sizes[half, mlp]++;
            }
        }

        return halves;

        (int Mlp, int Neuron) Place(int member)
        {
            var mlp = Array.BinarySearch(first, member);
            mlp = mlp < 0 ? ~mlp - 1 : mlp;
            while (mlp + 1 < first.Length && first[mlp + 1] == member)
            {
                mlp++;
            }

            return (mlp, member - first[mlp]);
        }
    }

    // Every pair that resembles each other in the first view and in the others.
    private static void Each(StandardRows one, StandardRows two, Action<int, int> found)
    {
        var views = Math.Min(one.Views.Count, two.Views.Count);
        if (one.Count == 0 || two.Count == 0 || views < 2)
        {
            return;
        }

        var (first, others) = (new float[checked(one.Count * two.Count)], new float[one.Count * two.Count]);
        RowProducts.Multiply(one.Views[0], one.Count, two.Views[0], two.Count, one.Width, first);
        for (var v = 1; v < views; v++)
        {
            RowProducts.Multiply(one.Views[v], one.Count, two.Views[v], two.Count, one.Width, others, accumulate: v > 1);
        }

        var free = one.SignFree && two.SignFree;
        for (var at = 0; at < first.Length; at++)
        {
            if (first[at] >= Kin && (free ? Math.Abs(others[at]) : others[at]) >= Kin * (views - 1))
            {
                found(at / two.Count, at % two.Count);
            }
        }
    }
}
