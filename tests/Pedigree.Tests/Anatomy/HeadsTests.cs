using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Numerics;
using Pedigree.Tests.Anatomy.Families;
using Pedigree.Tests.Evidence.Descriptive;
using Pedigree.Tests.Evidence.Exact;
using Xunit;
using SharedData = Pedigree.Tests.Checkpoints.SharedData;

namespace Pedigree.Tests.Anatomy;

/// <summary>How attention splits into heads, without a configuration.</summary>
public class HeadsTests
{
    [Fact]
    public void Heads_of_every_trained_model_are_found_from_its_weights()
    {
        var zoo = SharedData.Find("zoo");
        Assert.SkipWhen(zoo is null, "the zoo is not on this machine");
        foreach (var folder in Directory.GetDirectories(zoo).Order(StringComparer.Ordinal))
        {
            using var source = Checkpoint.Open(folder);
            var heads = AnatomyReader.Read(source).Heads;
            Assert.True(heads is { Dimension: 16 } && (heads.Query, heads.KeyValue) is (6, 2) or (7, 1), $"{Path.GetFileName(folder)}: {heads}");
        }
    }

    [Theory]
    [InlineData("A1")]
    [InlineData("A2")]
    [InlineData("ft")]
    public void Trained_rows_in_another_layout_are_split_as_before(string name)
    {
        using var source = Checkpoint.Open(SampleModel.Path(name));
        using var grouped = GroupedCopy(source);
        var (plain, fused) = (AnatomyReader.Read(source), AnatomyReader.Read(grouped));
        Assert.Equal("internlm2", fused.Family);
        Assert.Equal((plain.Heads!.Query, plain.Heads.KeyValue, plain.Heads.Dimension), (fused.Heads!.Query, fused.Heads.KeyValue, fused.Heads.Dimension));
        foreach (var part in new[] { Part.Query, Part.Key, Part.Value })
        {
            for (var layer = 0; layer < plain.Layers; layer++)
            {
                Assert.Equal(Values(source, plain.Views[new Role(part, layer)]), Values(grouped, fused.Views[new Role(part, layer)]));
            }
        }
    }

    [Fact]
    public void Rows_without_structure_are_left_in_one_tensor_and_the_rest_is_compared()
    {
        var seed = PlantedUnits.FreshSeed();
        var random = new CounterRandom(seed, 5);
        var split = 0;
        for (ulong draw = 0; draw < 6; draw++)
        {
            using var trained = FamilyCheckpoints.All.Single(model => model.Name == "InternLM2").Make(CounterRandom.Mix(seed, draw));
            using var source = new MemorySource();
            foreach (var tensor in trained.Tensors)
            {
                var values = LayoutRoundTripTests.Read(trained, tensor);
                source.Add(tensor.Name, tensor.Name.Contains("wqkv", StringComparison.Ordinal) ? PlantedUnits.Gaussian(ref random, values.Length) : values, [.. tensor.Shape]);
            }

            var anatomy = AnatomyReader.Read(source);
            Assert.Empty(anatomy.NotUnderstood);
            if (anatomy.Heads is not null)
            {
                split++;
                continue;
            }

            Assert.Contains(anatomy.Findings, finding => finding.Id == "fused-attention-not-split");
            Assert.Equal(FamilyCheckpoint.Layers, anatomy.Views.Keys.Count(role => role.Part == Part.QueryKeyValue));
        }

        // The level of one split is 1e-3.
        Assert.InRange(split, 0, 2);
    }

    private static MemorySource GroupedCopy(ITensorSource source)
    {
        const int head = 16;
        var copy = new MemorySource();
        var anatomy = AnatomyReader.Read(source);
        foreach (var (role, view) in anatomy.Views)
        {
            if (role.Part is Part.Query)
            {
                var (key, value) = (Values(source, anatomy.Views[role with { Part = Part.Key }]), Values(source, anatomy.Views[role with { Part = Part.Value }]));
                var query = Values(source, view);
                var groups = key.Length / view.Columns / head;
                float[] rows =
                [
                    .. Enumerable.Range(0, groups).SelectMany(group => Slice(query, group, groups).Concat(Slice(key, group, groups)).Concat(Slice(value, group, groups))),
                ];
                copy.Add($"model.layers.{role.Layer}.attention.wqkv.weight", rows, rows.Length / view.Columns, view.Columns);
            }
            else if (role.Part is not (Part.Key or Part.Value))
            {
                var name = role.Part switch
                {
                    Part.AttentionOutput => "attention.wo",
                    Part.Gate => "feed_forward.w1",
                    Part.Up => "feed_forward.w3",
                    Part.Down => "feed_forward.w2",
                    Part.AttentionNorm => "attention_norm",
                    Part.MlpNorm => "ffn_norm",
                    Part.Embedding => "model.tok_embeddings",
                    Part.Unembedding => "output",
                    Part.FinalNorm => "model.norm",
                    _ => throw new InvalidOperationException($"unexpected {role}"),
                };
                long[] shape = view.Rows == 1 ? [view.Columns] : [view.Rows, view.Columns];
                copy.Add($"{(role.Layer < 0 ? "" : $"model.layers.{role.Layer}.")}{name}.weight", Values(source, view), shape);
            }
        }

        return copy;

        static float[] Slice(float[] rows, int group, int groups) => rows[(rows.Length / groups * group)..(rows.Length / groups * (group + 1))];
    }

    private static float[] Values(ITensorSource source, TensorView view)
    {
        var values = new float[view.Count];
        new WeightReader(source).ReadRows(view, 0, view.Rows, values);
        return values;
    }
}
