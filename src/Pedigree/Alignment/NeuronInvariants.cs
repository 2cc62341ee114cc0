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
    public static NeuronInvariants Of(MlpRows rows, IReadOnlyList<float[]> directions, int threads) => Of([rows], directions, threads)! with { Rows = rows };

    /// <summary>Measures neurons that come piece by piece.</summary>
    /// <param name="pieces">The pieces, of a thousand neurons or so each: columns are centred within each.</param>
    /// <param name="directions">Directions of the layer, of the kinds that both models have, in one order.</param>
    /// <param name="threads">Threads to use.</param>
    /// <returns>The neurons, of whose rows none are kept; null when there are no pieces.</returns>
    public static NeuronInvariants? Of(IEnumerable<MlpRows> pieces, IReadOnlyList<float[]> directions, int threads)
    {
        MlpRows? like = null;
        var places = new List<int>();
        var (steady, mixed) = (new List<List<float[]>>(), new List<List<float[]>>());
        var first = 0;
        foreach (var piece in pieces)
        {
            places.AddRange(Measure(piece, directions, threads, steady, mixed).Select(place => place + first));
            first += piece.Count;
            like ??= piece with { Views = [] };
        }

        var (own, signless) = (Joined(steady, places.Count, centred: true), Joined(mixed, places.Count, centred: false));
        var (a, b) = (own.Length / Math.Max(1, places.Count), signless.Length / Math.Max(1, places.Count));
        for (var i = 0; i < places.Count; i++)
        {
            // All numbers of a neuron together have length 1: nothing resembles it more than itself.
            var length = Math.Sqrt(FixedOrderSum.Products(own.AsSpan(i * a, a), own.AsSpan(i * a, a)) + FixedOrderSum.Products(signless.AsSpan(i * b, b), signless.AsSpan(i * b, b)));
            Scale(own.AsSpan(i * a, a), length);
            Scale(signless.AsSpan(i * b, b), length);
        }

        return like is null ? null : new NeuronInvariants(like, [.. places], own, signless);
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

    // Adds the sums of one piece to those of each product of views and kind.
    private static int[] Measure(MlpRows rows, IReadOnlyList<float[]> directions, int threads, List<List<float[]>> steady, List<List<float[]>> mixed)
    {
        var width = rows.Width;
        var views = rows.Views.Select(view => Units(view, rows.Count, width)).ToArray();
        int[] places = [.. Enumerable.Range(0, rows.Count).Where(i => views.All(view => view.AsSpan(i * width, width).ContainsAnyExcept(0f)))];
        views = [.. views.Select(view => places.Length == rows.Count ? view : Gathered(view, width, places))];
        var (fixedAt, mixedAt) = (0, 0);
        Add(views, width, [0, width]);
        foreach (var vectors in directions)
        {
            var count = vectors.Length / width;
            Add([.. views.Select(view => Product(view, places.Length, vectors, count, width, threads))], count, Bands(count));
        }

        return places;

        void Add(float[][] along, int length, int[] bands)
        {
            for (var one = 0; one < along.Length; one++)
            {
                for (var two = one; two < along.Length; two++)
                {
                    var free = one == 0 && two > 0 && rows.SignFree;
                    var (kept, at) = free ? (mixed, mixedAt++) : (steady, fixedAt++);
                    if (kept.Count == at)
                    {
                        kept.Add([]);
                    }

                    kept[at].Add(Banded(along[one], along[two], places.Length, length, bands));
                }
            }
        }
    }

    // Sums of products over bands of columns.
    private static float[] Banded(float[] one, float[] two, int rows, int length, int[] bands)
    {
        var count = bands.Length - 1;
        var sums = new float[rows * count];
        for (var r = 0; r < rows; r++)
        {
            var a = one.AsSpan(r * length, length);
            var b = two.AsSpan(r * length, length);
            for (var band = 0; band < count; band++)
            {
                sums[(r * count) + band] = (float)FixedOrderSum.Products(a[bands[band]..bands[band + 1]], b[bands[band]..bands[band + 1]]);
            }
        }

        return sums;
    }

    // All columns side by side, each of unit spread over the neurons.
    private static float[] Joined(List<List<float[]>> parts, int rows, bool centred)
    {
        if (rows == 0)
        {
            return [];
        }

        var columns = parts.Sum(part => part.Sum(piece => piece.Length) / rows);
        var joined = new float[checked(rows * columns)];
        var at = 0;
        foreach (var part in parts)
        {
            var count = part.Sum(piece => piece.Length) / rows;
            var row = 0;
            foreach (var piece in part)
            {
                for (var start = 0; start < piece.Length; start += count, row++)
                {
                    piece.AsSpan(start, count).CopyTo(joined.AsSpan((row * columns) + at));
                }
            }

            at += count;
        }

        for (var c = 0; c < columns; c++)
        {
            double total = 0, squares = 0;
            for (var i = c; i < joined.Length; i += columns)
            {
                total += joined[i];
                squares += (double)joined[i] * joined[i];
            }

            var mean = centred ? total / rows : 0;
            var spread = (squares / rows) - (mean * mean);
            // Rows have length 1, so the product of a row with itself is the same in all: cancellation leaves about 1e-12 of it.
            var scale = spread > 1e-10 * squares / rows ? 1 / Math.Sqrt(spread) : 0;
            for (var i = c; i < joined.Length; i += columns)
            {
                joined[i] = (float)((joined[i] - mean) * scale);
            }
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
