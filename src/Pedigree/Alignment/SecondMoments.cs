using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Second moments of the matrices of a model that read or write the residual stream, one a kind of matrix, each scaled to Frobenius norm 1 and made traceless layer by
/// layer; and the same in the basis of their leading eigenvectors, which is kept.</summary>
/// <param name="width">d.</param>
/// <param name="ofKind">By name of the kind: d × d.</param>
internal sealed class SecondMoments(int width, IReadOnlyDictionary<string, float[]> ofKind)
{
    private readonly Lock gate = new();
    private (string[] Kinds, int Count, (float[] Basis, float[][] Projected) Value)? kept;

    /// <summary>d.</summary>
    public int Width => width;

    /// <summary>The kinds, in ordinal order.</summary>
    public IEnumerable<string> Kinds => ofKind.Keys;

    /// <summary>Second moments of layers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layers">The layers that may take part.</param>
    /// <param name="threads">Threads to use.</param>
    public static SecondMoments Of(AlignmentInput model, IEnumerable<int> layers, int threads)
    {
        var matrices = new SortedDictionary<string, List<Func<float[]>>>(StringComparer.Ordinal);
        foreach (var layer in layers.Select(layer => model.Layers[layer]))
        {
            foreach (var (part, rows) in layer.Attention)
            {
                Add(part, () => rows);
            }

            for (var v = 0; v < (layer.Pool?.Rows.Views.Count ?? 0); v++)
            {
                var view = v;
                Add(layer.Pool!.Rows.Names[v], () => layer.Pool.Rows.Views[view]);
            }
        }

        // Kinds side by side, the layers of each in order.
        var sums = new float[]?[matrices.Count];
        var kinds = matrices.ToArray();
        Parallel.For(0, kinds.Length, SharedThreads.Options(threads), kind =>
        {
            foreach (var rows in kinds[kind].Value)
            {
                sums[kind] = Sum(sums[kind], rows(), model.Width, threads);
            }
        });
        var moments = new SortedDictionary<string, float[]>(StringComparer.Ordinal);
        for (var kind = 0; kind < kinds.Length; kind++)
        {
            if (sums[kind] is { } sum)
            {
                moments[kinds[kind].Key] = sum;
            }
        }

        return new SecondMoments(model.Width, moments);

        void Add(string kind, Func<float[]> rows)
        {
            if (!matrices.TryGetValue(kind, out var own))
            {
                matrices[kind] = own = [];
            }

            own.Add(rows);
        }
    }

    /// <summary>The leading eigenvectors of the sum over some kinds, count × d by descending eigenvalue, and the moments in that basis, count × count each.</summary>
    /// <param name="kinds">The kinds; all must be present.</param>
    /// <param name="count">Number of eigenvectors.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public (float[] Basis, float[][] Projected) Leading(string[] kinds, int count, int threads, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (kept is { } present && present.Count == count && present.Kinds.SequenceEqual(kinds, StringComparer.Ordinal))
            {
                return present.Value;
            }
        }

        var basis = LeadingEigenvectors.Of([.. kinds.Select(kind => ofKind[kind])], width, count, threads, cancellation);
        var projected = kinds.Select(kind => Projected(ofKind[kind], basis, count, threads)).ToArray();
        lock (gate)
        {
            kept = (kinds, count, (basis, projected));
        }

        return (basis, projected);
    }

    /// <summary>Adds the moment of one matrix, scaled to norm 1 and made traceless, to a sum.</summary>
    /// <param name="sum">The sum so far, d × d, changed in place; null for none.</param>
    /// <param name="rows">count × d.</param>
    /// <param name="width">d.</param>
    /// <param name="threads">Threads to use.</param>
    /// <returns>The sum; as it was when the matrix is zero or not finite.</returns>
    public static float[]? Sum(float[]? sum, float[] rows, int width, int threads)
    {
        var count = rows.Length / width;
        var transposed = ParallelProducts.Transposed(rows, count, width);
        var moment = new float[checked(width * width)];
        ParallelProducts.Gram(transposed, width, count, moment, threads);
        return Added(sum, moment, width);
    }

    /// <summary>Adds a moment, scaled to norm 1 and made traceless, to a sum.</summary>
    /// <param name="sum">The sum so far, d × d, changed in place; null for none.</param>
    /// <param name="moment">d × d.</param>
    /// <param name="width">d.</param>
    /// <returns>The sum; as it was when the moment is zero or not finite.</returns>
    public static float[]? Added(float[]? sum, float[] moment, int width)
    {
        double square = 0, trace = 0;
        foreach (var value in moment)
        {
            square += (double)value * value;
        }

        if (!(square > 0) || !double.IsFinite(square))
        {
            return sum;
        }

        var norm = Math.Sqrt(square);
        for (var i = 0; i < width; i++)
        {
            trace += moment[(i * width) + i] / norm;
        }

        sum ??= new float[moment.Length];
        for (var i = 0; i < moment.Length; i++)
        {
            sum[i] += (float)(moment[i] / norm);
        }

        for (var i = 0; i < width; i++)
        {
            sum[(i * width) + i] -= (float)(trace / width);
        }

        return sum;
    }

    // V·S·Vᵀ with the basis vectors as rows of V.
    private float[] Projected(float[] moment, float[] basis, int count, int threads)
    {
        var half = new float[checked(count * width)];
        ParallelProducts.Multiply(basis, count, moment, width, width, half, threads);
        var result = new float[count * count];
        ParallelProducts.Multiply(half, count, basis, count, width, result, threads);
        return result;
    }
}
