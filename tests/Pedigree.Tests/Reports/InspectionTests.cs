using System.Text.Json;
using Pedigree.Anatomy;
using Pedigree.Lineage;
using Pedigree.Reports;
using Pedigree.Tests.Anatomy.Families;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Reports;

/// <summary>What an inspection says beside the roles.</summary>
public class InspectionTests
{
    [Fact]
    public void Declarations_come_from_the_card_the_config_and_nothing_else()
    {
        var family = FamilyCheckpoints.All.Single(model => model.Name == "Qwen 2, Seed-OSS");
        using var source = family.Make(PlantedUnits.FreshSeed())
            .With("README.md", "---\r\nlicense: apache-2.0\r\nbase_model:\r\n  - Qwen/Qwen2.5-14B\r\n  - \"other/model\"\r\nbase_model_relation: merge\r\ntags: [a]\r\n---\r\nlicense: not this one\r\n")
            .With("config.json", """{"model_type":"qwen2","architectures":["Qwen2ForCausalLM"],"_name_or_path":"somebody/model","vocab_size":300}""");
        var report = Inspection.Of(source, AnatomyReader.Read(source), "0");
        Assert.Equal(
            ["license=apache-2.0", "base_model=Qwen/Qwen2.5-14B", "base_model=other/model", "base_model_relation=merge",
                "_name_or_path=somebody/model", "model_type=qwen2", "architectures=Qwen2ForCausalLM"],
            report.Declared.Select(field => $"{field.Field}={field.Value}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("---")]
    [InlineData("no front matter\n---\nlicense: mit\n---\n")]
    [InlineData("---\n- license: mit\n\0\n---\n")]
    public void A_card_without_front_matter_declares_nothing(string card)
    {
        using var source = FamilyCheckpoints.All[0].Make(1).With("README.md", card).With("config.json", "\"\\ud800\"");
        Assert.Empty(Inspection.Of(source, AnatomyReader.Read(source), "0").Declared);
    }

    [Fact]
    public void A_bias_that_stands_out_and_measured_tensors_are_shown()
    {
        var family = FamilyCheckpoints.All.Single(model => model.Name == "Qwen 2, Seed-OSS");
        using var made = family.Make(PlantedUnits.FreshSeed());
        using var source = new MemorySource();
        foreach (var tensor in made.Tensors)
        {
            var values = LayoutRoundTripTests.Read(made, tensor);
            if (tensor.Name == "model.layers.2.self_attn.k_proj.bias")
            {
                values[5] = 90;
            }

            source.Add(tensor.Name, values, [.. tensor.Shape]);
        }

        var anatomy = AnatomyReader.Read(source);
        var options = new MeasurementOptions { Tensors = "model.layers.?.mlp.*", Statistics = true, Threads = 2 };
        var report = Inspection.Of(source, anatomy, "0", ModelMeasurement.Of(source, anatomy, options, TestContext.Current.CancellationToken));
        var spikes = report.Vectors.Where(vector => vector.Spike > 7).ToArray();
        Assert.Equal(("key-bias", 2), (Assert.Single(spikes).Part, spikes[0].Layer));
        Assert.Equal(FamilyCheckpoint.Layers * 3, report.Tensors.Count);
        Assert.All(report.Tensors, tensor => Assert.True(tensor.Statistics!.Deviation > 0 && tensor.Roles.Count == 1));

        using var stream = new MemoryStream();
        Inspection.Write(stream, report);
        using var json = JsonDocument.Parse(stream.ToArray());
        Assert.Equal(FamilyCheckpoint.Layers * 3, json.RootElement.GetProperty("tensors").GetArrayLength());
    }
}
