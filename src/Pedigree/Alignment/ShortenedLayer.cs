using System.Collections.Concurrent;
using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Neurons of all MLPs of a layer, their columns centred and scaled, their rows shortened by one <see cref="RowProjection"/>.</summary>
/// <param name="Layer">Layer.</param>
/// <param name="Rows">The neurons, standardised; positions in them number the neurons of all MLPs through.</param>
/// <param name="Places">Expert and seat of every neuron.</param>
/// <param name="LogLengths">For every neuron, the log lengths of its rows before anything was changed: the first view's, and the sum over the others; NaN for zero rows.</param>
internal sealed record ShortenedLayer(int Layer, StandardRows Rows, IReadOnlyList<(int Expert, int Seat)> Places, (double First, double Others)[] LogLengths)
{
    // Neurons of one piece that a thread reads at a time, and of one of the four from which means and spreads are taken.
    private const int Piece = 512;
    private const int Sample = 256;

    /// <summary>Expert of every neuron; null when all belong to one.</summary>
    public int[]? Experts => Places.Count == 0 || Places[0].Expert == Places[^1].Expert ? null : [.. Places.Select(place => place.Expert)];

    /// <summary>Shortens the neurons of a layer that are already in memory.</summary>
    /// <param name="mlps">Rows, in the basis in which they are to be compared.</param>
    /// <param name="logLengths">As in <see cref="LogLengths"/>.</param>
    /// <param name="projection">The projection.</param>
    public static ShortenedLayer Of(IReadOnlyList<MlpRows> mlps, (double First, double Others)[] logLengths, RowProjection projection)
    {
        var scales = ColumnScale.Of(mlps);
        var views = Empty(mlps[0], mlps.Sum(mlp => mlp.Count), projection);
        var at = 0;
        foreach (var mlp in mlps)
        {
            Shorten(mlp with { Views = [.. mlp.Views.Select(view => (float[])view.Clone())] }, scales, projection, views, at);
            at += mlp.Count;
        }

        return New(mlps[0], [.. mlps.SelectMany(mlp => mlp.Seats.Select(seat => (mlp.Expert, seat)))], views, logLengths, projection);
    }

    /// <summary>Reads every neuron of a layer, a piece at a time.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="withDown">Whether down projections are read.</param>
    /// <param name="projection">The projection.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The layer, or null when it has no MLP with two views.</returns>
    public static ShortenedLayer? Read(FoldedModel model, int layer, bool withDown, RowProjection projection, int threads, CancellationToken cancellation)
    {
        var pieces = new List<(int Expert, int First, int Count, int At)>();
        var total = 0;
        foreach (var expert in model.Alike(layer))
        {
            for (var first = 0; first < model.Neurons(layer, expert); first += Piece)
            {
                var count = Math.Min(Piece, model.Neurons(layer, expert) - first);
                pieces.Add((expert, first, count, total));
                total += count;
            }
        }

        // Means and spreads of columns from evenly spaced pieces: with a thousand rows a spread is known to 2 %.
        var step = Math.Max(1, pieces.Count / 4);
        var sample = pieces.Where((_, i) => i % step == 0).Take(4)
            .Select(piece => model.Mlp(layer, piece.Expert, [.. Enumerable.Range(piece.First, Math.Min(piece.Count, Sample))], withDown)).OfType<MlpRows>().ToArray();
        if (sample.Length == 0)
        {
            return null;
        }

        var scales = ColumnScale.Of(sample);
        var views = Empty(sample[0], total, projection);
        var lengths = new (double, double)[total];
        Array.Fill(lengths, (double.NaN, double.NaN));
        var places = new (int, int)[total];
        // Each thread needs the arrays of one piece, which is megabytes; they go from piece to piece.
        var spare = new ConcurrentBag<float[]>();
        float[] Take(int length) => spare.TryTake(out var array) && array.Length == length ? array : new float[length];
        Parallel.ForEach(pieces, SharedThreads.Options(threads, cancellation), piece =>
        {
            for (var i = 0; i < piece.Count; i++)
            {
                places[piece.At + i] = (piece.Expert, piece.First + i);
            }

            if (model.Mlp(layer, piece.Expert, [.. Enumerable.Range(piece.First, piece.Count)], withDown, Take) is { } mlp && mlp.Views.Count == views.Length)
            {
                LogLengthsOf(mlp).CopyTo(lengths, piece.At);
                Shorten(mlp, scales, projection, views, piece.At);
                foreach (var view in mlp.Views)
                {
                    spare.Add(view);
                }
            }
        });
        return New(sample[0] with { Layer = layer }, places, views, lengths, projection);
    }

    /// <summary>Log lengths of the first view and sums over the others, one a neuron.</summary>
    public static (double First, double Others)[] LogLengthsOf(MlpRows mlp)
    {
        var sums = new (double First, double Others)[mlp.Count];
        for (var v = 0; v < mlp.Views.Count; v++)
        {
            var lengths = Units.Standardisation.Lengths(mlp.Views[v], mlp.Count, mlp.Width);
            for (var i = 0; i < sums.Length; i++)
            {
                var length = lengths[i] > 0 ? Math.Log(lengths[i]) : double.NaN;
                sums[i] = v == 0 ? (length, 0) : (sums[i].First, sums[i].Others + length);
            }
        }

        return sums;
    }

    /// <summary>The neurons at some places as an MLP of their own, with rows as shortened.</summary>
    /// <param name="expert">The expert.</param>
    /// <param name="total">Neurons that it has.</param>
    /// <param name="seats">Ascending seats; those that were not read are left out.</param>
    public MlpRows At(int expert, int total, IReadOnlySet<int> seats)
    {
        int[] chosen = [.. Enumerable.Range(0, Places.Count).Where(i => Places[i].Expert == expert && seats.Contains(Places[i].Seat))];
        var source = Rows.Source;
        return new MlpRows(
            Layer, expert, total, [.. chosen.Select(i => Places[i].Seat)], source.Width, source.Names,
            [.. source.Views.Select(view => chosen.SelectMany(i => view.AsSpan(i * source.Width, source.Width).ToArray()).ToArray())], source.SignFree);
    }

    private static ShortenedLayer New(MlpRows like, (int, int)[] places, float[][] views, (double, double)[] lengths, RowProjection projection) => new(
        like.Layer,
        StandardRows.Of(new MlpRows(like.Layer, like.Expert, places.Length, [.. Enumerable.Range(0, places.Length)], projection.To, like.Names, views, like.SignFree)),
        places, lengths);

    private static float[][] Empty(MlpRows like, int count, RowProjection projection) => [.. like.Views.Select(_ => new float[checked(count * projection.To)])];

    // Changes the rows.
    private static void Shorten(MlpRows mlp, ColumnScale[] scales, RowProjection projection, float[][] views, int at)
    {
        for (var v = 0; v < views.Length; v++)
        {
            scales[v].Apply(mlp.Views[v], mlp.Count);
            projection.Apply(mlp.Views[v], mlp.Count, views[v].AsSpan(at * projection.To, mlp.Count * projection.To));
        }
    }
}
