using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Rows of corresponding neurons of both models, in normal form and of length 1: what a recovered map is fitted to and judged by.</summary>
/// <param name="Layer">The neurons.</param>
/// <param name="Views">Names of the views: gate, up, down; up, down without a gate.</param>
/// <param name="Suspect">One array a view, neurons × d'.</param>
/// <param name="Reference">One array a view, neurons × d, in the same order.</param>
/// <param name="SignFree">Whether up and down may change sign together.</param>
internal sealed record PairedRows(RecoveredLayer Layer, IReadOnlyList<string> Views, float[][] Suspect, float[][] Reference, bool SignFree)
{
    /// <summary>Neurons.</summary>
    public int Count => Layer.SuspectSeats.Length;

    /// <summary>Reads them.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="layer">The neurons; seats must exist.</param>
    /// <returns>The rows, or null when either layer has no such MLP with two views, or there are no neurons.</returns>
    public static PairedRows? Read(FoldedModel suspect, FoldedModel reference, RecoveredLayer layer)
    {
        var ascending = layer.ReferenceSeats.Order().ToArray();
        if (layer.SuspectSeats.Length == 0
            || suspect.Mlp(layer.SuspectLayer, layer.SuspectExpert, layer.SuspectSeats, withDown: true) is not { } one
            || reference.Mlp(layer.ReferenceLayer, layer.ReferenceExpert, ascending, withDown: true) is not { } two)
        {
            return null;
        }

        var views = Math.Min(one.Views.Count, two.Views.Count);
        int[] places = [.. layer.ReferenceSeats.Select(seat => Array.BinarySearch(ascending, seat))];
        return new PairedRows(
            layer, [.. one.Names.Take(views)], [.. one.Views.Take(views).Select(view => Unit([.. view], one.Width))],
            [.. two.Views.Take(views).Select(view => Unit(Ordered(view, two.Width, places), two.Width))], one.SignFree && two.SignFree);
    }

    /// <summary>The common sign of the views after the first, for each neuron, under a map.</summary>
    /// <param name="map">The map; null for the basis as stored.</param>
    /// <param name="threads">Threads to use.</param>
    public float[] Signs(ResidualMap? map, int threads)
    {
        var sums = new double[Count];
        for (var view = 1; SignFree && view < Views.Count; view++)
        {
            var cosines = Cosines(view, map, threads);
            for (var i = 0; i < Count; i++)
            {
                sums[i] += cosines[i];
            }
        }

        return [.. sums.Select(sum => sum < 0 ? -1f : 1f)];
    }

    /// <summary>Cosine of every neuron's row with its counterpart's, mapped.</summary>
    /// <param name="view">Which view.</param>
    /// <param name="map">The map; null for the basis as stored.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="shift">Compares each neuron with the counterpart of one so many places further on: what no correspondence gives.</param>
    public double[] Cosines(int view, ResidualMap? map, int threads, int shift = 0)
    {
        var mapped = map is null ? Reference[view] : map.Apply(Reference[view], Count, threads);
        var width = Suspect[view].Length / Count;
        var cosines = new double[Count];
        for (var i = 0; i < Count; i++)
        {
            var one = Suspect[view].AsSpan(i * width, width);
            var two = mapped.AsSpan((i + shift) % Count * width, width);
            double product = 0, square = 0;
            for (var c = 0; c < width; c++)
            {
                product += (double)one[c] * two[c];
                square += (double)two[c] * two[c];
            }

            cosines[i] = square > 0 ? product / Math.Sqrt(square) : 0;
        }

        return cosines;
    }

    /// <summary>Adds the rows to a fit, with the signs that they have under a first map.</summary>
    public void AddTo(MapFit fit, ResidualMap first, int threads)
    {
        var signs = Signs(first, threads);
        for (var view = 0; view < Views.Count; view++)
        {
            float[] rows = [.. Reference[view]];
            for (var i = 0; view > 0 && i < Count; i++)
            {
                foreach (ref var value in rows.AsSpan(i * first.From, first.From))
                {
                    value *= signs[i];
                }
            }

            fit.Add(rows, Suspect[view], Count);
        }
    }

    private static float[] Ordered(float[] rows, int width, int[] places)
    {
        var result = new float[rows.Length];
        for (var i = 0; i < places.Length; i++)
        {
            rows.AsSpan(places[i] * width, width).CopyTo(result.AsSpan(i * width));
        }

        return result;
    }

    private static float[] Unit(float[] rows, int width)
    {
        Units.Standardisation.Rows(rows, rows.Length / width, width, new double[rows.Length / width]);
        return rows;
    }
}
