using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Neurons of a model too large to be held whole, read as they are asked for, with noise of a stated size where a child is made up.</summary>
/// <param name="model">The model.</param>
/// <param name="withDown">Whether down projections are read.</param>
/// <param name="cosine">Cosine of every row with what is stored; 1 for the rows as stored.</param>
/// <param name="seed">Decides the noise of every row.</param>
internal sealed class WideRows(FoldedModel model, bool withDown, double cosine, ulong seed)
{
    private const ulong NoiseStream = 0x726f776e6f697365;

    // Neurons of one piece: columns are centred within it.
    private const int Piece = 1024;

    /// <summary>Whether down projections are read.</summary>
    public bool WithDown => withDown;

    /// <summary>The model.</summary>
    public FoldedModel Model => model;

    /// <summary>Reads neurons of one MLP.</summary>
    /// <param name="layer">Layer.</param>
    /// <param name="expert">Expert.</param>
    /// <param name="seats">Ascending seats.</param>
    public MlpRows? Of(int layer, int expert, int[] seats)
    {
        var rows = model.Mlp(layer, expert, seats, withDown);
        if (rows is null || cosine >= 1)
        {
            return rows;
        }

        var width = model.Width;
        return rows with
        {
            Views = [.. rows.Views.Select((view, v) =>
            {
                var noisy = new float[view.Length];
                for (var i = 0; i < seats.Length; i++)
                {
                    var stream = CounterRandom.Mix(CounterRandom.Mix(CounterRandom.Mix(NoiseStream, (ulong)layer), (ulong)(expert + 1)), ((ulong)seats[i] << 2) + (ulong)v);
                    NoisyRows.Of(view[(i * width)..((i + 1) * width)], width, cosine, new CounterRandom(seed, stream)).CopyTo(noisy, i * width);
                }

                return noisy;
            })],
        };
    }

    /// <summary>Reads the neurons of a layer that are judged, MLP by MLP (<see cref="WidePlan.Drawn"/>).</summary>
    /// <param name="layer">Layer.</param>
    /// <param name="seats">Neurons drawn in all.</param>
    /// <param name="draw">The comparison's seed.</param>
    public MlpRows[] Drawn(int layer, int seats, ulong draw) => [.. WidePlan.Drawn(model, layer, seats, draw).Select(drawn => Of(layer, drawn.Expert, drawn.Seats)).OfType<MlpRows>()];

    /// <summary>Neurons of a layer as one list of places.</summary>
    /// <param name="layer">Layer.</param>
    /// <param name="most">Neurons wanted at most, drawn by seed.</param>
    /// <param name="draw">The comparison's seed.</param>
    public (int Expert, int Seat)[] Places(int layer, int most, ulong draw) =>
        [.. WidePlan.Drawn(model, layer, most, draw).SelectMany(drawn => drawn.Seats.Select(seat => (drawn.Expert, seat)))];

    /// <summary>Reads neurons at some places, as one list in that order.</summary>
    /// <param name="layer">Layer.</param>
    /// <param name="places">Ascending by expert, and by seat within each.</param>
    /// <returns>The rows; null where there are none with two views.</returns>
    public MlpRows? At(int layer, IReadOnlyList<(int Expert, int Seat)> places) =>
        NeuronPool.Of([.. places.GroupBy(place => place.Expert).Select(group => Of(layer, group.Key, [.. group.Select(place => place.Seat)])).OfType<MlpRows>()])?.Rows;

    /// <summary>The same in pieces of about equal size.</summary>
    public IEnumerable<MlpRows> Pieces(int layer, IReadOnlyList<(int Expert, int Seat)> places)
    {
        var count = Math.Max(1, (places.Count + Piece - 1) / Piece);
        for (var i = 0; i < count; i++)
        {
            if (At(layer, [.. places.Skip(places.Count * i / count).Take((places.Count * (i + 1) / count) - (places.Count * i / count))]) is { } rows)
            {
                yield return rows;
            }
        }
    }
}
