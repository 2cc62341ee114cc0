using Pedigree.Anatomy;
using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Curves of the standard deviations of attention matrices.</summary>
internal static class AttentionCurve
{
    /// <summary>Bytes of all matrices that the curves are made of.</summary>
    public static long StoredBytes(ModelAnatomy anatomy) =>
        CurveScoreKind.Attention.Parts.Sum(part => Views(anatomy, part).Sum(entry => RowRuns.StoredBytes(entry.View)));

    /// <summary>The matrices of one kind, in order of layers.</summary>
    public static IReadOnlyList<(int Layer, TensorView View)> Views(ModelAnatomy anatomy, Part part) =>
        [.. anatomy.Views
            .Where(entry => entry.Key.Part == part && entry.Key.Layer >= 0 && entry.Key.Expert == Role.Dense && RowRuns.IsReadable(entry.Value))
            .OrderBy(entry => entry.Key.Layer)
            .Select(entry => (entry.Key.Layer, entry.Value))];

    /// <summary>Measures one curve; null as in <see cref="DepthCurve.Of"/>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="part">The kind of matrix.</param>
    /// <param name="share">Share of the rows of each matrix to read; 1 for everything.</param>
    public static DepthCurve? Of(DescribedModel model, Part part, double share)
    {
        var views = Views(model.Anatomy, part);
        var measured = new MatrixDeviation?[views.Count];
        Parallel.For(0, views.Count, SharedThreads.Options(model.Threads), index => measured[index] = MatrixDeviation.Of(
            model.Reader, views[index].View, RowRuns.Choose(views[index].View.Rows, views[index].View.Columns, share, fewest: 1)));
        return DepthCurve.Of(
            DepthCurve.DeviationOf(part), part.ToString(), [.. views.Select(entry => entry.Layer)], [.. measured.Select(deviation => deviation?.Value)],
            [.. measured.Select(deviation => deviation?.StandardError).OfType<double>()], measured.Sum(deviation => deviation?.BytesRead ?? 0));
    }
}
