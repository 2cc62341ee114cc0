using Pedigree.Anatomy.Inference;
using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Anatomy.Inference;

public sealed class RepeatedLayersTests
{
    // More tensors have a number in their first word than in the place that counts layers.
    [Fact]
    public void Words_that_end_in_digits_are_not_taken_for_the_count_of_layers()
    {
        List<StoredTensor> tensors = [Tensor("x0.weight"), Tensor("x1.x17.weight"), Tensor("x1.x2.weight")];
        for (var layer = 0; layer < 5; layer++)
        {
            tensors.AddRange(new[] { 4, 5, 6, 7, 8 }.Select(word => Tensor($"x1.x3.{layer}.x{word}.weight")));
        }

        var found = RepeatedLayers.Find(tensors)!;
        var stack = Assert.Single(found.Stacks);
        Assert.Equal([0, 1, 2, 3, 4], stack.Layers);
        Assert.Equal(5, stack.Slots.Count);
        Assert.Equal(3, found.Outside.Count);
    }

    private static StoredTensor Tensor(string name) => new(name, ElementType.F32, [8, 8], 0, 0, 256);
}
