using Pedigree.Numerics;
using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Manipulations;

/// <summary>Changes of the residual stream that keep the function: S1 to S4 and the padding of S13 in the numbering of docs/zoo.md.</summary>
internal static class ResidualSymmetries
{
    /// <summary>S1: dimensions in another order, and negated where the norm allows it.</summary>
    public static Manipulation Permuted { get; } = new("residual-permuted", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 1);
        var order = random.Permutation(parent.Shape.Width);
        // LayerNorm takes out the mean, which negating single dimensions would change.
        var signs = order.Select(_ => parent.Shape.Norm == NormKind.Layer || random.NextInt(2) == 0 ? 1.0 : -1.0).ToArray();
        return new(
            Selection.Residual(parent, order, signs),
            Truth.Identity(parent.Shape) with { Residual = ResidualMap.Selection(parent.Shape.Width, order, signs) });
    });

    /// <summary>S2: gains folded into what reads the stream, then the stream turned by a uniformly random rotation.</summary>
    public static Manipulation Rotated { get; } = new("residual-rotated", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 2);
        var width = parent.Shape.Width;
        var isLayerNorm = parent.Shape.Norm == NormKind.Layer;
        var rotation = isLayerNorm ? OrthogonalMatrix.KeepingOnes(ref random, width) : OrthogonalMatrix.Haar(ref random, width, width);
        var folded = NormFolding.Fold(isLayerNorm ? NormFolding.Centre(parent) : parent);
        var model = folded.Map((name, weights) => Slot.SideOf(name) switch
        {
            ResidualSide.Columns or ResidualSide.Vector => RightProduct.Of(weights, rotation, width),
            ResidualSide.Rows => RightProduct.Of(weights.Transpose(), rotation, width).Transpose(),
            _ => weights,
        });
        return new(model, Truth.Identity(parent.Shape) with { Residual = ResidualMap.Dense(width, width, rotation) });
    });

    /// <summary>S3: other gains, undone in what follows each norm. The final norm of tied models is left alone.</summary>
    public static Manipulation NewGains { get; } = new("new-gains", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 3);
        var model = parent.Copy();
        foreach (var (norm, readers) in NormFolding.Readers(model))
        {
            if (norm == Slot.FinalNorm && model.Shape.Tied)
            {
                continue;
            }

            var factors = Enumerable.Range(0, model.Shape.Width).Select(_ => Math.Exp(0.5 * random.NextGaussian())).ToArray();
            model[norm].ScaleColumns(factors);
            model.Find(Slot.Bias(norm))?.ScaleColumns(factors);
            var inverse = factors.Select(factor => 1 / factor).ToArray();
            foreach (var reader in readers)
            {
                model[reader].ScaleColumns(inverse);
            }
        }

        return new(model, Truth.Identity(parent.Shape));
    });

    /// <summary>S4: the stream times a constant, which the norms take out again.</summary>
    public static Manipulation Scaled { get; } = new("residual-scaled", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 4);
        var factor = Math.Exp((2 * random.NextDouble()) - 1) * (random.NextInt(2) == 0 ? 2 : 0.5);
        var model = parent.Map(
            (name, weights) => name != Slot.Unembedding && WritesToStream(name) ? weights.Map(value => (float)(value * factor)) : weights,
            parent.Shape with { NormEpsilon = parent.Shape.NormEpsilon * factor * factor });
        if (model.Shape.Tied)
        {
            model[Slot.FinalNorm].Map(value => (float)(value / factor));
            model.Find(Slot.Bias(Slot.FinalNorm))?.Map(value => (float)(value / factor));
        }

        FollowEpsilon(model, factor);

        return new(model, Truth.Identity(parent.Shape) with { Figures = new Dictionary<string, double>(StringComparer.Ordinal) { ["residual-scale"] = factor } });
    });

    /// <summary>S13: dimensions added that nothing writes to; what reads them is noise.</summary>
    /// <param name="count">Dimensions added.</param>
    public static Manipulation Padded(int count) => new($"residual-padded:{count}", (parent, seed) =>
    {
        var random = new CounterRandom(seed, 5);
        var shape = parent.Shape;
        var start = shape.Norm == NormKind.Layer ? NormFolding.Centre(parent) : parent;
        int[] sources = [.. Truth.Range(shape.Width), .. Enumerable.Repeat(-1, count)];
        // The mean square is now taken over more dimensions; gains and epsilon make up for it.
        var share = shape.Width / (double)(shape.Width + count);
        var wide = Selection.Residual(start, sources);
        var model = wide.Map(
            (name, weights) => (Slot.SideOf(name), WritesToStream(name)) switch
            {
                (ResidualSide.Gain, _) => weights.Map(value => (float)(value * Math.Sqrt(share))),
                (ResidualSide.Columns, false) => FillColumns(weights, shape.Width, ref random),
                _ => weights,
            },
            wide.Shape with { NormEpsilon = shape.NormEpsilon * share });
        FollowEpsilon(model, Math.Sqrt(share));
        return new(model, Truth.Identity(shape) with { Residual = ResidualMap.Selection(shape.Width, sources, null) });
    });

    // The norms of queries and keys share the epsilon that was multiplied with factor², so what they normalise is multiplied with factor.
    private static void FollowEpsilon(DecoderModel model, double factor)
    {
        for (var layer = 0; model.Shape.QueryKeyNorm && layer < model.Shape.Layers; layer++)
        {
            foreach (var name in new[] { Slot.Query(layer), Slot.Key(layer) })
            {
                model[name].Map(value => (float)(value * factor));
                model.Find(Slot.Bias(name))?.Map(value => (float)(value * factor));
            }
        }
    }

    // Embeddings, positions, out-matrices and their biases; the biases of norms are added after the scale has gone.
    private static bool WritesToStream(string name) => Slot.SideOf(name) switch
    {
        ResidualSide.Rows => true,
        ResidualSide.Columns => name is Slot.Embedding or Slot.Positions,
        ResidualSide.Vector => !name.Contains("norm", StringComparison.Ordinal),
        _ => false,
    };

    private static Weights FillColumns(Weights weights, int first, ref CounterRandom random)
    {
        var deviation = weights.RootMeanSquare();
        for (var row = 0; row < weights.Rows; row++)
        {
            var values = weights.Row(row);
            for (var column = first; column < values.Length; column++)
            {
                values[column] = (float)(deviation * random.NextGaussian());
            }
        }

        return weights;
    }
}
