using Pedigree.Alignment;
using Pedigree.Lineage;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Tests.Lineage;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Xunit;

namespace Pedigree.Tests.Evidence.Calibrated;

/// <summary>Mixtures of experts in disguise, and dense models made into mixtures, of fresh shapes, through the verdict of the product.</summary>
public sealed class HiddenExpertsTests
{
    [Fact]
    public void A_disguised_mixture_is_found_with_its_expert_map()
    {
        var (shape, seed) = Fresh(1, experts: 12, neurons: 1);
        var parent = RandomDecoder.Create(shape, seed);
        var child = ManipulationNames.Parse("disguised noise:0.9").Apply(parent, seed + 1);
        var result = Found(child, Comparisons.OfMade(child.Model, parent, seed));
        var mapped = result.Kinds.Where(kind => kind.Kind == "experts-reordered").ToArray();
        // Of a layer two or three experts are judged; where all of them stand in their old places nothing was reordered.
        var moved = Enumerable.Range(0, shape.Layers).Where(layer => JudgedExperts.Of([.. Enumerable.Range(0, 12).Select(expert => (expert, shape.Neurons))], layer, seed)
            .Any(expert => child.Truth.Experts[layer][expert] != expert));
        Assert.Equal(moved, mapped.Select(kind => int.Parse(kind.Scope.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)).Order());
        var experts = 0;
        foreach (var kind in mapped)
        {
            var layer = int.Parse(kind.Scope.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
            foreach (var (name, origin) in kind.Parameters.Where(figure => figure.Key.StartsWith("expert", StringComparison.Ordinal) && char.IsAsciiDigit(figure.Key[^1])))
            {
                experts++;
                Assert.Equal(child.Truth.Experts[layer][int.Parse(name["expert".Length..], System.Globalization.CultureInfo.InvariantCulture)], (int)origin);
            }
        }

        Assert.InRange(experts, mapped.Length, 12 * shape.Layers);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void A_dense_model_made_into_experts_is_found(int copies)
    {
        var (shape, seed) = Fresh(2 + copies, experts: 0, neurons: 3);
        var parent = RandomDecoder.Create(shape, seed);
        var mixture = copies == 1 ? Upcycling.Copies(8, 0.9) : Upcycling.Split(6);
        var child = Manipulation.Composed(mixture, ManipulationNames.Parse("disguised")).Apply(parent, seed + 1);
        var result = Found(child, Comparisons.OfMade(child.Model, parent, seed));
        var made = result.Kinds.Where(kind => kind.Kind == "dense-to-experts").ToArray();
        Assert.Equal(shape.Layers, made.Length);
        // Copies name the same neurons again, parts of a split never do.
        Assert.All(made, kind => Assert.InRange(kind.Parameters["repeatedShare"], copies == 1 ? 0.2 : 0, copies == 1 ? 1 : 0.05));
    }

    [Fact]
    public void A_mixture_is_found_in_the_dense_model_it_was_made_from()
    {
        var (shape, seed) = Fresh(4, experts: 0, neurons: 2);
        var parent = RandomDecoder.Create(shape, seed);
        var child = Manipulation.Composed(Upcycling.Copies(4, 0.9), ManipulationNames.Parse("disguised")).Apply(parent, seed + 1).Model;
        var result = Comparisons.OfMade(parent, child, seed);
        Assert.Contains(result.Verdict.Relation, new[] { "related", "shared-initialisation" });
        Assert.Equal(shape.Layers, result.Kinds.Count(kind => kind.Kind == "experts-to-dense"));
    }

    [Fact]
    public void Experts_that_were_copied_count_once_with_order_kept()
    {
        var (shape, seed) = Fresh(5, experts: 0, neurons: 2);
        var parent = RandomDecoder.Create(shape, seed);
        var child = Upcycling.Copies(4, 0.8).Apply(parent, seed + 1);
        var result = Found(child, Comparisons.OfMade(child.Model, parent, seed));
        Assert.Equal("exact", result.Verdict.Tier);
        Assert.Equal(shape.Layers, result.Kinds.Count(kind => kind.Kind == "dense-to-experts"));
    }

    [Theory]
    [InlineData("mixture")]
    [InlineData("dense")]
    [InlineData("clone")]
    [InlineData("forged")]
    public void Unrelated_mixtures_stay_quiet(string suspect)
    {
        var (shape, seed) = Fresh(10 + (ulong)suspect.Length, experts: 8, neurons: 1);
        var reference = RandomDecoder.Create(shape, seed);
        var other = RandomDecoder.Create(shape, seed + 7);
        var model = suspect switch
        {
            "mixture" => ManipulationNames.Parse("disguised").Apply(other, seed + 1).Model,
            "dense" => RandomDecoder.Create(shape with { Experts = 0, ActiveExperts = 0, Neurons = 3 * shape.Width }, seed + 7),
            "clone" => HardNegatives.ProfileClone(reference, seed + 1),
            _ => Forgery.Careful(other, reference),
        };
        var result = Comparisons.OfMade(model, reference, seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"{shape} {suspect}: {result.Verdict.Headline}");
        Assert.Contains(result.Verdict.Relation, new[] { "none-found", "cannot-tell" });
        Assert.Empty(result.Kinds);
    }

    private static ComparisonResult Found(Derivation child, ComparisonResult result)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{child.Model.Shape}: {result.Verdict.Headline}");
        Assert.Contains(result.Verdict.Relation, new[] { "related", "shared-initialisation" });
        Assert.All(result.LayerMap, link => Assert.Equal([child.Truth.Layers[link.SuspectLayer]], link.ReferenceLayers));
        return result;
    }

    private static (DecoderShape Shape, ulong Seed) Fresh(int draw, int experts, int neurons) => Fresh((ulong)draw, experts, neurons);

    private static (DecoderShape Shape, ulong Seed) Fresh(ulong draw, int experts, int neurons)
    {
        var seed = CounterRandom.Mix(PlantedUnits.FreshSeed(), draw);
        var random = new CounterRandom(seed, 1);
        var width = 96 + (16 * random.NextInt(3));
        return (new DecoderShape
        {
            Layers = 4,
            Width = width,
            QueryHeads = width / 16,
            KeyValueHeads = width / 16 % 2 == 0 ? width / 32 : width / 16,
            HeadWidth = 16,
            Neurons = neurons * width,
            Vocabulary = 640,
            Experts = experts,
            ActiveExperts = experts > 0 ? 2 : 0,
            QueryKeyValueBias = random.NextInt(2) == 0,
            Tied = random.NextInt(3) == 0,
        }, seed);
    }
}
