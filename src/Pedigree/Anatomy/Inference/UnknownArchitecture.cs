using Pedigree.Checkpoints;

namespace Pedigree.Anatomy.Inference;

/// <summary>Finds roles without knowing any name.</summary>
internal static class UnknownArchitecture
{
    /// <summary>The name that such models report as their family.</summary>
    public const string Family = "unknown";

    /// <summary>Assembles what shapes and contents reveal.</summary>
    public static ModelAnatomy Read(IReadOnlyList<StoredTensor> tensors, WeightReader reader)
    {
        var claims = new List<Claim>();
        var interchangeable = new HashSet<(Part, Part)>();
        if (RepeatedLayers.Find(tensors) is { } found && WidthOf(found) is var width and > 0)
        {
            var transposed = StorageOrder.IsTransposed(found.Stacks, width);
            foreach (var stack in found.Stacks)
            {
                var roles = ShapeRoles.Of(stack, width, transposed, reader);
                claims.AddRange(roles.Claims);
                interchangeable.UnionWith(roles.Interchangeable);
            }

            claims.AddRange(OutsideRoles.Of(found.Outside, width, reader, interchangeable));
        }

        return ViewAssembler.Assemble(claims, tensors, Family) with { Interchangeable = [.. interchangeable.Order()] };
    }

    // Nearly every matrix of a layer has d on one side; norms decide between the two sides of a lone pair.
    private static int WidthOf(RepeatedLayers found)
    {
        var sides = new Dictionary<long, int>();
        foreach (var tensor in found.Stacks.SelectMany(stack => stack.Slots).SelectMany(slot => slot.Tensors))
        {
            var weight = tensor.Shape.Length is 2 or 3 ? 1000 : tensor.Shape.Length == 1 ? 1 : 0;
            foreach (var side in tensor.Shape.TakeLast(2).Distinct())
            {
                sides[side] = sides.GetValueOrDefault(side) + weight;
            }
        }

        return ResidualWidth.MostFrequent(sides);
    }
}
