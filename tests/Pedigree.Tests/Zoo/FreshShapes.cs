using Pedigree.Numerics;
using Pedigree.Zoo.Models;

namespace Pedigree.Tests.Zoo;

/// <summary>Shapes that between them have every part that a decoder of the zoo can have, at sizes drawn from a seed.</summary>
internal static class FreshShapes
{
    /// <summary>One shape of each sort.</summary>
    public static IReadOnlyList<DecoderShape> All(ulong seed)
    {
        var random = new CounterRandom(seed, 0x5A);
        DecoderShape Draw(int vocabulary) => new()
        {
            Layers = 2 + random.NextInt(3),
            Width = 16 * (1 + random.NextInt(3)),
            QueryHeads = 4,
            KeyValueHeads = 1 << random.NextInt(3),
            HeadWidth = 8,
            Neurons = 24 + (2 * random.NextInt(12)),
            Vocabulary = vocabulary,
            Context = 16,
        };

        return
        [
            Draw(40),
            Draw(44) with { Tied = true },
            Draw(48) with { QueryKeyValueBias = true, QueryKeyNorm = true },
            Draw(40) with { QueryKeyValueBias = true, Tied = true, Activation = Activation.Relu },
            Draw(40) with { Experts = 4, ActiveExperts = 2 },
            Draw(40) with { Experts = 4, ActiveExperts = 2, QueryKeyValueBias = true, Tied = true },
            Gpt2(Draw(40)) with { Tied = true },
            Gpt2(Draw(40)) with { KeyValueHeads = 4 },
        ];
    }

    private static DecoderShape Gpt2(DecoderShape shape) => shape with
    {
        Norm = NormKind.Layer,
        Activation = Activation.Gelu,
        Gated = false,
        LearnedPositions = true,
        QueryKeyValueBias = true,
        OutputBias = true,
        MlpBias = true,
        NormEpsilon = 1e-5,
    };
}
