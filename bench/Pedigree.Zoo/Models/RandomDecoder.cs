using Pedigree.Numerics;

namespace Pedigree.Zoo.Models;

/// <summary>Untrained decoders whose weights have the marks of trained ones: power-law spectra, token norms and gains that differ, levels that change with depth.</summary>
internal static class RandomDecoder
{
    /// <summary>Draws a model.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="seed">Everything is drawn from it.</param>
    /// <param name="tokens">The texts of the tokens; null for numbered ones.</param>
    public static DecoderModel Create(DecoderShape shape, ulong seed, IReadOnlyList<string>? tokens = null)
    {
        var tensors = new Dictionary<string, Weights>(StringComparer.Ordinal);
        var profile = new CounterRandom(seed, 0);
        var levels = Enumerable.Range(0, shape.Layers).Select(_ => Math.Exp(0.2 * profile.NextGaussian())).ToArray();
        ulong stream = 1;
        foreach (var slot in shape.Slots())
        {
            var random = new CounterRandom(seed, stream++);
            var layer = Slot.LayerOf(slot.Name);
            var level = layer < 0 ? 1 : levels[layer];
            tensors[slot.Name] = Draw(slot, level, shape.Layers, ref random);
        }

        return new DecoderModel(shape, tensors, tokens);
    }

    /// <summary>A shape drawn at random: some norm, biases, experts, tying and head grouping among those that occur.</summary>
    /// <param name="seed">Decides it.</param>
    /// <param name="width">Residual width; a multiple of 16.</param>
    /// <param name="layers">Layers.</param>
    /// <param name="vocabulary">Tokens.</param>
    public static DecoderShape DrawShape(ulong seed, int width, int layers, int vocabulary = 512)
    {
        var random = new CounterRandom(seed, 0x5348415045);
        var head = width >= 256 ? 32 << random.NextInt(2) : 16;
        var heads = Math.Max(1, width / head);
        var divisors = Enumerable.Range(0, 4).Select(power => 1 << power).Where(group => heads % group == 0).ToArray();
        var learned = random.NextInt(4) == 0;
        var experts = !learned && random.NextInt(4) == 0 ? 4 << random.NextInt(2) : 0;
        return new DecoderShape
        {
            Layers = layers,
            Width = width,
            QueryHeads = heads,
            KeyValueHeads = learned ? heads : heads / divisors[random.NextInt(divisors.Length)],
            HeadWidth = head,
            Neurons = experts > 0 ? width : (learned ? 4 : 3) * width,
            Vocabulary = vocabulary,
            Experts = experts,
            ActiveExperts = experts > 0 ? 2 : 0,
            Norm = learned ? NormKind.Layer : NormKind.RootMeanSquare,
            Activation = learned ? Activation.Gelu : Activation.Silu,
            Gated = !learned,
            LearnedPositions = learned,
            QueryKeyValueBias = learned || random.NextInt(3) == 0,
            OutputBias = learned,
            MlpBias = learned,
            QueryKeyNorm = !learned && random.NextInt(4) == 0,
            Tied = random.NextInt(3) == 0,
        };
    }

    private static Weights Draw(SlotShape slot, double level, int layers, ref CounterRandom random)
    {
        var weights = new Weights(slot.Rows, slot.Columns);
        if (slot.IsVector)
        {
            var isBias = slot.Name.EndsWith(".bias", StringComparison.Ordinal);
            for (var i = 0; i < weights.Values.Length; i++)
            {
                weights.Values[i] = (float)(isBias ? 0.1 * random.NextGaussian() : Math.Exp(0.4 * random.NextGaussian()));
            }

            return weights;
        }

        PowerLaw(weights, ref random);
        // What writes to the stream is smaller, so that deep stacks keep their first layers' share of it.
        var side = Slot.SideOf(slot.Name);
        weights.Map(value => (float)(value * level * (side == ResidualSide.Rows ? 1 / Math.Sqrt(2.0 * layers) : 1)));
        if (slot.Name is Slot.Embedding or Slot.Unembedding)
        {
            for (var row = 0; row < weights.Rows; row++)
            {
                weights.ScaleRow(row, Math.Exp(0.5 * random.NextGaussian()));
            }
        }

        return weights;
    }

    // Normal rows with deviations i^-.5, turned by random plane rotations: singular values fall like i^-.5 and directions have no axis.
    private static void PowerLaw(Weights weights, ref CounterRandom random)
    {
        var columns = weights.Columns;
        var deviations = Enumerable.Range(1, columns).Select(i => Math.Pow(i, -0.5)).ToArray();
        var norm = Math.Sqrt(deviations.Sum(deviation => deviation * deviation));
        for (var row = 0; row < weights.Rows; row++)
        {
            var values = weights.Row(row);
            for (var i = 0; i < columns; i++)
            {
                values[i] = (float)(deviations[i] / norm * random.NextGaussian());
            }
        }

        var stages = 2 * (int)Math.Ceiling(Math.Log2(Math.Max(2, columns)));
        for (var stage = 0; stage < stages; stage++)
        {
            var order = random.Permutation(columns);
            for (var pair = 0; pair + 1 < columns; pair += 2)
            {
                var (sine, cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
                Turn(weights, order[pair], order[pair + 1], (float)cosine, (float)sine);
            }
        }
    }

    private static void Turn(Weights weights, int first, int second, float cosine, float sine)
    {
        var values = weights.Values;
        for (var at = 0; at < values.Length; at += weights.Columns)
        {
            var (left, right) = (values[at + first], values[at + second]);
            values[at + first] = (cosine * left) - (sine * right);
            values[at + second] = (sine * left) + (cosine * right);
        }
    }
}
