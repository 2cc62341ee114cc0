using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Tests.Checkpoints;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Models;
using Xunit;

namespace Pedigree.Tests.Zoo.Storage;

public sealed class ModelFilesTests
{
    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        var seed = PlantedUnits.FreshSeed();
        foreach (var shape in FreshShapes.All(seed))
        {
            var model = RandomDecoder.Create(shape, seed);
            foreach (var style in shape is { LearnedPositions: false, Experts: 0 } ? [TensorStyle.Llama, TensorStyle.Phi3] : new TensorStyle?[] { null })
            {
                using var source = ModelFiles.ToSource(model, ElementType.F32, style);
                var read = ModelFiles.Read(source);
                Assert.Equal(shape, read.Shape);
                Assert.Equal(model.Tokens, read.Tokens);
                Assert.All(model.Tensors, tensor => Assert.Equal(tensor.Value.Values, read[tensor.Key].Values));
            }
        }
    }

    [Fact]
    public void TheProductReadsTheShape()
    {
        var seed = PlantedUnits.FreshSeed();
        foreach (var shape in FreshShapes.All(seed))
        {
            using var source = ModelFiles.ToSource(RandomDecoder.Create(shape, seed), ElementType.BF16);
            var anatomy = AnatomyReader.Read(source);
            Assert.Equal((shape.Layers, shape.Width, shape.Experts), (anatomy.Layers, anatomy.Width, anatomy.Experts));
        }
    }

    [Fact]
    public void FoldersHoldTheSameBytesEachTime()
    {
        using var folder = new TemporaryFolder();
        var seed = PlantedUnits.FreshSeed();
        var model = RandomDecoder.Create(FreshShapes.All(seed)[0], seed);
        var first = ModelFiles.Write(model, Path.Combine(folder.Path, "first"));
        var read = ModelFiles.Read(Path.Combine(folder.Path, "first"));
        Assert.Equal(first, ModelFiles.Write(read, Path.Combine(folder.Path, "second")));
    }
}
