using Pedigree.Numerics;
using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Manipulations;

/// <summary>Changes inside attention that keep the function: S7, S8, S9, S14 in the numbering of docs/zoo.md.</summary>
internal static class HeadSymmetries
{
    /// <summary>S7: key-value heads in another order, and the query heads of each in another order.</summary>
    public static Manipulation Permuted { get; } = new("heads-permuted", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 20);
        var shape = parent.Shape;
        var groups = new int[shape.Layers][];
        var queries = new int[shape.Layers][];
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            groups[layer] = random.Permutation(shape.KeyValueHeads);
            var order = new List<int>();
            foreach (var group in groups[layer])
            {
                order.AddRange(random.Permutation(shape.GroupSize).Select(head => (group * shape.GroupSize) + head));
            }

            queries[layer] = [.. order];
        }

        return new(Selection.Heads(parent, queries, groups), Truth.Identity(shape) with { QueryHeads = queries, KeyValueHeads = groups });
    });

    /// <summary>S8: queries and keys changed by maps that cancel in their products. With rotary positions a turn and scale of each frequency
    /// pair (a sign where queries and keys are normalised); with learned positions any invertible matrix.</summary>
    public static Manipulation QueryKeyMapped { get; } = new("query-key-mapped", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 21);
        var model = parent.Copy();
        var shape = parent.Shape;
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            for (var group = 0; group < shape.KeyValueHeads; group++)
            {
                var (query, key) = shape.QueryKeyNorm ? SignMaps(shape.HeadWidth, ref random)
                    : shape.LearnedPositions ? InverseTransposes(shape.HeadWidth, ref random)
                    : RotaryMaps(shape.HeadWidth, ref random);
                for (var member = 0; member < shape.GroupSize; member++)
                {
                    MapRows(model, Slot.Query(layer), (group * shape.GroupSize) + member, query);
                }

                MapRows(model, Slot.Key(layer), group, key);
            }
        }

        return new(model, Truth.Identity(shape));
    });

    /// <summary>S9: values changed by any invertible matrix in each head, and undone in the output.</summary>
    public static Manipulation ValueOutputMapped { get; } = new("value-output-mapped", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 22);
        var model = parent.Copy();
        var shape = parent.Shape;
        var width = shape.HeadWidth;
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            // Columns of the output are rows of its transpose, which the inverse transpose of the value map must act on.
            var output = model[Slot.Output(layer)].Transpose();
            for (var group = 0; group < shape.KeyValueHeads; group++)
            {
                var (value, inverseTranspose) = InverseTransposes(width, ref random);
                MapRows(model, Slot.Value(layer), group, value);
                for (var member = 0; member < shape.GroupSize; member++)
                {
                    MapBlock(output, ((group * shape.GroupSize) + member) * width, inverseTranspose, width);
                }
            }

            output.Transpose().Values.CopyTo(model[Slot.Output(layer)].Values, 0);
        }

        return new(model, Truth.Identity(shape));
    });

    /// <summary>S14: value biases moved through the output matrix into its bias, and key biases shifted where positions are learned.</summary>
    public static Manipulation BiasesMoved { get; } = new("biases-moved", (parent, seed) =>
    {
        if (!parent.Shape.QueryKeyValueBias)
        {
            return new(parent.Copy(), Truth.Identity(parent.Shape));
        }

        var random = new CounterRandom(seed, 23);
        var shape = parent.Shape with { OutputBias = true };
        var changed = new Dictionary<string, Weights>(StringComparer.Ordinal);
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var output = parent[Slot.Output(layer)];
            var bias = parent.Find(Slot.Bias(Slot.Output(layer)))?.Copy() ?? new Weights(1, shape.Width);
            var values = parent[Slot.Bias(Slot.Value(layer))].Values;
            for (var row = 0; row < output.Rows; row++)
            {
                double sum = bias.Values[row];
                for (var column = 0; column < output.Columns; column++)
                {
                    var group = column / shape.HeadWidth / shape.GroupSize;
                    sum += output.Row(row)[column] * (double)values[(group * shape.HeadWidth) + (column % shape.HeadWidth)];
                }

                bias.Values[row] = (float)sum;
            }

            changed[Slot.Bias(Slot.Output(layer))] = bias;
            changed[Slot.Bias(Slot.Value(layer))] = new Weights(1, values.Length);
            if (shape.LearnedPositions && !shape.QueryKeyNorm)
            {
                changed[Slot.Bias(Slot.Key(layer))] = parent[Slot.Bias(Slot.Key(layer))].Copy().Map(value => (float)(value + (0.3 * random.NextGaussian())));
            }
        }

        return new(parent.With(shape, changed), Truth.Identity(parent.Shape));
    });

    private static (double[] Query, double[] Key) RotaryMaps(int width, ref CounterRandom random)
    {
        var (query, key) = (new double[width * width], new double[width * width]);
        var half = width / 2;
        for (var i = 0; i < half; i++)
        {
            // As complex numbers q <- a·q and k <- k / conj(a): both turn by the angle of a.
            var (sine, cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            var size = Math.Exp(0.3 * random.NextGaussian());
            foreach (var (map, factor) in new[] { (query, size), (key, 1 / size) })
            {
                map[(i * width) + i] = factor * cosine;
                map[(i * width) + i + half] = -factor * sine;
                map[((i + half) * width) + i] = factor * sine;
                map[((i + half) * width) + i + half] = factor * cosine;
            }
        }

        return (query, key);
    }

    private static (double[] Query, double[] Key) SignMaps(int width, ref CounterRandom random)
    {
        var map = new double[width * width];
        for (var i = 0; i < width / 2; i++)
        {
            var sign = random.NextInt(2) == 0 ? 1 : -1;
            map[(i * width) + i] = sign;
            map[((i + (width / 2)) * width) + i + (width / 2)] = sign;
        }

        return (map, map);
    }

    // Q·diag(s)·R and its inverse transpose Q·diag(1/s)·R, Q and R orthogonal.
    private static (double[] Map, double[] InverseTranspose) InverseTransposes(int width, ref CounterRandom random)
    {
        var left = OrthogonalMatrix.Haar(ref random, width, width);
        var right = OrthogonalMatrix.Haar(ref random, width, width);
        var (map, inverse) = (new double[width * width], new double[width * width]);
        for (var inner = 0; inner < width; inner++)
        {
            var size = Math.Exp(0.3 * random.NextGaussian());
            for (var row = 0; row < width; row++)
            {
                for (var column = 0; column < width; column++)
                {
                    var product = left[(row * width) + inner] * right[(inner * width) + column];
                    map[(row * width) + column] += product * size;
                    inverse[(row * width) + column] += product / size;
                }
            }
        }

        return (map, inverse);
    }

    private static void MapRows(DecoderModel model, string name, int head, double[] map)
    {
        var width = model.Shape.HeadWidth;
        MapBlock(model[name], head * width, map, width);
        if (model.Find(Slot.Bias(name)) is { } bias)
        {
            MapBlock(new Weights(bias.Columns, 1, bias.Values), head * width, map, width);
        }
    }

    // Rows first to first + width, as a matrix, multiplied by the map from the left.
    private static void MapBlock(Weights weights, int first, double[] map, int width)
    {
        var before = weights.Values.AsSpan(first * weights.Columns, width * weights.Columns).ToArray();
        for (var row = 0; row < width; row++)
        {
            var to = weights.Row(first + row);
            for (var column = 0; column < to.Length; column++)
            {
                var sum = 0.0;
                for (var inner = 0; inner < width; inner++)
                {
                    sum += map[(row * width) + inner] * before[(inner * to.Length) + column];
                }

                to[column] = (float)sum;
            }
        }
    }
}
