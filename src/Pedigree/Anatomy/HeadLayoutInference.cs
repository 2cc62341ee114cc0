using Pedigree.Numerics;

namespace Pedigree.Anatomy;

/// <summary>Establishes how many rows a head has, from QK norms or from the weights; never from config.json.</summary>
/// <remarks>
/// A claim of too short heads would cut heads to pieces and make a later exact test wrong: pieces of a rotary head are bands of frequencies, which have their order in every model. Too
/// long heads only cost power. So a length p is accepted when every other length that would cut across heads of p rows (every divisor of the row counts that does not
/// divide p) is rejected at 1e-6 by values and columns of the output, whose rows are exchangeable inside a head (<see cref="HeadPartition"/>), and nothing speaks for longer heads at
/// 0.01 (Bonferroni over the lengths): neither neighbouring blocks that are closer in pairs nor a pattern of row norms with a longer period, in any of the four matrices. To exclude merely
/// too long heads, every shorter length must be rejected at 1e-3. Without values and outputs nothing is established.
/// The t tests treat matrices and heads as independent; they are strict by their levels, not exact.
/// At most 8 layers, and in each 512 rows × 160 columns of the four matrices, are read: 5 MB in BF16.
/// </remarks>
internal static class HeadLayoutInference
{
    private const int MostLayers = 8;
    private const double Log10CutLevel = -6;
    private const double LongerLevel = 0.01;
    private const double ShorterLevel = 1e-3;
    private const int Shortest = 8;

    /// <summary>Rows of a head that known models have.</summary>
    public static readonly IReadOnlyList<int> Candidates = [8, 16, 24, 32, 40, 48, 64, 72, 80, 96, 100, 112, 120, 128, 160, 192, 256];

    /// <summary>The layout, or null if it is not established.</summary>
    public static HeadLayout? Infer(WeightReader reader, ModelAnatomy anatomy)
    {
        var layers = Enumerable.Range(0, anatomy.Layers)
            .Where(layer => anatomy.Views.ContainsKey(new Role(Part.Query, layer)) && anatomy.Views.ContainsKey(new Role(Part.Key, layer)))
            .ToArray();
        var shapes = layers
            .Select(layer => (Query: anatomy.Views[new Role(Part.Query, layer)].Rows, Key: anatomy.Views[new Role(Part.Key, layer)].Rows))
            .Distinct().ToArray();
        // Layers of several shapes have no single layout.
        if (shapes is not [var (queryRows, keyRows)] || queryRows % keyRows != 0)
        {
            return null;
        }

        if (NormLength(anatomy, layers, queryRows, keyRows) is { } length)
        {
            return Layout(queryRows, keyRows, length, "length of the query and key norms");
        }

        HeadRows[] samples = [.. LayerSample.Of(layers.Length, MostLayers).SelectMany(index => SamplesOf(reader, anatomy, layers[index], queryRows, keyRows))];
        var divisors = Divisors(keyRows);
        foreach (var candidate in Candidates.Where(divisors.Contains))
        {
            if (Coheres(samples, candidate, divisors, queryRows / keyRows) && NothingIsLonger(samples, candidate, divisors, queryRows / keyRows))
            {
                return Layout(queryRows, keyRows, candidate, "similarity of attention rows within and between heads");
            }
        }

        return null;
    }

    /// <summary>Lengths that heads of so many key rows could have.</summary>
    public static int[] Divisors(int keyRows) => [.. Enumerable.Range(Shortest, Math.Max(0, keyRows - Shortest + 1)).Where(length => keyRows % length == 0)];

    /// <summary>Whether blocks of <paramref name="candidate"/> rows belong together, so that no other length can be one of heads but a multiple of it.</summary>
    public static bool Coheres(HeadRows[] samples, int candidate, int[] divisors, int queriesPerGroup) =>
        NothingIsCut(samples, candidate, divisors, queriesPerGroup) && NothingIsShorter(samples, candidate);

    private static IEnumerable<HeadRows> SamplesOf(WeightReader reader, ModelAnatomy anatomy, int layer, int queryRows, int keyRows)
    {
        yield return HeadRows.Read(reader, anatomy.Views[new Role(Part.Query, layer)], layer, isGroup: false, isRotary: true);
        yield return HeadRows.Read(reader, anatomy.Views[new Role(Part.Key, layer)], layer, isGroup: true, isRotary: true);
        // Values shorter than keys have heads of another length.
        if (anatomy.Find(new Role(Part.Value, layer)) is { } value && value.Rows == keyRows
            && anatomy.Find(new Role(Part.AttentionOutput, layer)) is { } output && output.Columns == queryRows)
        {
            yield return HeadRows.Read(reader, value, layer, isGroup: true, isRotary: false);
            yield return HeadRows.Read(reader, output.Transposed(), layer, isGroup: false, isRotary: false);
        }
    }

    private static HeadLayout Layout(int queryRows, int keyRows, int length, string basis) =>
        new(queryRows / length, keyRows / length, length, basis);

    /// <summary>The length of the norms of queries and keys, where they tell the dimension of a head: a norm as long as all rows normalises across heads and
    /// says nothing about one. Some models store one norm for each head.</summary>
    public static int? NormLength(ModelAnatomy anatomy, int[] layers, int queryRows, int keyRows)
    {
        int? Length(Part part, int layer) => anatomy.Find(new Role(part, layer)) is not { } view ? null
            : view.Tensor.Shape.Length == 2 && view.Tensor.Shape[0] > 1 ? (int)view.Tensor.Shape[1]
            : view.Columns;
        var lengths = layers.Select(layer => (Query: Length(Part.QueryNorm, layer), Key: Length(Part.KeyNorm, layer))).Distinct().ToArray();
        return lengths is [({ } query, { } key)] && query == key && query < queryRows && queryRows % query == 0 && keyRows % query == 0 ? query : null;
    }

    private static bool NothingIsCut(HeadRows[] samples, int candidate, int[] divisors, int queriesPerGroup)
    {
        HeadRows[] exchangeable = [.. samples.Where(sample => !sample.IsRotary)];
        return exchangeable.Length > 0 && divisors.Where(length => candidate % length != 0).All(length =>
        {
            // Query heads of one group read the same values, so their scores go together: a group counts once, by their mean, whose variance is 1 at most.
            double[] scores =
            [
                .. exchangeable
                    .SelectMany(sample => sample.Scores(candidate, length).Select(block => (Group: (sample.Layer, block.Block / (sample.IsGroup ? 1 : queriesPerGroup)), block.Score)))
                    .GroupBy(block => block.Group, block => block.Score)
                    .Select(group => group.Average()),
            ];
            return scores.Length > 0 && LogProbability.Log10UpperNormal(scores.Sum() / Math.Sqrt(scores.Length)) <= Log10CutLevel;
        });
    }

    private static bool NothingIsShorter(HeadRows[] samples, int candidate) => Candidates
        .Where(length => length < candidate && candidate % length == 0)
        .All(length => StudentTail.OfMean([.. samples.SelectMany(sample => sample.Cohesion(length, candidate))]) <= ShorterLevel);

    private static bool NothingIsLonger(HeadRows[] samples, int candidate, int[] divisors, int queriesPerGroup)
    {
        var multiples = divisors.Where(length => length > candidate && length % candidate == 0).Select(length => length / candidate).ToArray();
        var level = LongerLevel / (2 * Math.Max(1, multiples.Length));
        foreach (var times in multiples)
        {
            // Query heads of one KV group may resemble each other, which looks like a longer head: there, keys and values alone decide.
            var fit = samples.Where(sample => sample.IsGroup || GreatestCommonDivisor(times, queriesPerGroup) == 1).ToArray();
            // Each matrix against itself: how close neighbours are differs between matrices by more than heads do.
            double[] closer = [.. fit.Select(sample => NeighboursInsideOverAcross(sample, candidate, times)).OfType<double>()];
            if (StudentTail.OfMean(closer) <= level
                || RowNormPattern.RepeatsOnlyAfter([.. fit.Where(sample => sample.IsRotary)], candidate, times) <= Math.Max(level, RowNormPattern.SmallestProbability))
            {
                return false;
            }
        }

        return true;
    }

    private static double? NeighboursInsideOverAcross(HeadRows sample, int candidate, int times)
    {
        double[] closeness = [.. sample.Neighbours(candidate)];
        double[] across = [.. closeness.Where((_, index) => (index + 1) % times == 0)];
        double[] inside = [.. closeness.Where((_, index) => (index + 1) % times != 0)];
        return inside.Length > 0 && across.Length > 0 ? inside.Average() - across.Average() : null;
    }

    private static int GreatestCommonDivisor(int first, int second) => second == 0 ? first : GreatestCommonDivisor(second, first % second);
}
