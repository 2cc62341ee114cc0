namespace Pedigree.Zoo.Models;

/// <summary>Runs a model in double precision, one sequence at a time: the yardstick for the trainer and for manipulations that keep the function.</summary>
internal static class DecoderForward
{
    /// <summary>Logits after each token of a sequence.</summary>
    /// <returns>tokens.Length rows of Vocabulary values.</returns>
    public static double[][] Logits(DecoderModel model, ReadOnlySpan<int> tokens) => Run(model, tokens).Logits;

    /// <summary>The smallest difference between the router logits of the last expert chosen and the first left out: below it, rounding
    /// may choose another expert. Infinite without experts.</summary>
    public static double RouterMargin(DecoderModel model, ReadOnlySpan<int> tokens) => model.Shape.ActiveExperts == model.Shape.Experts
        ? double.PositiveInfinity
        : Run(model, tokens).Routers.SelectMany(layer => layer).Min(router =>
        {
            var sorted = router.OrderDescending().ToArray();
            return sorted[model.Shape.ActiveExperts - 1] - sorted[model.Shape.ActiveExperts];
        });

    /// <summary>Logits after each token, and by layer the router logits of each token.</summary>
    public static (double[][] Logits, List<double[]>[] Routers) Run(DecoderModel model, ReadOnlySpan<int> tokens)
    {
        var shape = model.Shape;
        var routers = Enumerable.Range(0, shape.Layers).Select(_ => new List<double[]>()).ToArray();
        var stream = new double[tokens.Length][];
        for (var at = 0; at < tokens.Length; at++)
        {
            stream[at] = Doubles(model[Slot.Embedding].Row(tokens[at]));
            if (shape.LearnedPositions)
            {
                Add(stream[at], Doubles(model[Slot.Positions].Row(at)));
            }
        }

        for (var layer = 0; layer < shape.Layers; layer++)
        {
            Attend(model, layer, stream);
            foreach (var residual in stream)
            {
                Add(residual, Mlp(model, layer, Normalise(model, Slot.MlpNorm(layer), residual), routers[layer]));
            }
        }

        return ([.. stream.Select(residual => Product(model.Unembedding, Normalise(model, Slot.FinalNorm, residual), null))], routers);
    }

    /// <summary>Root of the mean square difference of logits over that of the logits; tokens of <paramref name="child"/> may be in another order.</summary>
    /// <param name="parent">The model whose logits are right.</param>
    /// <param name="child">The model examined.</param>
    /// <param name="tokens">A sequence, as tokens of the parent.</param>
    /// <param name="tokenMap">For each token of the child that of the parent, or -1; null where they are the same.</param>
    public static double RelativeDifference(DecoderModel parent, DecoderModel child, int[] tokens, int[]? tokenMap = null)
    {
        var map = tokenMap ?? [.. Enumerable.Range(0, parent.Shape.Vocabulary)];
        var expected = Logits(parent, tokens);
        var found = Logits(child, [.. tokens.Select(token => Array.IndexOf(map, token))]);
        double differences = 0, squares = 0;
        for (var at = 0; at < tokens.Length; at++)
        {
            for (var token = 0; token < map.Length; token++)
            {
                if (map[token] >= 0)
                {
                    var difference = found[at][token] - expected[at][map[token]];
                    differences += difference * difference;
                }
            }

            squares += expected[at].Sum(logit => logit * logit);
        }

        return Math.Sqrt(differences / squares);
    }

    private static void Attend(DecoderModel model, int layer, double[][] stream)
    {
        var shape = model.Shape;
        var width = shape.HeadWidth;
        var queries = new double[stream.Length][];
        var keys = new double[stream.Length][];
        var values = new double[stream.Length][];
        for (var at = 0; at < stream.Length; at++)
        {
            var normalised = Normalise(model, Slot.AttentionNorm(layer), stream[at]);
            queries[at] = Product(model, Slot.Query(layer), normalised);
            keys[at] = Product(model, Slot.Key(layer), normalised);
            values[at] = Product(model, Slot.Value(layer), normalised);
            Position(model, model.Find(Slot.QueryNorm(layer)), queries[at], at);
            Position(model, model.Find(Slot.KeyNorm(layer)), keys[at], at);
        }

        for (var at = 0; at < stream.Length; at++)
        {
            var mixed = new double[shape.QueryHeads * width];
            for (var head = 0; head < shape.QueryHeads; head++)
            {
                var group = head / shape.GroupSize * width;
                var query = queries[at].AsSpan(head * width, width);
                var scores = new double[at + 1];
                for (var other = 0; other <= at; other++)
                {
                    scores[other] = Dot(query, keys[other].AsSpan(group, width)) / Math.Sqrt(width);
                }

                Softmax(scores);
                for (var other = 0; other <= at; other++)
                {
                    for (var i = 0; i < width; i++)
                    {
                        mixed[(head * width) + i] += scores[other] * values[other][group + i];
                    }
                }
            }

            Add(stream[at], Product(model, Slot.Output(layer), mixed));
        }
    }

    private static double[] Mlp(DecoderModel model, int layer, double[] input, List<double[]> routers)
    {
        var shape = model.Shape;
        if (shape.Experts == 0)
        {
            return Expert(model, layer, Slot.Dense, input);
        }

        // The softmax over the chosen experts equals the softmax over all of them, divided by what the chosen ones sum to.
        var router = Product(model, Slot.Router(layer), input);
        var chosen = Enumerable.Range(0, shape.Experts).OrderByDescending(expert => router[expert]).ThenBy(expert => expert).Take(shape.ActiveExperts).ToArray();
        routers.Add(router);
        var shares = chosen.Select(expert => router[expert]).ToArray();
        Softmax(shares);
        var sum = new double[shape.Width];
        for (var i = 0; i < chosen.Length; i++)
        {
            var share = shares[i];
            Add(sum, [.. Expert(model, layer, chosen[i], input).Select(value => share * value)]);
        }

        return sum;
    }

    private static double[] Expert(DecoderModel model, int layer, int expert, double[] input)
    {
        var hidden = Product(model, Slot.Up(layer, expert), input);
        var gate = model.Shape.Gated ? Product(model, Slot.Gate(layer, expert), input) : null;
        for (var neuron = 0; neuron < hidden.Length; neuron++)
        {
            hidden[neuron] = gate is null ? Activate(model.Shape.Activation, hidden[neuron]) : hidden[neuron] * Activate(model.Shape.Activation, gate[neuron]);
        }

        return Product(model, Slot.Down(layer, expert), hidden);
    }

    private static double Activate(Activation activation, double x) => activation switch
    {
        Activation.Silu => x / (1 + Math.Exp(-x)),
        Activation.Gelu => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        _ => Math.Max(x, 0),
    };

    private static void Position(DecoderModel model, Weights? gain, double[] heads, int at)
    {
        var shape = model.Shape;
        for (var first = 0; first < heads.Length; first += shape.HeadWidth)
        {
            var head = heads.AsSpan(first, shape.HeadWidth);
            if (gain is not null)
            {
                var scale = 1 / Math.Sqrt((Dot(head, head) / head.Length) + shape.NormEpsilon);
                for (var i = 0; i < head.Length; i++)
                {
                    head[i] *= scale * gain.Values[i];
                }
            }

            if (!shape.LearnedPositions)
            {
                Rotate(head, at, shape.RotaryBase);
            }
        }
    }

    // The layout of Hugging Face: coordinate i turns with coordinate i + half.
    private static void Rotate(Span<double> head, int at, double rotaryBase)
    {
        var half = head.Length / 2;
        for (var i = 0; i < half; i++)
        {
            var (sine, cosine) = Math.SinCos(at * Math.Pow(rotaryBase, -(double)i / half));
            (head[i], head[i + half]) = ((head[i] * cosine) - (head[i + half] * sine), (head[i + half] * cosine) + (head[i] * sine));
        }
    }

    private static double[] Normalise(DecoderModel model, string norm, double[] stream)
    {
        var gains = model[norm].Values;
        var bias = model.Find(Slot.Bias(norm))?.Values;
        var mean = model.Shape.Norm == NormKind.Layer ? stream.Sum() / stream.Length : 0;
        var scale = 1 / Math.Sqrt((stream.Sum(value => (value - mean) * (value - mean)) / stream.Length) + model.Shape.NormEpsilon);
        return [.. stream.Select((value, i) => ((value - mean) * scale * gains[i]) + (bias?[i] ?? 0))];
    }

    private static double[] Product(DecoderModel model, string name, double[] input) => Product(model[name], input, model.Find(Slot.Bias(name)));

    private static double[] Product(Weights matrix, double[] input, Weights? bias)
    {
        var result = new double[matrix.Rows];
        for (var row = 0; row < matrix.Rows; row++)
        {
            var values = matrix.Row(row);
            var sum = bias is null ? 0.0 : bias.Values[row];
            for (var i = 0; i < input.Length; i++)
            {
                sum += values[i] * input[i];
            }

            result[row] = sum;
        }

        return result;
    }

    private static void Softmax(Span<double> scores)
    {
        var largest = double.NegativeInfinity;
        foreach (var score in scores)
        {
            largest = Math.Max(largest, score);
        }

        var sum = 0.0;
        foreach (ref var score in scores)
        {
            score = Math.Exp(score - largest);
            sum += score;
        }

        foreach (ref var score in scores)
        {
            score /= sum;
        }
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private static void Add(double[] to, double[] from)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] += from[i];
        }
    }

    private static double[] Doubles(ReadOnlySpan<float> values)
    {
        var doubles = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            doubles[i] = values[i];
        }

        return doubles;
    }
}
