using System.Collections.Immutable;

namespace Pedigree.Checkpoints.Storages;

/// <summary>Whether a strided tensor lies inside its storage.</summary>
internal static class StridedBounds
{
    private const int MostDimensions = 64;

    /// <summary>The fault of a tensor's place, as the end of a sentence about it, or null. Nothing given is trusted.</summary>
    /// <param name="shape">Dimensions.</param>
    /// <param name="strides">Elements from one index to the next.</param>
    /// <param name="start">First element.</param>
    /// <param name="available">Elements that the storage holds.</param>
    public static string? Fault(ImmutableArray<long> shape, ImmutableArray<long> strides, long start, long available)
    {
        if (shape.Length != strides.Length)
        {
            return $"has {shape.Length} dimensions and {strides.Length} strides";
        }

        if (shape.Any(dimension => dimension < 0))
        {
            return "has a negative dimension";
        }

        if (start < 0)
        {
            return "begins before its storage";
        }

        if (strides.Any(stride => stride < 0))
        {
            return "has a negative stride";
        }

        if (shape.Length > MostDimensions)
        {
            return $"has more than {MostDimensions} dimensions";
        }

        // A stride of zero repeats values without storing them; a tensor of weights has no more elements than its storage.
        if (StridedTensor.CountOf(shape, ElementType.F64) is not { } count || count > available)
        {
            return $"has more elements than the {available} of its storage";
        }

        var last = (Int128)start;
        for (var i = 0; i < shape.Length && count > 0; i++)
        {
            last += (Int128)(shape[i] - 1) * strides[i];
            if (last >= available)
            {
                return "reaches past the end of its storage";
            }
        }

        return last > available || (count > 0 && last == available) ? "reaches past the end of its storage" : null;
    }
}
