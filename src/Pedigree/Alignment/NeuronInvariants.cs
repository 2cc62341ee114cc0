using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>What can be said of the neurons of a layer without a residual basis: the numbers aᵀ·P·b for two rows a and b of one neuron, P being the projection onto a few
/// neighbouring eigenvectors of the second moment of one of the layer's matrices.</summary>
/// <remarks>
/// A rotation of the stream turns a, b and P alike, an order of rows or heads changes no second moment, and a projection has no sign, so these numbers stay what they were under
/// every disguise of a layer. A few hundred of them name a neuron among thousands: noise that is spread over d dimensions enters each with 1/√d. The eigenvectors of smaller eigenvalue are nearly
/// degenerate, so bands widen towards them (<see cref="Widening"/>), and beyond <see cref="MostVectors"/> none are used.
/// </remarks>
/// <param name="Rows">The neurons, as read.</param>
/// <param name="Places">Positions of the neurons that take part: those of which no row is zero.</param>
/// <param name="Fixed">count × columns: products whose sign no disguise changes.</param>
/// <param name="Mixed">Products of the first view's rows with the others', whose sign is free, where <see cref="MlpRows.SignFree"/>; none otherwise.</param>
internal sealed record NeuronInvariants(MlpRows Rows, int[] Places, float[] Fixed, float[] Mixed)
{
    /// <summary>Leading eigenvectors used of each moment.</summary>
    public const int MostVectors = 128;

    private const double Widening = 1.15;

    /// <summary>Neurons that take part.</summary>
    public int Count => Places.Length;

    /// <summary>Leading eigenvectors of second moments.</summary>
    /// <param name="moments">By kind, d × d.</param>
    /// <param name="width">d.</param>
    /// <param name="count">Vectors of each, at most d.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>By kind, count × d.</returns>
    public static IReadOnlyDictionary<string, float[]> Directions(
        IReadOnlyDictionary<string, float[]> moments, int width, int count, int threads, CancellationToken cancellation)
    {
        var directions = new SortedDictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var (kind, moment) in moments)
        {
            directions[kind] = LeadingEigenvectors.Of([moment], width, count, threads, cancellation);
        }

        return directions;
    }

    /// <summary>Measures the neurons of an MLP.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="directions">Directions of the layer, of the kinds that both models have, in one order.</param>
    /// <param name="threads">Threads to use.</param>
    public static NeuronInvariants Of(MlpRows rows, IReadOnlyList<float[]> directions, int threads)
    {
        var width = rows.Width;
        var views = rows.Views.Select(view => Units(view, rows.Count, width)).ToArray();
        int[] places = [.. Enumerable.Range(0, rows.Count).Where(i => views.All(view => view.AsSpan(i * width, width).ContainsAnyExcept(0f)))];
        views = [.. views.Select(view => places.Length == rows.Count ? view : Gathered(view, width, places))];
        var (steady, mixed) = (new List<float[]>(), new List<float[]>());
        void Add(float[][] along, int length, int[] bands)
        {
            for (var one = 0; one < along.Length; one++)
            {
                for (var two = one; two < along.Length; two++)
                {
                    var kept = one == 0 && two > 0 && rows.SignFree ? mixed : steady;
                    kept.Add(Banded(along[one], along[two], places.Length, length, bands, centred: kept == steady));
                }
            }
        }

        Add(views, width, [0, width]);
        foreach (var vectors in directions)
        {
            var count = vectors.Length / width;
            Add([.. views.Select(view => Product(view, places.Length, vectors, count, width, threads))], count, Bands(count));
        }

        var (own, signless) = (Joined(steady, places.Length), Joined(mixed, places.Length));
        for (var i = 0; i < places.Length; i++)
        {
            // All numbers of a neuron together have length 1: nothing resembles it more than itself.
            var (a, b) = (own.Length / places.Length, signless.Length / places.Length);
            var length = Math.Sqrt(FixedOrderSum.Products(own.AsSpan(i * a, a), own.AsSpan(i * a, a)) + FixedOrderSum.Products(signless.AsSpan(i * b, b), signless.AsSpan(i * b, b)));
            Scale(own.AsSpan(i * a, a), length);
            Scale(signless.AsSpan(i * b, b), length);
        }

        return new NeuronInvariants(rows, places, own, signless);
    }

    /// <summary>Names for every neuron of the suspect the one of the reference that resembles it most.</summary>
    /// <param name="suspect">The suspect's neurons.</param>
    /// <param name="reference">The reference's neurons, measured along the same kinds.</param>
    /// <param name="threads">Threads to use.</param>
    public static InvariantMatch Match(NeuronInvariants suspect, NeuronInvariants reference, int threads)
    {
        var (m, n) = (suspect.Count, reference.Count);
        if (m == 0 || n < 2)
        {
            return new InvariantMatch(new int[m], new float[m], new float[m]);
        }

        var total = Product(suspect.Fixed, m, reference.Fixed, n, suspect.Fixed.Length / m, threads);
        var mixed = Product(suspect.Mixed, m, reference.Mixed, n, suspect.Mixed.Length / m, threads);
        double square = 0;
        for (var i = 0; i < total.Length; i++)
        {
            total[i] += Math.Abs(mixed[i]);
            square += (double)total[i] * total[i];
        }

        var deviation = Math.Sqrt(square / total.Length);
        var best = new int[n];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                best[j] = total[(i * n) + j] > total[(best[j] * n) + j] ? i : best[j];
            }
        }

        var (match, weights, signs) = (new int[m], new float[m], new float[m]);
        for (var i = 0; i < m; i++)
        {
            var row = total.AsSpan(i * n, n);
            var j = match[i] = Largest(total, i, n);
            var largest = row[j];
            row[j] = float.NegativeInfinity;
            // How far the best stands out: copies of one neuron, which nothing tells apart, weigh nothing.
            weights[i] = best[j] == i && deviation > 0 ? (float)Math.Max(0, (largest - row[Largest(total, i, n)]) / deviation) : 0;
            row[j] = largest;
            signs[i] = mixed[(i * n) + j] < 0 ? -1 : 1;
        }

        return new InvariantMatch(match, weights, signs);
    }

    private static void Scale(Span<float> values, double length)
    {
        foreach (ref var value in values)
        {
            value = length > 0 ? (float)(value / length) : 0;
        }
    }

    private static int Largest(float[] values, int row, int n)
    {
        var span = values.AsSpan(row * n, n);
        var largest = 0;
        for (var j = 1; j < n; j++)
        {
            largest = span[j] > span[largest] ? j : largest;
        }

        return largest;
    }

    // Bounds of the bands: one vector each at first, then wider ones.
    private static int[] Bands(int count)
    {
        var bounds = new List<int> { 0 };
        while (bounds[^1] < count)
        {
            bounds.Add(Math.Min(count, Math.Max(bounds[^1] + 1, (int)(bounds[^1] * Widening))));
        }

        return [.. bounds];
    }

    // Sums of products over bands of columns, brought to unit spread over the neurons.
    private static float[] Banded(float[] one, float[] two, int rows, int length, int[] bands, bool centred)
    {
        var count = bands.Length - 1;
        var sums = new float[rows * count];
        var (total, squares) = (new double[count], new double[count]);
        for (var r = 0; r < rows; r++)
        {
            var a = one.AsSpan(r * length, length);
            var b = two.AsSpan(r * length, length);
            for (var band = 0; band < count; band++)
            {
                var sum = FixedOrderSum.Products(a[bands[band]..bands[band + 1]], b[bands[band]..bands[band + 1]]);
                sums[(r * count) + band] = (float)sum;
                total[band] += sum;
                squares[band] += sum * sum;
            }
        }

        for (var band = 0; band < count; band++)
        {
            var mean = centred ? total[band] / Math.Max(1, rows) : 0;
            var spread = (squares[band] / Math.Max(1, rows)) - (mean * mean);
            // Rows have length 1, so the product of a row with itself is the same in all: cancellation leaves about 1e-12 of it.
            var scale = spread > 1e-10 * squares[band] / Math.Max(1, rows) ? 1 / Math.Sqrt(spread) : 0;
            for (var r = 0; r < rows; r++)
            {
                sums[(r * count) + band] = (float)((sums[(r * count) + band] - mean) * scale);
            }
        }

        return sums;
    }

    private static float[] Joined(List<float[]> parts, int rows)
    {
        if (rows == 0)
        {
            return [];
        }

        var columns = parts.Sum(part => part.Length / rows);
        var joined = new float[checked(rows * columns)];
        var at = 0;
        foreach (var part in parts)
        {
            var count = part.Length / rows;
            for (var r = 0; r < rows; r++)
            {
                part.AsSpan(r * count, count).CopyTo(joined.AsSpan((r * columns) + at));
            }

            at += count;
        }

        return joined;
    }

    /// <summary>Centred rows of length 1; zero where a row is zero or not finite. A neuron may be scaled at will, so its length says nothing.</summary>
    public static float[] Units(float[] view, int count, int width)
    {
        var raw = Pedigree.Units.Standardisation.Lengths(view, count, width);
        float[] rows = [.. view];
        Pedigree.Units.Standardisation.CentreColumns(rows, count, width);
        var lengths = new double[count];
        Pedigree.Units.Standardisation.Rows(rows, count, width, lengths);
        for (var i = 0; i < count; i++)
        {
            if (!(raw[i] > 0) || double.IsNaN(lengths[i]))
            {
                rows.AsSpan(i * width, width).Clear();
            }
        }

        return rows;
    }

    private static float[] Gathered(float[] rows, int width, int[] places)
    {
        var gathered = new float[places.Length * width];
        for (var i = 0; i < places.Length; i++)
        {
            rows.AsSpan(places[i] * width, width).CopyTo(gathered.AsSpan(i * width, width));
        }

        return gathered;
    }

    private static float[] Product(float[] one, int m, float[] two, int n, int length, int threads)
    {
        var products = new float[checked(m * n)];
        ParallelProducts.Multiply(one, m, two, n, length, products, threads);
        return products;
    }
}

/// <summary>Neurons of a suspect's layer named among those of a reference's layer by <see cref="NeuronInvariants"/>.</summary>
/// <param name="Match">For each neuron of the suspect that takes part, one of the reference's.</param>
/// <param name="Weights">How far it stands out from the next, in standard deviations; 0 unless each is the other's best.</param>
/// <param name="Signs">The common sign of the other views.</param>
internal sealed record InvariantMatch(int[] Match, float[] Weights, float[] Signs)
{
    /// <summary>How well the neurons stand out together, for choosing among layers: no evidence.</summary>
    public double Score => Weights.Sum(weight => (double)weight * weight);
}
