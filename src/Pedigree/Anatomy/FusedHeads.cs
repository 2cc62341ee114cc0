using Pedigree.Numerics;

namespace Pedigree.Anatomy;

/// <summary>Finds out from the weights how query, key and value rows alternate in a fused tensor, and splits it.</summary>
/// <remarks>
/// Queries, keys and values differ in how long their rows are and how much that varies. Each way in which the rows may alternate (one head dimension each)
/// labels every row; its score is the log likelihood of the logarithms of row norms as normal values with a mean and a variance for each label. The true
/// way scores highest. It is believed when it is ahead of every other way, paired over layers, at 1e-3 (Student's t, Bonferroni over the ways), or when the rows of
/// its heads belong together by the levels of <see cref="HeadLayoutInference"/>, which rests on directions and not on norms. A norm of queries and keys as long
/// as a head tells the dimension by itself.
/// At most 8 layers are read, 4096 rows × 64 columns and 512 rows × 160 columns in each: 5 MB in BF16.
/// </remarks>
internal static class FusedHeads
{
    private const int MostLayers = 8;
    private const int MostRows = 4096;
    private const int MostColumns = 64;
    private const int Run = 8;
    private const double Level = 1e-3;

    /// <summary>The anatomy with fused tensors split as far as the weights allow.</summary>
    /// <param name="reader">Reads rows.</param>
    /// <param name="anatomy">The anatomy, with <see cref="Part.QueryKeyValue"/> where the order of rows is open.</param>
    /// <param name="mayBeOneAfterAnother">Whether queries, keys and values may also follow each other as wholes; then that is the answer where nothing speaks against it.</param>
    public static ModelAnatomy Split(WeightReader reader, ModelAnatomy anatomy, bool mayBeOneAfterAnother)
    {
        var layers = Enumerable.Range(0, anatomy.Layers).Where(layer => anatomy.Views.ContainsKey(new Role(Part.QueryKeyValue, layer))).ToArray();
        var shapes = layers.Select(layer => (anatomy.Views[new Role(Part.QueryKeyValue, layer)].Rows, Query: QueryRows(anatomy, layer))).Distinct().ToArray();
        if (layers.Length == 0)
        {
            return anatomy;
        }

        if (shapes is not [var (rows, queryRows)])
        {
            return Open(anatomy, "its layers differ in shape");
        }

        var keyRows = (rows - queryRows) / 2;
        int?[] ways =
        [
            .. mayBeOneAfterAnother ? new int?[] { null } : [],
            .. (HeadLayoutInference.NormLength(anatomy, layers, queryRows, keyRows) is { } known ? [known] : HeadLayoutInference.Candidates)
                .Where(length => queryRows % keyRows == 0 && keyRows % length == 0).Select(length => (int?)length),
        ];
        if (ways.Length == 0)
        {
            return Open(anatomy, "no known head dimension divides its rows");
        }

        var scores = ScoresOf(reader, anatomy, layers, rows, queryRows, ways);
        var best = Enumerable.Range(0, ways.Length).MinBy(way => scores[way].Average());
        bool Beaten(int way) => StudentTail.OfMean([.. scores[way].Zip(scores[best], (other, own) => other - own)]) * (ways.Length - 1) <= Level;
        var rivals = Enumerable.Range(0, ways.Length).Where(way => way != best && !Beaten(way)).ToArray();
        // Rows that belong together tell one dimension from another, but not whether queries come first.
        if (rivals.Length > 0 && (rivals.Any(way => ways[way] is null) || !Coheres(reader, anatomy, layers, ways[best], queryRows, keyRows)))
        {
            return mayBeOneAfterAnother ? Apply(anatomy, layers, queryRows, null, 1) : Open(anatomy, "row norms do not tell how its rows alternate");
        }

        var queries = ways[best] is null ? 1 : queryRows / keyRows;
        var split = Apply(anatomy, layers, queryRows, ways[best], queries);
        return ways[best] is not { } dimension ? split : split with
        {
            Heads = new HeadLayout(queryRows / dimension, keyRows / dimension, dimension, "the period in which query, key and value rows alternate"),
        };
    }

    private static int QueryRows(ModelAnatomy anatomy, int layer) =>
        anatomy.Find(new Role(Part.AttentionOutput, layer))?.Columns ?? anatomy.Views[new Role(Part.QueryKeyValue, layer)].Rows / 3;

    private static bool Coheres(WeightReader reader, ModelAnatomy anatomy, int[] layers, int? dimension, int queryRows, int keyRows)
    {
        int[] sampled = [.. LayerSample.Of(layers.Length, MostLayers).Select(index => layers[index])];
        HeadRows[] samples =
        [
            .. sampled.Select(layer => HeadRows.Read(reader, anatomy.Views[new Role(Part.QueryKeyValue, layer)], layer, isGroup: false, isRotary: true)),
            .. from layer in sampled
               let output = anatomy.Find(new Role(Part.AttentionOutput, layer))
               where output is not null
               select HeadRows.Read(reader, output.Transposed(), layer, isGroup: false, isRotary: false),
        ];
        return dimension is { } length && HeadLayoutInference.Coheres(samples, length, HeadLayoutInference.Divisors(keyRows), queryRows / keyRows);
    }

    private static double[][] ScoresOf(WeightReader reader, ModelAnatomy anatomy, int[] layers, int rows, int queryRows, int?[] ways)
    {
        var sampled = SampledRows(rows);
        var scores = ways.Select(_ => new List<double>()).ToArray();
        foreach (var layer in LayerSample.Of(layers.Length, MostLayers).Select(index => layers[index]))
        {
            var norms = LogNorms(reader, anatomy.Views[new Role(Part.QueryKeyValue, layer)], sampled);
            for (var way = 0; way < ways.Length; way++)
            {
                scores[way].Add(Unexplained(sampled, norms, row => ClassOf(row, queryRows, rows, ways[way])));
            }
        }

        return [.. scores.Select(score => score.ToArray())];
    }

    // Runs at random places: evenly spaced ones could fall into step with the heads.
    private static int[] SampledRows(int rows)
    {
        if (rows <= MostRows)
        {
            return [.. Enumerable.Range(0, rows)];
        }

        var runs = new CounterRandom(0x66757365, 0).Permutation(rows / Run).AsSpan(0, MostRows / Run).ToArray();
        return [.. runs.Order().SelectMany(run => Enumerable.Range(run * Run, Run))];
    }

    private static double[] LogNorms(WeightReader reader, TensorView view, int[] rows)
    {
        var cut = view.ColumnRange(0, Math.Min(MostColumns, view.Columns));
        var values = new float[Run * cut.Columns];
        var norms = new double[rows.Length];
        for (var at = 0; at < rows.Length; at += Run)
        {
            var count = Math.Min(Run, rows.Length - at);
            reader.ReadRows(cut, rows[at], count, values.AsSpan(0, count * cut.Columns));
            for (var row = 0; row < count; row++)
            {
                var square = 0.0;
                foreach (var value in values.AsSpan(row * cut.Columns, cut.Columns))
                {
                    square += (double)value * value;
                }

                norms[at + row] = square > 0 && double.IsFinite(square) ? Math.Log(square) / 2 : double.NaN;
            }
        }

        return norms;
    }

    private static int ClassOf(int row, int queryRows, int rows, int? dimension)
    {
        var keyRows = (rows - queryRows) / 2;
        if (dimension is not { } length)
        {
            return row < queryRows ? 0 : row < queryRows + keyRows ? 1 : 2;
        }

        var queries = queryRows / keyRows;
        return Math.Max(0, (row / length % (queries + 2)) - queries + 1);
    }

    // Minus the log likelihood a row, less its constant; rows without a norm are left out.
    private static double Unexplained(int[] rows, double[] norms, Func<int, int> classOf)
    {
        Span<double> sums = stackalloc double[3];
        Span<double> squares = stackalloc double[3];
        Span<int> counts = stackalloc int[3];
        for (var i = 0; i < rows.Length; i++)
        {
            if (!double.IsNaN(norms[i]))
            {
                var of = classOf(rows[i]);
                sums[of] += norms[i];
                squares[of] += norms[i] * norms[i];
                counts[of]++;
            }
        }

        var score = 0.0;
        var all = counts[0] + counts[1] + counts[2];
        for (var of = 0; of < 3; of++)
        {
            var mean = sums[of] / Math.Max(1, counts[of]);
            score += counts[of] * Math.Log(Math.Max(1e-9, (squares[of] / Math.Max(1, counts[of])) - (mean * mean)));
        }

        return all > 0 ? score / (2 * all) : 0;
    }

    private static ModelAnatomy Apply(ModelAnatomy anatomy, int[] layers, int queryRows, int? dimension, int queries)
    {
        var views = new SortedDictionary<Role, TensorView>(anatomy.Views.ToDictionary());
        foreach (var layer in layers)
        {
            var whole = new Role(Part.QueryKeyValue, layer);
            foreach (var (part, piece) in Pieces(views[whole]))
            {
                views[new Role(part, layer)] = piece;
            }

            views.Remove(whole);
            var bias = new Role(Part.Bias, layer, Role.Dense, Part.QueryKeyValue);
            if (views.Remove(bias, out var vector))
            {
                foreach (var (part, piece) in Pieces(vector.Transposed()))
                {
                    views[new Role(Part.Bias, layer, Role.Dense, part)] = piece.Transposed();
                }
            }
        }

        return anatomy with { Views = views };

        IReadOnlyList<(Part, TensorView)> Pieces(TensorView view) =>
            dimension is { } length ? FusedRows.Grouped(view, length, queries) : FusedRows.OneAfterAnother(view, queryRows);
    }

    private static ModelAnatomy Open(ModelAnatomy anatomy, string why) => anatomy with
    {
        Findings = [.. anatomy.Findings, new AnatomyFinding("fused-attention-not-split", $"Query, key and value stand in one tensor and were left there: {why}.")],
    };
}
