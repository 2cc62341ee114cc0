using Pedigree.Anatomy;
using Pedigree.Lineage;
using Pedigree.Numerics;
using Pedigree.Tests.Anatomy.Families;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Lineage;

public class TensorFoldingTests
{
    [Fact]
    public void Equal_layers_and_experts_are_told_once() => Assert.Equal(
        ["embed.weight ×1", "layers.[0-2].mlp.up.weight ×3", "layers.[0-2].norm ×3", "layers.[3,5,7].mlp.experts.[0-7].up.weight ×24", "layers.[3,5,7].norm ×3",
            "layers.[4,6].mlp.up.weight ×2", "layers.[4,6].norm ×2"],
        Folded(
        [
            ("embed.weight", [9, 4]),
            .. Enumerable.Range(0, 8).SelectMany(layer => (IEnumerable<(string, long[])>)
            [
                .. layer is 3 or 5 or 7
                    ? Enumerable.Range(0, 8).Select(expert => ($"layers.{layer}.mlp.experts.{expert}.up.weight", (long[])[3, 4]))
                    : [($"layers.{layer}.mlp.up.weight", [layer < 3 ? 8 : 6, 4])],
                ($"layers.{layer}.norm", [4]),
            ]),
        ]).Select(tensor => $"{tensor.Name} ×{tensor.Count}"));

    [Fact]
    public void Numbers_are_in_numeric_order_and_unequal_tensors_stay_apart() => Assert.Equal(
        ["a.[0-9,11] ×11", "a.10 ×1", "b.007 ×1", "b.7 ×1", "c ×1", "c.[0-1] ×2"],
        Folded(
        [
            .. Enumerable.Range(0, 12).Select(number => ($"a.{number}", (long[])[number == 10 ? 2 : 1])).OrderBy(tensor => tensor.Item1, StringComparer.Ordinal),
            ("b.007", [1]), ("b.7", [1]), ("c", [5]), ("c.0", [1]), ("c.1", [1]),
        ]).Select(tensor => $"{tensor.Name} ×{tensor.Count}"));

    [Fact]
    public void Names_that_imitate_the_folding_or_never_end_are_told_as_they_stand()
    {
        string[] names = ["x.0.a;1:b", "x.1.a", "x.1.b", "[0-3].y", "..", new string('.', 5000), "n.99999999999"];
        var folded = Folded([.. names.Select(name => (name, (long[])[1])).OrderBy(tensor => tensor.name, StringComparer.Ordinal)]);
        Assert.Equal(names.Order(StringComparer.Ordinal), folded.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_tensor_of_a_family_is_in_one_row_with_its_purpose()
    {
        // A dozen of them in each run, others in the next.
        var seed = PlantedUnits.FreshSeed();
        var random = new CounterRandom(seed, 1);
        for (var trial = 0; trial < 12; trial++)
        {
            var family = FamilyCheckpoints.All[random.NextInt(FamilyCheckpoints.All.Count)];
            using var source = family.Make(seed);
            var anatomy = AnatomyReader.Read(source);
            var measured = ModelMeasurement.Of(source, anatomy, new MeasurementOptions { Listed = true, Layers = true }, TestContext.Current.CancellationToken);
            Assert.Equal(source.Tensors.Count, measured.Folded.Sum(tensor => tensor.Count));
            Assert.Equal(source.Tensors.Sum(tensor => tensor.Count), measured.Folded.Sum(tensor => tensor.Values));
            Assert.All(measured.Folded, tensor => Assert.NotEmpty(tensor.Purposes));
            Assert.Equal(anatomy.Layers, measured.Layers.Count);
            Assert.True(measured.Folded.Count < source.Tensors.Count);
        }
    }

    private static IReadOnlyList<FoldedTensor> Folded(IReadOnlyList<(string Name, long[] Shape)> tensors)
    {
        using var source = new MemorySource();
        foreach (var (name, shape) in tensors)
        {
            source.Add(name, new float[shape.Aggregate(1L, (product, size) => product * size)], shape);
        }

        return TensorFolding.Of([.. tensors.Select(tensor => new MeasuredTensor(source.Tensors.Single(stored => stored.Name == tensor.Name), null))], new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal));
    }
}
