using Pedigree.Anatomy;
using Pedigree.Numerics;
using Pedigree.Tests.Anatomy.Families;
using Pedigree.Tests.Evidence.Descriptive;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Anatomy;

/// <summary>Models of several towers: the language model is what is compared, each tower has an anatomy of its own.</summary>
public class MultimodalTests
{
    private static readonly FamilyCheckpoint Language = new("language model", "llama", NamedLikeLlama.Attention + NamedLikeLlama.Mlp + NamedLikeLlama.Norms + NamedLikeLlama.Outside);

    [Theory]
    [InlineData("language_model.model", "language_model.lm_head", "vision_tower.vision_model", "vision_tower", "multi_modal_projector.linear_1")]
    [InlineData("model.language_model", "lm_head", "model.vision_tower.vision_model", "model.vision_tower", "model.multi_modal_projector.linear_1")]
    public void The_language_model_is_the_model_and_the_tower_a_component(string language, string head, string tower, string component, string projector)
    {
        var seed = PlantedUnits.FreshSeed();
        using var plain = Language.Make(seed);
        using var joined = Join(plain, seed, language, head, tower, projector);
        var anatomy = AnatomyReader.Read(joined);
        Assert.Equal("llama", anatomy.Family);
        Assert.Empty(anatomy.NotUnderstood.Select(tensor => tensor.Name));
        Assert.Equal(AnatomyReader.Read(plain).Views.Keys, anatomy.Views.Keys);
        Assert.Contains(anatomy.Auxiliary, tensor => tensor.Name.StartsWith(projector, StringComparison.Ordinal));
        var vision = Assert.Single(anatomy.Components);
        Assert.Equal((component, "clip", FamilyCheckpoint.Layers), (vision.Prefix, vision.Anatomy.Family, vision.Anatomy.Layers));
        Assert.Empty(vision.Anatomy.NotUnderstood.Select(tensor => tensor.Name));
        Assert.Equal(joined.Tensors.Sum(tensor => tensor.Count), anatomy.ParameterCount);
    }

    [Fact]
    public void A_language_model_is_found_inside_a_multimodal_one_and_a_shared_tower_alone_is_not_taken_for_it()
    {
        var fresh = PlantedUnits.FreshSeed();
        string copy = "", stranger = "";
        // As in FamilyTests: chance makes an order look structured once in 10^4 tests.
        for (ulong draw = 0; draw == 0 || (draw < 4 && (copy + stranger).Contains("not used", StringComparison.Ordinal)); draw++)
        {
            var seed = CounterRandom.Mix(fresh, draw);
            using var reference = Language.Make(seed);
            using var child = Join(FamilyTests.Noisy(Language, reference, seed), seed, "language_model.model", "language_model.lm_head", "vision_tower.vision_model", "multi_modal_projector.linear_1");
            // The same tower on another language model.
            using var other = Join(Language.Make(CounterRandom.Mix(seed, 1)), seed, "language_model.model", "language_model.lm_head", "vision_tower.vision_model", "multi_modal_projector.linear_1");
            copy = FamilyTests.Compare(child, reference, seed);
            stranger = FamilyTests.Compare(other, child, seed);
        }

        Assert.StartsWith("related", copy, StringComparison.Ordinal);
        Assert.StartsWith("none-found", stranger, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tower_of_Qwen2_VL_is_read_with_its_merger()
    {
        var seed = PlantedUnits.FreshSeed();
        using var source = Language.Make(seed);
        var tower = new FamilyCheckpoint("tower", "packed-vit", """
            visual.patch_embed.proj.weight d 3 2 4 4 none
            visual.blocks.{l}.attn.qkv.weight c3 d Query,Key,Value
            visual.blocks.{l}.attn.qkv.bias c3 QueryBias,KeyBias,ValueBias
            visual.blocks.{l}.attn.proj.weight d q AttentionOutput
            visual.blocks.{l}.attn.proj.bias d AttentionOutputBias
            visual.blocks.{l}.mlp.fc1.weight h d Up
            visual.blocks.{l}.mlp.fc1.bias h UpBias
            visual.blocks.{l}.mlp.fc2.weight d h Down
            visual.blocks.{l}.mlp.fc2.bias d DownBias
            visual.blocks.{l}.norm1.weight d AttentionNorm
            visual.blocks.{l}.norm1.bias d AttentionNormBias
            visual.blocks.{l}.norm2.weight d MlpNorm
            visual.blocks.{l}.norm2.bias d MlpNormBias
            visual.merger.ln_q.weight d none
            visual.merger.ln_q.bias d none
            visual.merger.mlp.0.weight h d none
            visual.merger.mlp.0.bias h none
            visual.merger.mlp.2.weight d h none
            visual.merger.mlp.2.bias d none
            """);
        Copy(tower.Make(seed), source, name => name);
        var anatomy = AnatomyReader.Read(source);
        var vision = Assert.Single(anatomy.Components);
        Assert.Equal(("visual", "packed-vit"), (vision.Prefix, vision.Anatomy.Family));
        Assert.Empty(anatomy.NotUnderstood.Concat(vision.Anatomy.NotUnderstood).Select(tensor => tensor.Name));
        Assert.Equal(6, vision.Anatomy.Auxiliary.Count(tensor => tensor.Name.StartsWith("visual.merger", StringComparison.Ordinal)));
    }

    [Fact]
    public void Names_that_nest_without_end_are_read_in_bounded_depth_and_time()
    {
        using var source = new MemorySource();
        for (var depth = 1; depth <= 40; depth++)
        {
            var prefix = string.Concat(Enumerable.Repeat("a.", depth));
            foreach (var part in (string[])["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.up_proj", "mlp.down_proj"])
            {
                source.Add($"{prefix}layers.0.{part}.weight", new float[16], 4, 4);
            }
        }

        source.Add(string.Join('.', Enumerable.Range(0, 50_000)) + ".weight", new float[16], 4, 4);
        var anatomy = AnatomyReader.Read(source);
        var nested = 0;
        for (IReadOnlyList<ModelComponent> components = anatomy.Components; components.Count > 0; components = components[0].Anatomy.Components)
        {
            nested++;
        }

        Assert.InRange(nested, 1, 3);
        Assert.Equal(source.Tensors.Count, anatomy.Tensors.Count() + anatomy.Fixed.Count);
    }

    [Fact]
    public void Scales_of_quantised_blocks_belong_to_their_weights()
    {
        using var source = Language.Make(PlantedUnits.FreshSeed());
        foreach (var tensor in source.Tensors.Where(tensor => tensor.Shape.Length == 2 && tensor.Name.Contains("proj", StringComparison.Ordinal)).ToArray())
        {
            source.Add(tensor.Name + "_scale_inv", [1, 1], 2, 1);
        }

        var anatomy = AnatomyReader.Read(source);
        Assert.Equal("llama", anatomy.Family);
        Assert.Empty(anatomy.NotUnderstood.Select(tensor => tensor.Name));
        Assert.Equal(7 * FamilyCheckpoint.Layers, anatomy.Auxiliary.Count);
    }

    private static MemorySource Join(MemorySource language, ulong seed, string prefix, string head, string tower, string projector)
    {
        var joined = new MemorySource();
        Copy(language, joined, name => name.StartsWith("lm_head", StringComparison.Ordinal) ? head + name["lm_head".Length..] : prefix + name["model".Length..]);
        Copy(new FamilyCheckpoint("tower", "clip", EncodersAndOthers.At(tower, EncodersAndOthers.SiglipTower)).Make(seed), joined, name => name);
        joined.Add(projector + ".weight", new float[128 * 128], 128, 128);
        joined.Add(projector + ".bias", new float[128], 128);
        return joined;
    }

    private static void Copy(MemorySource from, MemorySource to, Func<string, string> name)
    {
        foreach (var tensor in from.Tensors)
        {
            to.Add(name(tensor.Name), LayoutRoundTripTests.Read(from, tensor), [.. tensor.Shape]);
        }
    }
}
