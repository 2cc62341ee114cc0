using Pedigree.Anatomy.Families;

namespace Pedigree.Anatomy;

/// <summary>Splits the rows of a tensor that holds several parts, where shapes alone say how.</summary>
internal static class FusedRows
{
    /// <summary>The pieces of a matrix; none when the shapes contradict the layout.</summary>
    /// <param name="layout">How the parts lie.</param>
    /// <param name="part">What the whole is, where it is one part.</param>
    /// <param name="view">The matrix, [out, in].</param>
    /// <param name="beside">Rows or columns of another part of the same layer and expert; null if it is absent.</param>
    public static IReadOnlyList<(Part Part, TensorView View)> Split(Layout layout, Part part, TensorView view, Func<Part, TensorView?> beside)
    {
        switch (layout)
        {
            case Layout.FusedGateUp or Layout.FusedUpGate when beside(Part.Down) is { } down && down.Columns == view.Rows:
                return [(Part.Up, view)];
            case Layout.FusedGateUp or Layout.FusedUpGate when view.Rows % 2 == 0:
                var (first, second) = (view.RowRange(0, view.Rows / 2), view.RowRange(view.Rows / 2, view.Rows / 2));
                return layout == Layout.FusedGateUp ? [(Part.Gate, first), (Part.Up, second)] : [(Part.Up, first), (Part.Gate, second)];
            case Layout.InterleavedGateUp when view.Rows % 2 == 0:
                return [(Part.Gate, view.PeriodicRows(2, 0, 1)), (Part.Up, view.PeriodicRows(2, 1, 1))];
            case Layout.FusedQueryKeyValue when QueryRows(view, beside) is var query and > 0:
                return OneAfterAnother(view, query);
            case Layout.GroupedQueryKeyValue or Layout.UnknownQueryKeyValue when QueryRows(view, beside) > 0:
                return [(Part.QueryKeyValue, view)];
            case Layout.QueryAndGate when beside(Part.AttentionOutput) is { } output && view.Rows == 2 * output.Columns
                && beside(Part.QueryNorm) is { Columns: var head } && output.Columns % head == 0:
                return [(Part.Query, view.PeriodicRows(2 * head, 0, head))];
            case Layout.QueryAndGate:
                return [(Part.Query, view)];
            case Layout.GateQueryKeyValue when beside(Part.AttentionOutput) is { Columns: var gates } && gates < view.Rows && QueryRows(view.RowRange(gates, view.Rows - gates), beside) > 0:
                return OneAfterAnother(view.RowRange(gates, view.Rows - gates), gates);
            case Layout.FourQueryValueKey when view.Rows % 12 == 0:
                var third = view.Rows / 12;
                return
                [
                    (Part.Query, view.PeriodicRows(3 * third, 0, third)),
                    (Part.Value, view.PeriodicRows(3 * third, third, third)),
                    (Part.Key, view.PeriodicRows(3 * third, 2 * third, third)),
                ];
            case Layout.LatentAndRotaryKey when beside(Part.LatentKeyValueNorm) is { } norm && norm.Columns < view.Rows:
                return [(Part.LatentKeyValue, view.RowRange(0, norm.Columns)), (Part.RotaryKey, view.RowRange(norm.Columns, view.Rows - norm.Columns))];
            case Layout.LatentKeyValue when LatentHeads(view, beside) is var heads and > 0:
                var rows = view.Rows / heads;
                var values = beside(Part.AttentionOutput)!.Columns / heads;
                return [(Part.KeyFromLatent, view.PeriodicRows(rows, 0, rows - values)), (Part.ValueFromLatent, view.PeriodicRows(rows, rows - values, values))];
            case Layout.Reads or Layout.Writes or Layout.ReadsLatent:
                return [(part, view)];
            default:
                return [];
        }
    }

    /// <summary>Query rows, then key rows, then as many value rows.</summary>
    public static IReadOnlyList<(Part Part, TensorView View)> OneAfterAnother(TensorView view, int query)
    {
        var keys = (view.Rows - query) / 2;
        return [(Part.Query, view.RowRange(0, query)), (Part.Key, view.RowRange(query, keys)), (Part.Value, view.RowRange(query + keys, keys))];
    }

    /// <summary>For each KV group its query heads, its key head and its value head.</summary>
    /// <param name="view">The matrix, [out, in].</param>
    /// <param name="dimension">Rows of one head.</param>
    /// <param name="queries">Query heads of one group.</param>
    public static IReadOnlyList<(Part Part, TensorView View)> Grouped(TensorView view, int dimension, int queries)
    {
        var period = (queries + 2) * dimension;
        return
        [
            (Part.Query, view.PeriodicRows(period, 0, queries * dimension)),
            (Part.Key, view.PeriodicRows(period, queries * dimension, dimension)),
            (Part.Value, view.PeriodicRows(period, (queries + 1) * dimension, dimension)),
        ];
    }

    // The output projection reads as many values as there are query rows.
    private static int QueryRows(TensorView view, Func<Part, TensorView?> beside)
    {
        var query = beside(Part.AttentionOutput)?.Columns ?? view.Rows / 3;
        return view.Rows - query is >= 2 and var rest && rest % 2 == 0 && query > 0 ? query : 0;
    }

    // With n key rows, v value rows and r rotary rows a head: queries have H(n + r) rows, this matrix H(n + v), the output H·v columns.
    private static int LatentHeads(TensorView view, Func<Part, TensorView?> beside)
    {
        if ((beside(Part.QueryFromLatent) ?? beside(Part.Query)) is not { } query || beside(Part.AttentionOutput) is not { } output
            || beside(Part.RotaryKey) is not { } rotary || beside(Part.LatentKeyValue)?.Rows != view.Columns)
        {
            return 0;
        }

        var rotaryRows = (long)query.Rows - view.Rows + output.Columns;
        var heads = rotaryRows > 0 && rotaryRows % rotary.Rows == 0 ? (int)(rotaryRows / rotary.Rows) : 0;
        return heads > 0 && view.Rows % heads == 0 && output.Columns % heads == 0 && output.Columns < view.Rows && query.Rows % heads == 0 ? heads : 0;
    }
}
