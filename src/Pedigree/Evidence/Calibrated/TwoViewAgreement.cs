using Pedigree.Alignment;
using Pedigree.Numerics;

namespace Pedigree.Evidence.Calibrated;

/// <summary>The calibrated test after alignment: neurons of the suspect are matched to neurons of the reference by two disjoint views (gate; up with down), and
/// counted when both name the same one. Order plays no part, so reordering hides nothing from it.</summary>
/// <remarks>
/// Two views of unrelated models would agree on one neuron a layer, whatever its size, if views were independent: a count beyond that, at <see cref="Log10Chance"/> after
/// correction for all pairs of layers and experts, is asked for first and matters where layers are small. Views are not quite independent: models share some features
/// (Gurnee and others, 2401.12181), so the error rate comes from controls and not from a formula. Controls are layers of the same two models that do not
/// correspond, and pairs of unrelated models (<see cref="UnrelatedAgreement"/>). A layer counts when its agreeing share is at least
/// <see cref="Margin"/> times the largest control; the test convicts when a quarter of the layers count. Every layer is judged under a map that it took no part in.
/// </remarks>
/// <param name="Held">Agreement of every pair of layers.</param>
/// <param name="Links">For each layer of the suspect, the layer of the reference that it agrees with beyond the threshold, or -1.</param>
/// <param name="WrongLayer">Largest agreeing share of layers that do not correspond; null when there are none.</param>
/// <param name="Unrelated">Agreeing share that unrelated pairs reach in a quarter of their layers: the largest of them.</param>
/// <param name="Controls">Number of unrelated pairs.</param>
/// <param name="Exceeding">How many of them reach the share of this pair.</param>
internal sealed record TwoViewAgreement(LayerAgreement Held, IReadOnlyList<int> Links, double? WrongLayer, double Unrelated, int Controls, int Exceeding)
{
    /// <summary>Identifier of the test.</summary>
    public const string Id = "two-view-agreement";

    /// <summary>How many times the largest control a share must reach.</summary>
    public const double Margin = 3;

    /// <summary>Decimal log of the level at which the count of a layer must exceed what independent views give, family-wise.</summary>
    public const double Log10Chance = -6;

    // Two layers of the reference that agree with each other on more than half of their neurons are copies (depth growth).
    private const double CopyShare = 0.5;

    /// <summary>Agreeing share that a layer must reach.</summary>
    public double Threshold => Math.Min(1, Margin * Math.Max(WrongLayer ?? 0, Unrelated));

    /// <summary>Layers of the suspect that were judged.</summary>
    public int Judged => Enumerable.Range(0, Held.Suspect.Count).Count(IsJudged);

    /// <summary>Layers that count.</summary>
    public int Linked => Links.Count(layer => layer >= 0);

    /// <summary>A quarter of the layers or more agree beyond three times the largest control.</summary>
    public bool Convicts => Linked > 0 && Linked >= Quarter(Judged);

    /// <summary>Whether a quarter of the layers has so many neurons that they would count if all of them agreed.</summary>
    public bool CanConvict => Judged > 0 && Enumerable.Range(0, Held.Suspect.Count).Count(row => IsJudged(row)
        && Enumerable.Range(0, Held.Possible[row].Length).Any(layer => PoissonTail.Log10Bound(Held.Possible[row][layer], Held.Chance[row][layer]) + Math.Log10(Candidates) <= Log10Chance)) >= Quarter(Judged);

    /// <summary>Counts that were compared, of which a layer has the best: what its chance is multiplied by.</summary>
    public double Candidates { get; init; } = 1;

    /// <summary>The share that a quarter of the layers reach: what is compared with unrelated pairs.</summary>
    public double QuarterShare => QuarterShareOf(Held);

    /// <summary>The share that halves of neurons reach in a quarter of the layers (<see cref="NeuronHalves"/>), where they were tried and did not decide.</summary>
    public double ReachedByNeurons { get; init; }

    /// <summary>The largest share of any way of searching: what counts as a control.</summary>
    public double Reached => Math.Max(QuarterShare, ReachedByNeurons);

    /// <summary>Decimal log of the conformal p: (1 + unrelated pairs that reach the share)/(1 + unrelated pairs). Its floor is 1/(1 + pairs).</summary>
    public double Log10Conformal => Math.Log10((1.0 + Exceeding) / (1.0 + Controls));

    /// <summary>Evaluates an aligned pair.</summary>
    /// <param name="pair">The pair.</param>
    /// <param name="unrelated">Quarter shares of unrelated pairs, at least one.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static TwoViewAgreement Of(AlignedPair pair, IReadOnlyList<double> unrelated, int threads, CancellationToken cancellation)
    {
        var same = ResidualMap.Identity(pair.Reference.Width);
        return Of(pair.Fit.Held, unrelated, (low, high) =>
        {
            var rows = pair.Reference.Layers[low].Mlps.Select(StandardRows.Of).ToArray();
            return LayerAgreement.Of([(low, rows)], pair.Reference with { Layers = [pair.Reference.Layers[high]] }, same, threads, cancellation).Share(0, 0);
        }, Choices(1 + pair.Suspect.Layers.Max(layer => layer.Judged.Count), pair.Fit.Inside is not null));
    }

    /// <summary>Evaluates the agreement of layers.</summary>
    /// <param name="held">Agreement of every layer of the suspect, under a map that it took no part in.</param>
    /// <param name="unrelated">Quarter shares of unrelated pairs, at least one.</param>
    /// <param name="ownShare">Agreeing share of two layers of the reference, the lower first.</param>
    /// <param name="choices">Counts of which each cell holds the best.</param>
    public static TwoViewAgreement Of(LayerAgreement held, IReadOnlyList<double> unrelated, Func<int, int, double> ownShare, int choices = 1)
    {
        var best = Enumerable.Range(0, held.Suspect.Count).Select(held.Best).ToArray();
        var copies = Copies(held, best, ownShare);
        double? wrong = null;
        for (var row = 0; row < best.Length; row++)
        {
            for (var layer = 0; layer < held.Agreeing[row].Length; layer++)
            {
                if (layer != best[row] && held.Possible[row][layer] > 0 && !copies.Contains((Math.Min(layer, best[row]), Math.Max(layer, best[row]))))
                {
                    wrong = Math.Max(wrong ?? 0, held.Share(row, layer));
                }
            }
        }

        var reached = QuarterShareOf(held);
        var result = new TwoViewAgreement(held, [], wrong, unrelated.Max(), unrelated.Count, unrelated.Count(share => share >= reached));
        // Of each cell the best of the judged experts was taken, or all of them together.
        var candidates = (double)choices * Math.Max(1, held.Possible.Sum(row => row.Count(possible => possible > 0)));
        return result with
        {
            Candidates = candidates,
            Links = [.. best.Select((layer, row) => result.IsJudged(row) && held.Share(row, layer) >= result.Threshold
                && held.Log10Chance(row, layer) + Math.Log10(candidates) <= Log10Chance ? layer : -1)],
        };
    }

    /// <summary>The share that a quarter of the layers of a pair reach, each with the layer that it agrees with most; 0 when none was judged.</summary>
    public static double QuarterShareOf(LayerAgreement held) => QuarterShareOf(
        Enumerable.Range(0, held.Suspect.Count).Where(row => held.Possible[row].Any(count => count > 0)).Select(row => held.Share(row, held.Best(row))));

    /// <summary>The share that a quarter of some layers reach; 0 when there are none.</summary>
    public static double QuarterShareOf(IEnumerable<double> shares)
    {
        var descending = shares.OrderDescending().ToArray();
        return descending.Length == 0 ? 0 : descending[Quarter(descending.Length) - 1];
    }

    // Each half of the neurons has the best of its own.
    private static int Choices(int of, bool twice) => twice ? of * of : of;

    private static int Quarter(int layers) => Math.Max(1, (layers + 3) / 4);

    private bool IsJudged(int row) => Held.Possible[row].Any(count => count > 0);

    // A layer of the reference that is a copy of the best one agrees for good reason, so it is no control. Only rivals that could matter are looked at.
    private static HashSet<(int, int)> Copies(LayerAgreement held, int[] best, Func<int, int, double> ownShare)
    {
        var rivals = new HashSet<(int Low, int High)>();
        for (var row = 0; row < best.Length; row++)
        {
            for (var layer = 0; layer < held.Agreeing[row].Length; layer++)
            {
                if (layer != best[row] && Margin * held.Share(row, layer) > held.Share(row, best[row]) && held.Share(row, best[row]) > CopyShare / Margin)
                {
                    rivals.Add((Math.Min(layer, best[row]), Math.Max(layer, best[row])));
                }
            }
        }

        return [.. rivals.Where(pair => ownShare(pair.Low, pair.High) > CopyShare)];
    }
}
