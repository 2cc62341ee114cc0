using System.Globalization;
using Pedigree.Alignment;
using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Evidence.Calibrated;

/// <summary>The calibrated test on attention: query heads of the suspect are matched to query heads of the reference by what they attend to (W_Qᵀ·W_K) and by what they write
/// (W_O·W_V), and counted when both name the same head of the same layer. Neither the order of heads nor the basis inside a head plays a part.</summary>
/// <remarks>
/// Were the views independent given the layer that they point to, a layer of H heads would agree in one at most on average, however strongly layers resemble each other; the sum
/// over layers is bounded by a Poisson tail. Relabelling does not make them independent: it moves both products of a head together, and heads of one purpose (induction, the
/// previous token) exist in every model. So no exact probability follows. The share of all heads must also be <see cref="Margin"/> times what unrelated pairs reach, and what
/// these two models reach in layers that do not correspond. Every layer is judged under a map that its own half of the layers took no part in.
/// </remarks>
/// <param name="Held">The agreeing heads.</param>
/// <param name="Unrelated">Largest share of heads that agree in unrelated pairs.</param>
/// <param name="Controls">Number of unrelated pairs.</param>
/// <param name="Exceeding">How many of them reach the share of this pair.</param>
/// <param name="LogLengths">For each layer, or each group of heads with common keys, the log lengths of the products of agreeing heads, suspect and reference.</param>
internal sealed record TwoViewHeads(
    HeadAgreement Held, double Unrelated, int Controls, int Exceeding, IReadOnlyList<IReadOnlyList<UnitLengths>> LogLengths)
{
    /// <summary>Identifier of the test.</summary>
    public const string Id = "two-view-head-agreement";

    /// <summary>How many times the largest control a share must reach.</summary>
    public const double Margin = TwoViewAgreement.Margin;

    // A layer by itself, after Bonferroni over layers, as in the exact tests.
    private const double Log10Layer = -3;

    /// <summary>Share of the heads that agree, each layer with its best layer of the reference.</summary>
    public double Share => Held.Total == 0 ? 0 : (double)Held.AllAgreeing / Held.Total;

    /// <summary>Share of the heads that agree with a head of another layer.</summary>
    public double Elsewhere => Held.Total == 0 ? 0 : (double)Held.Elsewhere / Held.Total;

    /// <summary>Share from which the test convicts.</summary>
    public double Threshold => Math.Min(1, Margin * Math.Max(Unrelated, Elsewhere));

    /// <summary>Agreeing heads that independent views give at most, on average.</summary>
    public double Chance => Held.ReferenceHeads == 0 ? 0 : Held.Judged.Sum(heads => Math.Max(1.0, (double)heads / Held.ReferenceHeads));

    /// <summary>Decimal log of a bound on the probability of so many.</summary>
    public double Log10Chance => Held.ReferenceHeads == 0 ? 0 : PoissonTail.Log10Bound(Held.AllAgreeing, Chance);

    /// <summary>Whether agreement of all heads would have been enough.</summary>
    public bool CanConvict => Held.ReferenceHeads > 0 && PoissonTail.Log10Bound(Held.Total, Chance) <= TwoViewAgreement.Log10Chance && Threshold < 1;

    /// <summary>Attention was inherited.</summary>
    public bool Convicts => Held.AllAgreeing > 0 && Share >= Threshold && Log10Chance <= TwoViewAgreement.Log10Chance;

    /// <summary>Decimal log of the conformal p: (1 + unrelated pairs that reach the share)/(1 + unrelated pairs).</summary>
    public double Log10Conformal => Math.Log10((1.0 + Exceeding) / (1.0 + Controls));

    /// <summary>What the agreeing heads, or some of them, can have kept of a common start.</summary>
    public IReadOnlyList<HeadStart> Starts { get; init; } = [];

    /// <summary>Which layers were compared, when not all were; empty otherwise.</summary>
    public string Extent { get; init; } = "";

    /// <summary>Agreeing heads resemble each other more than two random starts' children can, by the sign test at 5e-7 in one of the two products.</summary>
    public bool SharedTraining => Math.Min(Tail(head => head.QueryKey > head.QueryKeyCeiling), Tail(head => head.ValueOutput > head.ValueOutputCeiling)) <= 5e-7;

    /// <summary>Layers shown by themselves, with the share of their heads that agree.</summary>
    public IEnumerable<(int SuspectLayer, int ReferenceLayer, double Share)> Links => Convicts
        ? from row in Enumerable.Range(0, Held.Layers.Count)
          let share = (double)Held.Agreeing(row) / Held.Judged[row]
          where share >= Threshold
              && PoissonTail.Log10Bound(Held.Agreeing(row), Math.Max(1.0, (double)Held.Judged[row] / Held.ReferenceHeads)) + Math.Log10(Held.Layers.Count) <= Log10Layer
          select (Held.Layers[row], Held.Best(row), share)
        : [];

    /// <summary>The test on attention as an item of the report; null when no head was judged.</summary>
    public EvidenceItem? Item() => Held.Total == 0 ? null : new EvidenceItem
    {
        Test = Id,
        Tier = Tier.Calibrated,
        Statistic = Share,
        StatisticName = "share of query heads whose query-key and value-output products point to the same head",
        Null = string.Create(CultureInfo.InvariantCulture,
            $"{Controls} pairs of unrelated models reach at most {Percent(Unrelated)}, other layers of these two {Percent(Elsewhere)}; it convicts from {Percent(Threshold)}"),
        NullExpectation = Math.Min(1, Chance / Held.Total),
        Log10P = Log10Conformal,
        PerLayer = [.. Enumerable.Range(0, Held.Layers.Count).Select(row => new LayerEvidence(
            Held.Layers[row], Held.Best(row), Held.Judged[row], Held.Agreeing(row), null, (double)Held.Agreeing(row) / Held.Judged[row]))],
        Note = (CanConvict ? "" : "The models have too few heads for this test to convict." + (Extent.Length > 0 ? " " : "")) + (Extent.Length > 0 ? $"Compared: {Extent}." : ""),
    };

    /// <summary>Judges an aligned pair; null when the heads of either model are not known.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="unrelated">Shares of unrelated pairs, at least one.</param>
    /// <param name="seed">The comparison's seed.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static TwoViewHeads? Of(AlignedPair pair, IReadOnlyList<double> unrelated, ulong seed, int threads, CancellationToken cancellation)
    {
        if (pair.Suspect.Heads is null || pair.Reference.Heads is null)
        {
            return null;
        }

        var probes = HeadSketches.Draw(pair.Suspect.Width, seed);
        var suspect = HeadSketches.Of(pair.Suspect, [.. Enumerable.Range(0, pair.Suspect.Layers.Count)], probes, threads);
        int[] all = [.. Enumerable.Range(0, pair.Reference.Layers.Count)];
        var rows = new List<JudgedHeads>();
        var starts = new List<HeadStart>();
        var spectra = new Dictionary<ProductShape, StartSpectra>();
        StartSpectra OfStart(ProductShape shape) => spectra.TryGetValue(shape, out var known) ? known : spectra[shape] = shape.Start();
        var heads = 0;
        for (var half = 0; half < 2; half++)
        {
            HeadSketches[] fit = [.. suspect.Where(layer => pair.Fit.Halves[layer.Layer] != half)];
            HeadSketches[] judged = [.. suspect.Where(layer => pair.Fit.Halves[layer.Layer] == half)];
            (int Agreeing, IReadOnlyList<HeadSketches> Reference, ResidualMap Map)? best = null;
            // Among equals the first stands: the map that was sharpened on neurons.
            foreach (var map in pair.Starts[half].Prepend(pair.Fit.Maps[half]).OfType<ResidualMap>())
            {
                cancellation.ThrowIfCancellationRequested();
                var reference = HeadSketches.Of(pair.Reference, all, (Mapped(map, probes.Left, threads), Mapped(map, probes.Right, threads)), threads);
                var agreeing = HeadAgreement.Of(fit, reference).AllAgreeing;
                if (best is null || agreeing > best.Value.Agreeing)
                {
                    best = (agreeing, reference, map);
                }
            }

            if (best is { } chosen && judged.Length > 0 && chosen.Reference.Count > 0)
            {
                var held = HeadAgreement.Of(judged, chosen.Reference);
                starts.AddRange(Enumerable.Range(0, judged.Length).SelectMany(row => held.Pairs[row].Select(heads => HeadStart.Of(
                    HeadSketches.Products(pair.Suspect, held.Layers[row], heads.Suspect), HeadSketches.Products(pair.Reference, heads.Layer, heads.Reference), chosen.Map, OfStart))));
                heads = held.ReferenceHeads;
                rows.AddRange(JudgedHeads.Of(held, judged, chosen.Reference, pair.Suspect.Heads));
            }
        }

        return Of(rows, heads, unrelated) with { Starts = starts };
    }

    /// <summary>The result of judged layers.</summary>
    /// <param name="rows">The layers, in any order.</param>
    /// <param name="heads">Heads of a layer of the reference, the fewest.</param>
    /// <param name="unrelated">Shares of unrelated pairs, at least one.</param>
    public static TwoViewHeads Of(IEnumerable<JudgedHeads> rows, int heads, IReadOnlyList<double> unrelated)
    {
        JudgedHeads[] layers = [.. rows.OrderBy(row => row.Layer)];
        var agreement = new HeadAgreement([.. layers.Select(row => row.Layer)], [.. layers.Select(row => row.Judged)], [.. layers.Select(row => row.Pairs)], heads);
        var result = new TwoViewHeads(agreement, unrelated.Max(), unrelated.Count, 0, [.. layers.SelectMany(row => row.LogLengths)]);
        return result with { Exceeding = unrelated.Count(share => share >= result.Share) };
    }

    /// <summary>Probes of the suspect's basis in that of the reference: u becomes Rᵀu.</summary>
    /// <param name="map">The map.</param>
    /// <param name="vectors">Probes × width of the suspect.</param>
    /// <param name="threads">Threads to use.</param>
    public static float[] Mapped(ResidualMap map, float[] vectors, int threads)
    {
        var count = vectors.Length / map.To;
        var result = new float[checked(count * map.From)];
        ParallelProducts.Multiply(vectors, count, ParallelProducts.Transposed(map.Columns, map.To, map.From), map.From, map.To, result, threads);
        return result;
    }

    private static string Percent(double share) => share.ToString("0.0 %", CultureInfo.InvariantCulture);

    private double Tail(Func<HeadStart, bool> exceeds)
    {
        HeadStart[] heads = [.. Starts.Take(SignTest.Most)];
        return SignTest.UpperTail(heads.Count(exceeds), heads.Length);
    }
}
