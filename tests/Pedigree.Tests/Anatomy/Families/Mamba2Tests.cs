using Pedigree.Anatomy;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Anatomy.Families;

/// <summary>Mamba-2: every tensor is known, no channel counts as a neuron, and what the embedding alone shows acquits nobody and convicts nobody.</summary>
public class Mamba2Tests
{
    private static readonly FamilyCheckpoint Checkpoint = new("Mamba-2", "mamba2", """
        backbone.embedding.weight V d Embedding
        backbone.layers.{l}.norm.weight d AttentionNorm
        backbone.layers.{l}.mixer.in_proj.weight 552 d none
        backbone.layers.{l}.mixer.conv1d.weight 296 1 4 none
        backbone.layers.{l}.mixer.conv1d.bias 296 none
        backbone.layers.{l}.mixer.dt_bias 8 none
        backbone.layers.{l}.mixer.A_log 8 none
        backbone.layers.{l}.mixer.D 8 none
        backbone.layers.{l}.mixer.norm.weight 256 none
        backbone.layers.{l}.mixer.out_proj.weight d 256 none
        backbone.norm_f.weight d FinalNorm
        lm_head.weight V d Unembedding
        """);

    [Fact]
    public void Every_tensor_is_known_and_none_is_a_neuron()
    {
        using var source = Checkpoint.Make(PlantedUnits.FreshSeed());
        var anatomy = AnatomyReader.Read(source);
        Assert.Equal(("mamba2", FamilyCheckpoint.Layers, 128), (anatomy.Family, anatomy.Layers, anatomy.Width));
        Assert.Empty(anatomy.NotUnderstood);
        Assert.DoesNotContain(anatomy.Views.Keys, role => role.Part is Part.Up or Part.Gate or Part.Down or Part.Query);
        Assert.Equal(
            Checkpoint.Tensors().Where(tensor => tensor.Parts.Length == 0).Select(tensor => tensor.Name).Order(StringComparer.Ordinal),
            anatomy.Auxiliary.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_copy_is_seen_by_its_embedding_and_a_twin_is_not()
    {
        var fresh = PlantedUnits.FreshSeed();
        string copy = "", twin = "";
        // Another draw decides where an order looks structured by chance, as in FamilyTests.
        for (ulong draw = 0; draw == 0 || (draw < 4 && copy.Contains("not used", StringComparison.Ordinal)); draw++)
        {
            var seed = CounterRandom.Mix(fresh, draw);
            using var reference = Checkpoint.Make(seed);
            copy = FamilyTests.Compare(FamilyTests.Noisy(Checkpoint, reference, seed), reference, seed);
            twin = FamilyTests.Compare(Checkpoint.Make(CounterRandom.Mix(seed, 1)), reference, seed);
        }

        Assert.StartsWith("cannot-tell rotation-not-excluded", copy, StringComparison.Ordinal);
        Assert.Contains("residual-order-by-embedding 128 of 128", copy, StringComparison.Ordinal);
        Assert.StartsWith("none-found", twin, StringComparison.Ordinal);
    }
}
