using Pedigree.Alignment;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Storage;

namespace Pedigree.Tests.Alignment;

/// <summary>A decoder whose attention goes through compressed vectors (MLA), under the names of DeepSeek-V3: made of one with grouped heads, so that heads have the structure that theirs have.</summary>
/// <remarks>The directions in which keys are largest become the rotary key that all heads share; what is left of the keys, and the values, are read from their leading directions; queries likewise.
/// Up to what the ranks cut off, W_Qᵀ·W_K and W_O·W_V are those of the decoder (TransMLA, arXiv 2502.07864, keeps them in the same way).</remarks>
internal sealed class LatentDecoder
{
    private readonly DecoderModel model;
    private readonly IReadOnlyList<Layer> layers;

    private LatentDecoder(DecoderModel model, IReadOnlyList<Layer> layers) => (this.model, this.layers) = (model, layers);

    /// <summary>Converts.</summary>
    /// <param name="model">A decoder without biases in attention; those it has are left out.</param>
    /// <param name="queryRank">Values of the compressed query.</param>
    /// <param name="rank">Values of the compressed key and value.</param>
    /// <param name="rotary">Rows of the rotary key.</param>
    public static LatentDecoder Of(DecoderModel model, int queryRank, int rank, int rotary)
    {
        var (shape, layers) = (model.Shape, new List<Layer>());
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var gain = Array.ConvertAll(model[Slot.AttentionNorm(layer)].Values, value => (double)value);
            Weights Folded(string name) => model[name].Copy().ScaleColumns(gain);
            var (query, key, value) = (Folded(Slot.Query(layer)), Folded(Slot.Key(layer)), Folded(Slot.Value(layer)));
            var shared = Leading(key, rotary);
            var turned = Product(shared, key.Transpose());
            // Of the keys what the shared directions leave: K - K·Sᵀ·S.
            var rest = Product(key, shared.Transpose());
            var plain = Product(rest, shared).Map(entry => -entry);
            for (var i = 0; i < plain.Values.Length; i++)
            {
                plain.Values[i] += key.Values[i];
            }

            var (queries, keys, values) = (new List<Weights>(), new List<Weights>(), new List<Weights>());
            for (var head = 0; head < shape.QueryHeads; head++)
            {
                var group = head / shape.GroupSize;
                var own = Rows(query, head, shape.HeadWidth);
                queries.Add(Joined([own, Product(Columns(turned, group, shape.HeadWidth), own)]));
                keys.Add(Rows(plain, group, shape.HeadWidth));
                values.Add(Rows(value, group, shape.HeadWidth));
            }

            var (queryDown, keyDown) = (Leading(Joined(queries), queryRank), Leading(Joined([.. keys, .. values]), rank));
            layers.Add(new Layer(
                queryDown, Ones(queryRank), [.. queries.Select(rows => Product(rows, queryDown.Transpose()))], keyDown, shared, Ones(rank),
                [.. keys.Select(rows => Product(rows, keyDown.Transpose()))], [.. values.Select(rows => Product(rows, keyDown.Transpose()))],
                [.. Enumerable.Range(0, shape.QueryHeads).Select(head => Rows(model[Slot.Output(layer)].Transpose(), head, shape.HeadWidth))]));
        }

        return new LatentDecoder(model, layers);
    }

    /// <summary>The same function with heads in another order, compressed vectors in another basis, of other size and gains, and heads mixed inside.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <returns>The model, and for each layer and head the head that it was.</returns>
    public (LatentDecoder Model, int[][] Heads) Disguised(ulong seed)
    {
        var random = new CounterRandom(seed, 0x6d6c61);
        var (changed, orders) = (new List<Layer>(), new List<int[]>());
        foreach (var layer in layers)
        {
            var order = random.Permutation(layer.Queries.Count);
            var (queryDown, queryGain, queryTurn) = Turned(layer.QueryDown, layer.QueryGain, ref random);
            var (keyDown, keyGain, keyTurn) = Turned(layer.KeyDown, layer.KeyGain, ref random);
            var rotary = layer.Rotary.Rows;
            var (turn, counterTurn) = Planes(rotary, ref random);
            var (queries, keys, values, outputs) = (new List<Weights>(), new List<Weights>(), new List<Weights>(), new List<Weights>());
            foreach (var head in order)
            {
                var ((mix, undone), (mixValues, undoneValues)) = (Invertible(layer.Keys[head].Rows, ref random), Invertible(layer.Values[head].Rows, ref random));
                var plain = layer.Keys[head].Rows;
                queries.Add(Product(Joined([Product(undone, Rows(layer.Queries[head], 0, plain)), Product(counterTurn, Last(layer.Queries[head], rotary))]), queryTurn));
                keys.Add(Product(Product(mix, layer.Keys[head]), keyTurn));
                values.Add(Product(Product(mixValues, layer.Values[head]), keyTurn));
                outputs.Add(Product(undoneValues, layer.Outputs[head]));
            }

            changed.Add(new Layer(queryDown, queryGain, queries, keyDown, Product(turn, layer.Rotary), keyGain, keys, values, outputs));
            orders.Add(order);
        }

        return (new LatentDecoder(model, changed), [.. orders]);
    }

    /// <summary>The same with noise in all matrices of attention.</summary>
    /// <param name="cosine">Cosine of every matrix with what it was.</param>
    /// <param name="seed">Decides the noise.</param>
    public LatentDecoder Noisy(double cosine, ulong seed)
    {
        var random = new CounterRandom(seed, 0x6d6c62);
        Weights Mixed(Weights weights)
        {
            var deviation = Math.Sqrt(1 - (cosine * cosine)) * weights.RootMeanSquare();
            return weights.Copy().Map(value => (float)((cosine * value) + (deviation * random.NextGaussian())));
        }

        List<Weights> Each(IReadOnlyList<Weights> heads) => [.. heads.Select(Mixed)];
        return new LatentDecoder(model, [.. layers.Select(layer => layer with
        {
            QueryDown = Mixed(layer.QueryDown),
            Queries = Each(layer.Queries),
            KeyDown = Mixed(layer.KeyDown),
            Rotary = Mixed(layer.Rotary),
            Keys = Each(layer.Keys),
            Values = Each(layer.Values),
            Outputs = Each(layer.Outputs),
        })]);
    }

    /// <summary>The model as an opened checkpoint.</summary>
    public MemorySource ToSource()
    {
        var source = new MemorySource();
        void Add(string name, Weights weights) => source.Add($"{name}.weight", weights.Values, weights.Rows == 1 ? [weights.Columns] : [weights.Rows, weights.Columns]);
        for (var i = 0; i < layers.Count; i++)
        {
            var (layer, prefix) = (layers[i], $"model.layers.{i}");
            Add($"{prefix}.input_layernorm", Ones(model.Shape.Width));
            Add($"{prefix}.post_attention_layernorm", model[Slot.MlpNorm(i)]);
            Add($"{prefix}.self_attn.q_a_proj", layer.QueryDown);
            Add($"{prefix}.self_attn.q_a_layernorm", layer.QueryGain);
            Add($"{prefix}.self_attn.q_b_proj", Joined(layer.Queries));
            Add($"{prefix}.self_attn.kv_a_proj_with_mqa", Joined([layer.KeyDown, layer.Rotary]));
            Add($"{prefix}.self_attn.kv_a_layernorm", layer.KeyGain);
            Add($"{prefix}.self_attn.kv_b_proj", Joined([.. layer.Keys.Zip(layer.Values).SelectMany(head => new[] { head.First, head.Second })]));
            Add($"{prefix}.self_attn.o_proj", Joined(layer.Outputs).Transpose());
            for (var block = 0; block < model.Shape.Blocks; block++)
            {
                var expert = model.Shape.ExpertOf(block);
                var module = expert == Slot.Dense ? $"{prefix}.mlp" : $"{prefix}.mlp.experts.{expert}";
                Add($"{module}.gate_proj", model[Slot.Gate(i, expert)]);
                Add($"{module}.up_proj", model[Slot.Up(i, expert)]);
                Add($"{module}.down_proj", model[Slot.Down(i, expert)]);
            }

            if (model.Find(Slot.Router(i)) is { } router)
            {
                Add($"{prefix}.mlp.gate", router);
            }
        }

        Add("model.embed_tokens", model[Slot.Embedding]);
        Add("model.norm", model[Slot.FinalNorm]);
        Add("lm_head", model.Unembedding);
        return source.With("vocab.json", "{" + string.Join(',', model.Tokens.Select((token, id) => $"\"{System.Text.Json.JsonEncodedText.Encode(token)}\":{id}")) + "}");
    }

    private static (Weights Down, Weights Gain, Weights Turn) Turned(Weights down, Weights gain, ref CounterRandom random)
    {
        var rank = down.Rows;
        var turn = new Weights(rank, rank, Array.ConvertAll(OrthogonalMatrix.Haar(ref random, rank, rank), value => (float)value));
        var (gains, size) = (Ones(rank), Math.Exp(random.NextGaussian()));
        for (var i = 0; i < rank; i++)
        {
            gains.Values[i] = (float)Math.Exp(0.3 * random.NextGaussian());
        }

        // What an up-projection is multiplied by: the old gain, the turn undone, the new gain undone.
        return (Product(turn, down).Map(value => (float)(value * size)), gains,
            turn.Transpose().ScaleRows(Array.ConvertAll(gain.Values, value => (double)value)).ScaleColumns(Array.ConvertAll(gains.Values, value => 1.0 / value)));
    }

    private static (Weights Keys, Weights Queries) Planes(int rows, ref CounterRandom random)
    {
        var (keys, queries) = (new Weights(rows, rows), new Weights(rows, rows));
        for (var i = 0; i + 1 < rows; i += 2)
        {
            var (sine, cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            var size = Math.Exp(0.3 * random.NextGaussian());
            foreach (var (matrix, factor) in new[] { (keys, size), (queries, 1 / size) })
            {
                matrix.Values[(i * rows) + i] = matrix.Values[((i + 1) * rows) + i + 1] = (float)(factor * cosine);
                (matrix.Values[(i * rows) + i + 1], matrix.Values[((i + 1) * rows) + i]) = ((float)(-factor * sine), (float)(factor * sine));
            }
        }

        return (keys, queries);
    }

    private static (Weights Matrix, Weights Counterpart) Invertible(int size, ref CounterRandom random)
    {
        var matrix = PlantedUnits.Gaussian(ref random, size * size);
        for (var i = 0; i < matrix.Length; i++)
        {
            matrix[i] = (0.1f * matrix[i]) + (i % (size + 1) == 0 ? 1 : 0);
        }

        return (new Weights(size, size, matrix), new Weights(size, size, HeadBasis.Counterpart(matrix, size)!));
    }

    private static Weights Leading(Weights rows, int count)
    {
        var (width, transposed) = (rows.Columns, rows.Transpose());
        return new Weights(count, width, LeadingEigenvectors.Of([Product(transposed, rows).Values], width, count, 1, CancellationToken.None));
    }

    private static Weights Product(Weights left, Weights right)
    {
        var result = new Weights(left.Rows, right.Columns);
        RowProducts.Multiply(left.Values, left.Rows, right.Transpose().Values, right.Columns, left.Columns, result.Values);
        return result;
    }

    private static Weights Ones(int count) => new Weights(1, count).Map(_ => 1);

    private static Weights Rows(Weights weights, int head, int size) => weights.GatherRows([.. Enumerable.Range(head * size, size)]);

    private static Weights Last(Weights weights, int size) => weights.GatherRows([.. Enumerable.Range(weights.Rows - size, size)]);

    private static Weights Columns(Weights weights, int head, int size) => weights.GatherColumns([.. Enumerable.Range(head * size, size)]);

    private static Weights Joined(IReadOnlyList<Weights> parts) => new(parts.Sum(part => part.Rows), parts[0].Columns, [.. parts.SelectMany(part => part.Values)]);

    // Queries hold the plain rows and then the rotary ones; outputs are the columns of the output projection.
    private sealed record Layer(
        Weights QueryDown, Weights QueryGain, IReadOnlyList<Weights> Queries, Weights KeyDown, Weights Rotary, Weights KeyGain,
        IReadOnlyList<Weights> Keys, IReadOnlyList<Weights> Values, IReadOnlyList<Weights> Outputs);
}
