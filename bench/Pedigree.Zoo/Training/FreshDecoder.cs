using Pedigree.Numerics;
using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Training;

/// <summary>Random starts of training.</summary>
internal static class FreshDecoder
{
    /// <summary>Normal matrices whose products keep the size of what they read; what writes to the stream smaller with depth; gains one, biases zero.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="seed">Decides every value; tensors are drawn one after another in the order of the shape's slots.</param>
    /// <param name="tokens">The texts of the tokens.</param>
    public static DecoderModel Create(DecoderShape shape, ulong seed, IReadOnlyList<string> tokens)
    {
        var tensors = new Dictionary<string, Weights>(StringComparer.Ordinal);
        ulong stream = 0;
        foreach (var slot in shape.Slots())
        {
            var random = new CounterRandom(seed, ++stream);
            var weights = tensors[slot.Name] = new Weights(slot.Rows, slot.Columns);
            if (slot.IsVector)
            {
                weights.Map(_ => slot.Name.EndsWith("norm", StringComparison.Ordinal) ? 1 : 0);
                continue;
            }

            var deviation = slot.Name is Slot.Embedding or Slot.Positions ? 0.05
                : (Slot.SideOf(slot.Name) == ResidualSide.Rows ? 0.6 / Math.Sqrt(2.0 * shape.Layers) : 0.6) / Math.Sqrt(slot.Columns);
            weights.Map(_ => (float)(deviation * random.NextGaussian()));
        }

        return new DecoderModel(shape, tensors, tokens);
    }
}
