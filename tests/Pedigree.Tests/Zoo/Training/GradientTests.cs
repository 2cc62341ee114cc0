using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Training;
using Xunit;

namespace Pedigree.Tests.Zoo.Training;

/// <summary>The trainer's losses and gradients, held against differences of the forward pass in double precision.</summary>
public sealed class GradientTests
{
    private const int Sequences = 3;
    private const int Length = 9;

    [Fact]
    public void LogitsAreThoseOfTheYardstick()
    {
        var seed = PlantedUnits.FreshSeed();
        foreach (var shape in FreshShapes.All(seed))
        {
            var (model, tokens, _) = Draw(shape, seed);
            var layout = new ParameterLayout(shape);
            var pass = new DecoderPass(layout, Sequences, Length);
            pass.Forward(layout.Flatten(model), tokens);
            for (var sequence = 0; sequence < Sequences; sequence++)
            {
                var expected = DecoderForward.Logits(model, tokens.AsSpan(sequence * Length, Length));
                for (var i = 0; i < Length * shape.Vocabulary; i++)
                {
                    Assert.Equal(expected[i / shape.Vocabulary][i % shape.Vocabulary], pass.Logits[(sequence * Length * shape.Vocabulary) + i], 2e-3);
                }
            }
        }
    }

    [Fact]
    public void GradientsAreDifferencesOfTheLoss()
    {
        var seed = PlantedUnits.FreshSeed();
        foreach (var shape in FreshShapes.All(seed))
        {
            // Where a ReLU has its kink the slope is no derivative: the step seldom meets one, three times in a row never.
            var faults = Enumerable.Range(0, 3).Select(attempt => Fault(shape, CounterRandom.Mix(seed, (ulong)attempt))).TakeWhile(fault => fault is not null).ToArray();
            Assert.True(faults.Length < 3, faults.LastOrDefault());
        }
    }

    private static string? Fault(DecoderShape shape, ulong seed)
    {
        var (model, tokens, targets) = Draw(shape, seed);
        var layout = new ParameterLayout(shape);
        var gradients = new float[layout.Count];
        var loss = new DecoderPass(layout, Sequences, Length).Run(layout.Flatten(model), gradients, tokens, targets, default, Sequences * Length);
        Assert.Equal(Loss(model, tokens, targets), loss.CrossEntropy + loss.Balance, 1e-3);
        return shape.Slots().Select(slot => FaultAlong(model, slot.Name, layout.Of(gradients, slot.Name), tokens, targets, seed)).FirstOrDefault(fault => fault is not null);
    }

    // One random direction a tensor: the slope of the loss along it is the product with the gradient.
    private static string? FaultAlong(DecoderModel model, string name, ReadOnlySpan<float> gradient, int[] tokens, int[] targets, ulong seed)
    {
        var random = new CounterRandom(seed, (ulong)name.Length);
        var weights = model[name];
        var before = weights.Values.ToArray();
        var step = 1e-5 * weights.RootMeanSquare();
        var direction = before.Select(_ => step * random.NextGaussian()).ToArray();
        var (up, down) = (Moved(1), Moved(-1));
        Set(up);
        var above = Loss(model, tokens, targets);
        Set(down);
        var slope = above - Loss(model, tokens, targets);
        Set(before);
        double product = 0, size = 0;
        for (var i = 0; i < before.Length; i++)
        {
            var moved = (double)up[i] - down[i];
            product += moved * gradient[i];
            size += moved * gradient[i] * moved * gradient[i];
        }

        // The slope is exact to the third power of the step and to rounding of the loss; gradients carry the rounding of 32-bit sums.
        return Math.Abs(slope - product) <= (0.02 * Math.Sqrt(size)) + 1e-11 ? null : $"{name} of {model.Shape}: slope {slope:g6}, gradient {product:g6}";

        float[] Moved(int sign) => [.. before.Select((value, i) => (float)(value + (sign * direction[i])))];
        void Set(float[] values) => values.CopyTo(weights.Values, 0);
    }

    private static (DecoderModel Model, int[] Tokens, int[] Targets) Draw(DecoderShape shape, ulong seed)
    {
        var model = RandomDecoder.Create(shape, seed);
        var random = new CounterRandom(seed, 4);
        int[] tokens;
        do
        {
            tokens = [.. Enumerable.Range(0, Sequences * Length).Select(_ => random.NextInt(shape.Vocabulary))];
        }
        while (tokens.Chunk(Length).Any(sequence => DecoderForward.RouterMargin(model, sequence) < 3e-3));

        return (model, tokens, [.. tokens.Select(_ => random.NextInt(shape.Vocabulary))]);
    }

    private static double Loss(DecoderModel model, int[] tokens, int[] targets)
    {
        var (loss, at) = (0.0, 0);
        var all = Enumerable.Range(0, model.Shape.Layers).Select(_ => new List<double[]>()).ToArray();
        foreach (var sequence in tokens.Chunk(Length))
        {
            var (rows, routers) = DecoderForward.Run(model, sequence);
            for (var layer = 0; layer < routers.Length; layer++)
            {
                all[layer].AddRange(routers[layer]);
            }

            foreach (var logits in rows)
            {
                var largest = logits.Max();
                loss += largest + Math.Log(logits.Sum(logit => Math.Exp(logit - largest))) - logits[targets[at++]];
            }
        }

        return (loss / tokens.Length) + (model.Shape.Experts == 0 ? 0 : all.Sum(layer => Balance(layer, model.Shape)));
    }

    // Fedus and others (2022), equation 4, weight 0.01, over the mean probability and the share of choices of each expert.
    private static double Balance(List<double[]> routers, DecoderShape shape)
    {
        var (shares, means) = (new double[shape.Experts], new double[shape.Experts]);
        foreach (var router in routers)
        {
            var sum = router.Sum(Math.Exp);
            foreach (var expert in Enumerable.Range(0, shape.Experts).OrderByDescending(expert => router[expert]).Take(shape.ActiveExperts))
            {
                shares[expert] += 1.0 / (routers.Count * shape.ActiveExperts);
            }

            for (var expert = 0; expert < shape.Experts; expert++)
            {
                means[expert] += Math.Exp(router[expert]) / sum / routers.Count;
            }
        }

        return 0.01 * shape.Experts * shares.Select((share, expert) => share * means[expert]).Sum();
    }
}
