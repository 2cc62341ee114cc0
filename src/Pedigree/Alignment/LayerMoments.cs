using Pedigree.Anatomy;
using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Second moments of the matrices of one layer that no disguise changes but for a rotation of the stream: a neuron may be scaled and a head mixed inside at will, so
/// rows of neurons are brought to length 1 and the rows of a head are replaced by an orthonormal basis of what they span.</summary>
internal static class LayerMoments
{
    /// <summary>The moments, by kind of matrix.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="width">d.</param>
    /// <param name="heads">How attention splits into heads; null when it is not known, and rows are taken as they are.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static IReadOnlyDictionary<string, float[]> Of(LayerInput layer, int width, HeadLayout? heads, int threads, CancellationToken cancellation)
    {
        var moments = new SortedDictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var (part, rows) in layer.Attention)
        {
            Add(part, Spans(rows, width, HeadRows(part, rows.Length / width, heads), threads, cancellation));
        }

        if (layer.Pool is { } pool)
        {
            for (var v = 0; v < pool.Rows.Views.Count; v++)
            {
                Add(pool.Rows.Names[v], NeuronInvariants.Units(pool.Rows.Views[v], pool.Rows.Count, width));
            }
        }

        return moments;

        void Add(string kind, float[] rows)
        {
            if (SecondMoments.Sum(null, rows, width, threads) is { } moment)
            {
                moments[kind] = moment;
            }
        }
    }

    // Rows of one head; 0 where heads were not read whole. Long projections were read in their middle (AlignmentReading).
    private static int HeadRows(string part, int rows, HeadLayout? heads)
    {
        if (heads is null || heads.Dimension == 0)
        {
            return 0;
        }

        var count = part is nameof(Part.Query) or nameof(Part.AttentionOutput) ? heads.Query : heads.KeyValue;
        var each = part is nameof(Part.Query) or nameof(Part.Key) ? heads.Dimension : rows % count == 0 ? rows / count : heads.Dimension;
        return rows % each == 0 && ((count * each) - rows) / 2 % each == 0 ? each : 0;
    }

    private static float[] Spans(float[] rows, int width, int each, int threads, CancellationToken cancellation)
    {
        if (each == 0 || each > width)
        {
            return rows;
        }

        var spans = new float[rows.Length];
        Parallel.For(0, rows.Length / width / each, SharedThreads.Options(threads, cancellation), head =>
        {
            var part = rows.AsSpan(head * each * width, each * width);
            OrthogonalFactor.Of(part, each, width, 1, cancellation)?.CopyTo(spans.AsSpan(head * each * width));
        });
        return spans;
    }
}
