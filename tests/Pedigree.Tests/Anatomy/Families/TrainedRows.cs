using Pedigree.Numerics;

namespace Pedigree.Tests.Anatomy.Families;

/// <summary>Rows of a matrix that look trained: rows of one head share directions; queries, keys and values differ in length, keys most among themselves; rows of
/// a gate and of an unembedding have a direction in common.</summary>
internal static class TrainedRows
{
    private const int Directions = 3;
    private const int Head = FamilyCheckpoint.Head;
    private const int QueryHeads = FamilyCheckpoint.QueryHeads;
    private const int Groups = FamilyCheckpoint.Groups;

    private static readonly string[] HeadParts = ["Query", "Key", "Value"];

    // Typical root mean squares of query, key and value entries relative to each other, and how much the lengths of rows vary.
    private static readonly double[] Levels = [1, 1.35, 0.55];
    private static readonly double[] Spreads = [0.15, 0.45, 0.15];

    /// <summary>Whether a size counts rows of heads.</summary>
    public static bool IsHeads(string size) => size is "q" or "k" or "g" or "c" or "p" or "c3" or "1g";

    /// <summary>Makes rows × columns values.</summary>
    public static float[] Make(ref CounterRandom random, string kind, string[] parts, int rows, int columns)
    {
        var values = new float[rows * columns];
        var directions = new double[Directions * columns];
        var common = new double[columns];
        Span<double> weights = stackalloc double[Directions];
        Fill(ref random, common);
        var inCommon = parts is ["Gate"] or ["Unembedding"] ? 0.5 : 0;
        for (var row = 0; row < rows; row++)
        {
            if (row % Head == 0)
            {
                Fill(ref random, directions);
            }

            var of = IsHeads(kind) ? PartOf(kind, parts, row / Head) : 0;
            var shared = IsHeads(kind) ? 0.7 : 0;
            var scale = Levels[of] * Math.Exp(Spreads[of] * random.NextGaussian()) / Math.Sqrt(columns);
            for (var i = 0; i < Directions; i++)
            {
                weights[i] = shared * random.NextGaussian() / Math.Sqrt(Directions);
            }

            for (var column = 0; column < columns; column++)
            {
                var value = (Math.Sqrt(1 - (shared * shared)) * random.NextGaussian()) + (inCommon * common[column]);
                for (var i = 0; i < Directions; i++)
                {
                    value += weights[i] * directions[(i * columns) + column];
                }

                values[(row * columns) + column] = (float)(scale * value);
            }
        }

        return values;
    }

    private static void Fill(ref CounterRandom random, double[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = random.NextGaussian();
        }
    }

    // 0 for query, 1 for key, 2 for value.
    private static int PartOf(string kind, string[] parts, int block) => kind switch
    {
        "g" => Math.Max(0, (block % ((QueryHeads / Groups) + 2)) - (QueryHeads / Groups) + 1),
        "p" => block % 3,
        "1g" => Math.Max(0, block - QueryHeads + 1),
        "c" => block < QueryHeads ? 0 : block < QueryHeads + Groups ? 1 : 2,
        "c3" => block / QueryHeads,
        _ => parts is [var part] ? Math.Max(0, Array.IndexOf(HeadParts, part)) : 0,
    };
}
