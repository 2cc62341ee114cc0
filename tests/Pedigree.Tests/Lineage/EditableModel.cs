using System.Globalization;
using System.Text.Json;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Numerics;

namespace Pedigree.Tests.Lineage;

/// <summary>A small model in memory, changed tensor by tensor and stored again: what an accused or an accuser could do to a file.</summary>
internal sealed class EditableModel
{
    /// <summary>Rows and columns (one row for vectors) and values, by name.</summary>
    public SortedDictionary<string, (int Rows, int Columns, float[] Values)> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>Number of layers with the Llama names.</summary>
    public int Layers => Enumerable.Range(0, 1000).TakeWhile(layer => Tensors.ContainsKey(Name(layer, "mlp.up_proj"))).Count();

    /// <summary>A trained model of the repository.</summary>
    public static EditableModel Sample(string name) => Load(Repository.Sample(name));

    /// <summary>Any stored model.</summary>
    public static EditableModel Load(string path)
    {
        using var source = Checkpoint.Open(path);
        var reader = new WeightReader(source);
        var model = new EditableModel();
        foreach (var tensor in source.Tensors)
        {
            var view = TensorView.Whole(tensor);
            var values = new float[view.Count];
            reader.ReadRows(view, 0, view.Rows, values);
            model.Tensors[tensor.Name] = (view.Rows, view.Columns, values);
        }

        return model;
    }

    /// <summary>Normal weights in the Llama layout.</summary>
    public static EditableModel Random(ulong seed, int layers, int width, int neurons, int heads, int keyValueHeads, int headSize, int tokens)
    {
        var random = new CounterRandom(seed, 0x6d6f64656c);
        var model = new EditableModel();
        model.Normal(ref random, "model.embed_tokens.weight", tokens, width);
        for (var layer = 0; layer < layers; layer++)
        {
            foreach (var (name, rows, columns) in new[]
            {
                ("self_attn.q_proj", heads * headSize, width), ("self_attn.k_proj", keyValueHeads * headSize, width), ("self_attn.v_proj", keyValueHeads * headSize, width),
                ("self_attn.o_proj", width, heads * headSize), ("mlp.gate_proj", neurons, width), ("mlp.up_proj", neurons, width), ("mlp.down_proj", width, neurons),
            })
            {
                model.Normal(ref random, Name(layer, name), rows, columns);
            }

            model.Gains(ref random, Name(layer, "input_layernorm"), width);
            model.Gains(ref random, Name(layer, "post_attention_layernorm"), width);
        }

        model.Gains(ref random, "model.norm.weight", width);
        model.Normal(ref random, "lm_head.weight", tokens, width);
        return model;
    }

    /// <summary>Name of a weight of a layer.</summary>
    public static string Name(int layer, string part) => string.Create(CultureInfo.InvariantCulture, $"model.layers.{layer}.{part}.weight");

    /// <summary>Rows of a weight of a layer.</summary>
    public (int Rows, int Columns, float[] Values) this[int layer, string part] => Tensors[Name(layer, part)];

    /// <summary>A model of which nothing is shared with this object.</summary>
    public EditableModel Copy()
    {
        var copy = new EditableModel();
        foreach (var (name, tensor) in Tensors)
        {
            copy.Tensors[name] = tensor with { Values = [.. tensor.Values] };
        }

        return copy;
    }

    /// <summary>Values c·v + √(1-c²)·σ·noise in every matrix, with σ the matrix's own deviation.</summary>
    public EditableModel Child(ulong seed, double cosine)
    {
        var random = new CounterRandom(seed, 0x6368696c64);
        var child = Copy();
        foreach (var (_, tensor) in child.Tensors)
        {
            var deviation = Math.Sqrt(tensor.Values.Average(value => (double)value * value));
            for (var i = 0; tensor.Rows > 1 && i < tensor.Values.Length; i++)
            {
                tensor.Values[i] = (float)((cosine * tensor.Values[i]) + (Math.Sqrt(1 - (cosine * cosine)) * deviation * random.NextGaussian()));
            }
        }

        return child;
    }

    /// <summary>Puts the rows of a tensor in another order: new row i is old row order[i].</summary>
    public void ReorderRows(string name, int[] order)
    {
        var (_, columns, values) = Tensors[name];
        var moved = new float[order.Length * columns];
        for (var i = 0; i < order.Length; i++)
        {
            values.AsSpan(order[i] * columns, columns).CopyTo(moved.AsSpan(i * columns));
        }

        Tensors[name] = (order.Length, columns, moved);
    }

    /// <summary>Puts the columns of a tensor in another order: new column i is old column order[i].</summary>
    public void ReorderColumns(string name, int[] order)
    {
        var (rows, columns, values) = Tensors[name];
        var moved = new float[rows * order.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < order.Length; i++)
            {
                moved[(row * order.Length) + i] = values[(row * columns) + order[i]];
            }
        }

        Tensors[name] = (rows, order.Length, moved);
    }

    /// <summary>Puts the neurons of a layer in another order; what the model computes stays the same.</summary>
    public void ReorderNeurons(int layer, int[] order)
    {
        ReorderRows(Name(layer, "mlp.gate_proj"), order);
        ReorderRows(Name(layer, "mlp.up_proj"), order);
        ReorderColumns(Name(layer, "mlp.down_proj"), order);
    }

    /// <summary>Puts the residual dimensions in another order; what the model computes stays the same.</summary>
    public void ReorderResidual(int[] order)
    {
        foreach (var (name, tensor) in Tensors.ToArray())
        {
            if (name.Contains("o_proj", StringComparison.Ordinal) || name.Contains("down_proj", StringComparison.Ordinal))
            {
                ReorderRows(name, order);
            }
            else if (tensor.Columns == order.Length)
            {
                ReorderColumns(name, order);
            }
        }
    }

    /// <summary>Folds the gains of norms into the matrices that read the stream, so that the stream may be rotated.</summary>
    public void FoldNorms()
    {
        void Fold(string gain, params string[] readers)
        {
            var gains = Tensors[gain].Values;
            foreach (var reader in readers)
            {
                Change(name => name == reader, (_, column, value) => value * gains[column]);
            }

            gains.AsSpan().Fill(1);
        }

        for (var layer = 0; layer < Layers; layer++)
        {
            Fold(Name(layer, "input_layernorm"), Name(layer, "self_attn.q_proj"), Name(layer, "self_attn.k_proj"), Name(layer, "self_attn.v_proj"));
            Fold(Name(layer, "post_attention_layernorm"), Name(layer, "mlp.gate_proj"), Name(layer, "mlp.up_proj"));
        }

        Fold("model.norm.weight", "lm_head.weight");
    }

    /// <summary>Rotates the residual stream of a model whose norms were folded; what it computes stays the same.</summary>
    /// <param name="transposed">The transpose of the rotation, width × width.</param>
    public void Rotate(float[] transposed)
    {
        foreach (var (name, (rows, columns, values)) in Tensors.Where(tensor => tensor.Value.Rows > 1).ToArray())
        {
            var writes = name.Contains("o_proj", StringComparison.Ordinal) || name.Contains("down_proj", StringComparison.Ordinal);
            Tensors[name] = (rows, columns, writes
                ? Rotation.Transposed(Rotation.Times(Rotation.Transposed(values, rows, columns), columns, transposed, rows), columns, rows)
                : Rotation.Times(values, rows, transposed, columns));
        }
    }

    /// <summary>Changes every value of the tensors that a predicate picks.</summary>
    public EditableModel Change(Func<string, bool> wanted, Func<int, int, float, float> change)
    {
        foreach (var (_, (_, columns, values)) in Tensors.Where(tensor => wanted(tensor.Key)))
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = change(i / columns, i % columns, values[i]);
            }
        }

        return this;
    }

    /// <summary>Stores the model as one or more shards and returns the folder.</summary>
    /// <param name="folder">Where to put it.</param>
    /// <param name="type">Type of the elements.</param>
    /// <param name="shards">Number of files; with more than one, an index goes with them.</param>
    /// <param name="rename">New names of tensors.</param>
    public string Save(string folder, ElementType type = ElementType.BF16, int shards = 1, Func<string, string>? rename = null)
    {
        Directory.CreateDirectory(folder);
        var places = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var stored = Tensors.Select(tensor => (Name: rename?.Invoke(tensor.Key) ?? tensor.Key, tensor.Value)).ToArray();
        for (var shard = 0; shard < shards; shard++)
        {
            var file = shards == 1 ? "model.safetensors" : string.Create(CultureInfo.InvariantCulture, $"model-{shard + 1:00000}-of-{shards:00000}.safetensors");
            var own = stored.Where((_, i) => i % shards == shard).ToArray();
            SafetensorsWriter.Write(Path.Combine(folder, file), [.. own.Select(tensor => (tensor.Name, type, Shape(tensor.Value), Encoded(type, tensor.Value.Values)))]);
            foreach (var (name, _) in own)
            {
                places[name] = file;
            }
        }

        if (shards > 1)
        {
            File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), $"{{\"metadata\":{{}},\"weight_map\":{JsonSerializer.Serialize(places)}}}");
        }

        return folder;
    }

    private static long[] Shape((int Rows, int Columns, float[] Values) tensor) => tensor.Rows == 1 ? [tensor.Columns] : [tensor.Rows, tensor.Columns];

    private static ReadOnlyMemory<byte> Encoded(ElementType type, float[] values)
    {
        var bytes = new byte[values.Length * type.Size()];
        ElementEncoder.Encode(type, values, bytes);
        return bytes;
    }

    private void Normal(ref CounterRandom random, string name, int rows, int columns)
    {
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(0.1 * random.NextGaussian());
        }

        Tensors[name] = (rows, columns, values);
    }

    private void Gains(ref CounterRandom random, string name, int length)
    {
        Normal(ref random, name, 1, length);
        foreach (ref var value in Tensors[name].Values.AsSpan())
        {
            value += 1;
        }
    }
}
