using Pedigree.Numerics;

namespace Pedigree.Tests.Anatomy.Families;

/// <summary>Rows of a projection that look trained: rows of one head share directions, and queries, keys and values differ in length.</summary>
internal static class TrainedRows
{
    private const int Directions = 3;

    // Typical root mean squares of query, key and value entries relative to each other.
    private static readonly double[] Levels = [1, 1.35, 0.55];

    /// <summary>Whether a size counts rows of heads.</summary>
    public static bool IsHeads(string size) => size is "q" or "k" or "g" or "c" or "p" or "c3" or "1g";

    /// <summary>Makes rows × columns values.</summary>
    public static float[] Make(ref CounterRandom random, string kind, int rows, int columns, int head, int queryHeads, int groups)
    {
        var values = new float[rows * columns];
        var directions = new double[Directions * columns];
        Span<double> weights = stackalloc double[Directions];
        for (var row = 0; row < rows; row++)
        {
            if (row % head == 0)
            {
                for (var i = 0; i < directions.Length; i++)
                {
                    directions[i] = random.NextGaussian();
                }
            }

            var shared = IsHeads(kind) ? 0.7 : 0;
            var scale = (IsHeads(kind) ? Levels[ClassOf(kind, row / head, queryHeads, groups)] : 1) * Math.Exp(0.15 * random.NextGaussian()) / Math.Sqrt(columns);
            for (var i = 0; i < Directions; i++)
            {
                weights[i] = shared * random.NextGaussian() / Math.Sqrt(Directions);
            }

            for (var column = 0; column < columns; column++)
            {
                var value = Math.Sqrt(1 - (shared * shared)) * random.NextGaussian();
                for (var i = 0; i < Directions; i++)
                {
                    value += weights[i] * directions[(i * columns) + column];
                }

                values[(row * columns) + column] = (float)(scale * value);
            }
        }

        return values;
    }

    private static int ClassOf(string kind, int block, int queryHeads, int groups) => kind switch
    {
        "g" => Math.Max(0, (block % ((queryHeads / groups) + 2)) - (queryHeads / groups) + 1),
        "p" => block % 3,
        "1g" => Math.Max(0, block - queryHeads + 1),
        "c" => block < queryHeads ? 0 : block < queryHeads + groups ? 1 : 2,
        "c3" => block / queryHeads,
        _ => 0,
    };
}
