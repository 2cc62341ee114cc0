using Pedigree.Alignment;
using Pedigree.Anatomy;
using Pedigree.Units;

namespace Pedigree.Evidence.Calibrated;

/// <summary>Heads of one layer of a suspect, and what they were found to correspond to.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Judged">Its heads.</param>
/// <param name="Pairs">Those that agree: head of the suspect, layer and head of the reference.</param>
/// <param name="LogLengths">Log lengths of the products of agreeing heads, suspect and reference; a list for each group of heads with common keys.</param>
internal sealed record JudgedHeads(int Layer, int Judged, IReadOnlyList<(int Suspect, int Layer, int Reference)> Pairs, IReadOnlyList<IReadOnlyList<UnitLengths>> LogLengths)
{
    /// <summary>The layers of an agreement.</summary>
    /// <param name="held">The agreement.</param>
    /// <param name="judged">The suspect's heads, in the same order.</param>
    /// <param name="reference">The reference's heads.</param>
    /// <param name="heads">How the suspect's attention splits into heads.</param>
    public static IEnumerable<JudgedHeads> Of(HeadAgreement held, IReadOnlyList<HeadSketches> judged, IReadOnlyList<HeadSketches> reference, HeadLayout heads)
    {
        var group = heads.Query / heads.KeyValue;
        return Enumerable.Range(0, judged.Count).Select(row => new JudgedHeads(
            held.Layers[row], held.Judged[row], held.Pairs[row],
            // Query heads of one group share keys and values, and with them a part of their lengths: only what differs inside a group is evidence of each.
            [.. held.Pairs[row].GroupBy(pair => group > 1 ? pair.Suspect / group : 0).Select(pairs => (IReadOnlyList<UnitLengths>)[.. pairs.Select(
                pair => new UnitLengths(Length(judged, held.Layers[row], pair.Suspect), 0, Length(reference, pair.Layer, pair.Reference), 0))])]));
    }

    private static double Length(IReadOnlyList<HeadSketches> layers, int layer, int head)
    {
        var own = layers.First(sketches => sketches.Layer == layer);
        return own.LogLengths[Array.IndexOf(own.Heads, head)];
    }
}
