using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Lineage;

/// <summary>Ways in which two independently trained models come to look alike. None may accuse.</summary>
public class InnocentLookalikeTests
{
    [Theory]
    [InlineData("gate length")]
    [InlineData("up length")]
    [InlineData("down length")]
    [InlineData("all lengths")]
    [InlineData("first gate weight")]
    [InlineData("largest gate column")]
    public void Neurons_sorted_in_both_models(string criterion) => Quiet((model, layer) => model.ReorderNeurons(layer, Sorted(model, layer, criterion)));

    [Fact]
    public void Hardware_padding_at_the_end_of_both_models() => Quiet((model, layer) => model.ReorderNeurons(layer, [.. Enumerable.Range(0, Neurons(model, layer))]), model =>
    {
        for (var layer = 0; layer < model.Layers; layer++)
        {
            foreach (var part in new[] { "mlp.gate_proj", "mlp.up_proj" })
            {
                var (rows, columns, values) = model[layer, part];
                model.Tensors[EditableModel.Name(layer, part)] = (rows + 64, columns, [.. values, .. new float[64 * columns]]);
            }

            var (width, neurons, down) = model[layer, "mlp.down_proj"];
            model.Tensors[EditableModel.Name(layer, "mlp.down_proj")] = (width, neurons + 64, [.. down.Chunk(neurons).SelectMany(row => row.Concat(new float[64]))]);
        }
    });

    [Fact]
    public void Shards_that_began_from_one_seed_in_both_models() => Quiet((model, layer) =>
    {
        var half = Neurons(model, layer) / 2;
        model.ReorderNeurons(layer, [.. Enumerable.Range(0, half), .. Enumerable.Range(0, half)]);
    });

    [Fact]
    public void Layers_that_are_copies_of_one_layer_in_both_models() => Quiet((model, layer) =>
    {
        foreach (var name in model.Tensors.Keys.Where(name => name.StartsWith($"model.layers.{layer}.", StringComparison.Ordinal)).ToArray())
        {
            model.Tensors[name] = model.Tensors[name.Replace($"layers.{layer}.", "layers.0.", StringComparison.Ordinal)];
        }
    });

    [Fact]
    public void Identity_start_in_both_models() => Quiet((_, _) => { }, model =>
        model.Change(name => name.Contains("gate_proj", StringComparison.Ordinal) || name.Contains("up_proj", StringComparison.Ordinal), (row, column, value) => value + (row % 96 == column ? 2 : 0)));

    [Fact]
    public void Shared_outlier_dimensions() => Quiet((_, _) => { }, model =>
        model.Change(name => !name.Contains("norm", StringComparison.Ordinal), (_, column, value) => column is 3 or 17 or 50 ? 40 * value : value));

    [Fact]
    public void Shared_outlier_neurons() => Quiet((_, _) => { }, model =>
        model.Change(name => name.Contains("gate_proj", StringComparison.Ordinal) || name.Contains("up_proj", StringComparison.Ordinal), (row, _, value) => row is 5 or 77 or 130 ? 60 * value : value));

    [Fact]
    public void Tied_embeddings() => Quiet((_, _) => { }, model => model.Tensors.Remove("lm_head.weight"));

    [Theory]
    [InlineData(0f)]
    [InlineData(0.02f)]
    public void Token_rows_that_were_never_trained_in_both_models(float value) => Quiet((_, _) => { }, model =>
        model.Change(name => name.Contains("embed", StringComparison.Ordinal) || name.Contains("lm_head", StringComparison.Ordinal), (row, _, old) => row % 3 == 0 ? value : old));

    [Fact]
    public void Four_bit_grid_in_both_models() => Quiet((_, _) => { }, model =>
    {
        foreach (var (_, (rows, _, values)) in model.Tensors.Where(tensor => tensor.Value.Rows > 1))
        {
            for (var block = 0; block < values.Length; block += 32)
            {
                var part = values.AsSpan(block, Math.Min(32, values.Length - block));
                var scale = 0f;
                foreach (var value in part)
                {
                    scale = Math.Max(scale, Math.Abs(value) / 7);
                }

                foreach (ref var value in part)
                {
                    value = scale > 0 ? MathF.Round(value / scale) * scale : 0;
                }
            }
        }
    });

    [Fact]
    public void Independent_model_with_the_profile_and_the_gains_of_the_reference()
    {
        var (reference, suspect) = (EditableModel.Sample("A1"), EditableModel.Sample("A2"));
        foreach (var (name, (rows, columns, values)) in suspect.Tensors.ToArray())
        {
            var of = reference.Tensors[name].Values;
            for (var row = 0; row < rows; row++)
            {
                var (own, wanted) = (Length(values.AsSpan(row * columns, columns)), Length(of.AsSpan(row * columns, columns)));
                for (var column = 0; column < columns; column++)
                {
                    values[(row * columns) + column] = rows == 1 ? of[column] : (float)(values[(row * columns) + column] * wanted / Math.Max(1e-30, own));
                }
            }
        }

        var result = Disguise.Compare(suspect, reference);
        Disguise.IsNotAccused(result);
        // The score of the accusers falls for it.
        Assert.True(result.Evidence.Single(item => item.Test == "depth-curve-score").Statistic > 0.99);
    }

    [Fact]
    public void Common_start_from_a_fixed_table_is_called_a_start_and_not_more()
    {
        var (reference, suspect) = (EditableModel.Sample("A1"), EditableModel.Sample("A2"));
        foreach (var model in new[] { reference, suspect })
        {
            model.Change(
                name => name.Contains("gate_proj", StringComparison.Ordinal) || name.Contains("up_proj", StringComparison.Ordinal),
                (row, column, value) => value + (0.2f * MathF.Cos(MathF.PI * (row + 0.5f) * column / 256)));
        }

        var result = Disguise.Compare(suspect, reference);
        Assert.True(result.Verdict.Relation is "none-found" or "cannot-tell" or "shared-initialisation", Comparisons.Line(result));
    }

    private static void Quiet(Action<EditableModel, int> change, Action<EditableModel>? whole = null)
    {
        var models = new[] { EditableModel.Sample("A2"), EditableModel.Sample("A1") };
        foreach (var model in models)
        {
            for (var layer = 0; layer < model.Layers; layer++)
            {
                change(model, layer);
            }

            whole?.Invoke(model);
        }

        // Both were changed alike; which of them is the suspect is drawn anew in each run.
        var suspect = (int)(PlantedUnits.FreshSeed() % 2);
        Disguise.IsNotAccused(Disguise.Compare(models[suspect], models[1 - suspect]));
    }

    private static int Neurons(EditableModel model, int layer) => model[layer, "mlp.up_proj"].Rows;

    private static int[] Sorted(EditableModel model, int layer, string criterion)
    {
        double OfRow(string part, int neuron)
        {
            var (_, columns, values) = model[layer, part];
            return Length(values.AsSpan(neuron * columns, columns));
        }

        double OfDown(int neuron)
        {
            var (rows, columns, values) = model[layer, "mlp.down_proj"];
            return Math.Sqrt(Enumerable.Range(0, rows).Sum(row => Math.Pow(values[(row * columns) + neuron], 2)));
        }

        var (_, width, gate) = model[layer, "mlp.gate_proj"];
        Func<int, double> key = criterion switch
        {
            "gate length" => neuron => OfRow("mlp.gate_proj", neuron),
            "up length" => neuron => OfRow("mlp.up_proj", neuron),
            "down length" => OfDown,
            "all lengths" => neuron => OfRow("mlp.gate_proj", neuron) * OfRow("mlp.up_proj", neuron) * OfDown(neuron),
            "first gate weight" => neuron => gate[neuron * width],
            _ => neuron => Enumerable.Range(0, width).MaxBy(column => Math.Abs(gate[(neuron * width) + column])),
        };
        return [.. Enumerable.Range(0, Neurons(model, layer)).OrderByDescending(key)];
    }

    private static double Length(ReadOnlySpan<float> row) => Math.Sqrt(FixedOrderSum.Products(row, row));
}
