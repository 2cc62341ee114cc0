using Pedigree.Tests.Checkpoints;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Building;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Recipes;
using Pedigree.Zoo.Text;
using Pedigree.Zoo.Training;
using Xunit;

namespace Pedigree.Tests.Zoo.Building;

public sealed class ZooBuilderTests
{
    private readonly List<string> _lines = [];

    [Fact]
    public void WhatIsThereIsKeptAndTheRestMadeAgain()
    {
        using var folder = new TemporaryFolder();
        var seed = PlantedUnits.FreshSeed();
        var first = Build(folder.Path, seed, 3);
        Assert.Equal(3, _lines.Count);

        _lines.Clear();
        var again = Build(folder.Path, seed, 3);
        Assert.Empty(_lines);
        Assert.Equal(first.Models.Select(model => model.Sha256), again.Models.Select(model => model.Sha256));

        // A damaged file is made again, to the same bytes, and so is nothing that was made from it.
        File.WriteAllText(folder.Join("root/model.safetensors"), "damaged");
        var mended = Build(folder.Path, seed, 3);
        Assert.StartsWith("root:", Assert.Single(_lines), StringComparison.Ordinal);
        Assert.Equal(first.Models.Select(model => model.Sha256), mended.Models.Select(model => model.Sha256));

        // Another recipe of the root changes all that descends from it.
        _lines.Clear();
        var changed = Build(folder.Path, seed, 4);
        Assert.Equal(3, _lines.Count);
        Assert.All(first.Models.Zip(changed.Models), pair => Assert.NotEqual(pair.First.Sha256, pair.Second.Sha256));
    }

    [Fact]
    public void TheManifestHoldsTheTruth()
    {
        using var folder = new TemporaryFolder();
        Build(folder.Path, PlantedUnits.FreshSeed(), 2);
        var models = Manifest.Read(folder.Path).Models;
        Assert.Equal(["root", "permuted", "stacked"], models.Select(model => model.Name));
        Assert.NotNull(models[0].Start);
        Assert.Null(models[0].LayerMap);
        Assert.Equal(["root"], models[1].Parents);
        Assert.True(models[1].KeepsFunction);
        Assert.True(File.Exists(folder.Join(models[1].TruthFile!)));
        Assert.Equal([1, 0, 1], models[2].LayerMap);
        Assert.False(models[2].KeepsFunction);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(folder.Join("stacked/model.safetensors")))), models[2].Sha256);
    }

    [Fact]
    public void WhatIsNoManifestIsRefused()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<FormatException>(() => Manifest.Read(folder.Write("manifest.json", "[1, 2"u8)));
        Assert.Throws<FormatException>(() => Manifest.Read(folder.Write("manifest.json", "{}"u8)));
    }

    private Manifest Build(string folder, ulong seed, int steps)
    {
        var shape = FreshShapes.All(seed)[0] with { Layers = 2, Vocabulary = Lexicon.Tokens.Count };
        var plan = new TrainingPlan { Corpus = "A", Steps = steps, Sequences = 32, Length = 16, Batch = 8 };
        ZooEntry[] entries =
        [
            Recipe.Trained("root", "root", shape, seed, plan),
            Recipe.Changed("permuted", "permuted", "root", NeuronSymmetries.Permuted),
            Recipe.Changed("stacked", "depth-extended", "root", DepthChanges.Stacked(1, 0, 1)),
        ];
        return new ZooBuilder(folder, 2, _lines.Add).Build("test", entries, TestContext.Current.CancellationToken);
    }
}
