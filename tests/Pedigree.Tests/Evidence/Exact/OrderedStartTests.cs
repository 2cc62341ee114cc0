using Pedigree.Anatomy;
using Pedigree.Numerics;
using Pedigree.Tests.Anatomy.Families;
using Xunit;

namespace Pedigree.Tests.Evidence.Exact;

/// <summary>Families whose training starts with an order are tested only on units that start alike.</summary>
public class OrderedStartTests
{
    [Theory]
    [InlineData("RWKV-5", true)]
    [InlineData("RWKV-7", true)]
    [InlineData("Mamba", false)]
    public void The_families_are_known(string name, bool ordered)
    {
        using var source = FamilyCheckpoints.All.Single(model => model.Name == name).Make(PlantedUnits.FreshSeed());
        Assert.Equal(ordered, AnatomyReader.Read(source).OrderedStart);
    }

    [Fact]
    public void Independent_models_that_start_with_one_order_are_not_convicted_by_it()
    {
        var family = FamilyCheckpoints.All.Single(model => model.Name == "RWKV-7");
        var seed = PlantedUnits.FreshSeed();
        // What an order from the start can do at most: each dimension stands out alike in both models, while no weight was shared in training.
        using var reference = Ordered(family.Make(seed), seed);
        using var suspect = Ordered(family.Make(CounterRandom.Mix(seed, 1)), seed);
        var text = FamilyTests.Compare(suspect, reference, seed);
        Assert.StartsWith("none-found", text, StringComparison.Ordinal);
        Assert.Equal(3, text.Split("starts with values that depend on their index").Length - 1);
    }

    // Adds one pattern of tokens and dimensions to the embedding.
    private static MemorySource Ordered(MemorySource source, ulong seed)
    {
        var ordered = new MemorySource();
        foreach (var tensor in source.Tensors)
        {
            var values = LayoutRoundTripTests.Read(source, tensor);
            if (tensor.Name.EndsWith("emb.weight", StringComparison.Ordinal) || tensor.Name.EndsWith("embeddings.weight", StringComparison.Ordinal))
            {
                var random = new CounterRandom(seed, 7);
                var size = Math.Sqrt(values.Average(value => (double)value * value));
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] += (float)(2 * size * random.NextGaussian());
                }
            }

            ordered.Add(tensor.Name, values, [.. tensor.Shape]);
        }

        return ordered;
    }
}
