using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Tests.Architecture;
using Pedigree.Zoo.Building;
using Pedigree.Zoo.Recipes;
using Xunit;

namespace Pedigree.Tests.Zoo.Recipes;

/// <summary>The controls that are committed are those that the recipes name.</summary>
public sealed class ControlFilesTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "samples", "controls");

    [Fact]
    public void EachIsThereUnchangedAndReadable()
    {
        var models = Manifest.Read(s_folder).Models;
        Assert.Equal(ZooRecipes.Of("controls").Select(entry => (entry.Name, entry.Start, entry.Recipe)), models.Select(model => (model.Name, model.Start, model.Recipe)));
        foreach (var model in models)
        {
            var folder = Path.Combine(s_folder, model.Name);
            Assert.Equal(model.Sha256, ModelFiles.Digest(folder));
            using var source = Checkpoint.Open(folder);
            Assert.Equal(ModelFiles.Read(source).Shape.Layers, AnatomyReader.Read(source).Layers);
            // Trained: guessing costs 6.4 nats.
            Assert.InRange(model.Figures!["last-loss"], 0.1, 2);
        }
    }
}
