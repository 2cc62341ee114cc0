using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Manipulations;

/// <summary>Moves gains and means out of the norms, without changing what the model computes.</summary>
internal static class NormFolding
{
    /// <summary>Every norm of the stream and the matrices that read what it gives.</summary>
    public static IEnumerable<(string Norm, IReadOnlyList<string> Readers)> Readers(DecoderModel model)
    {
        var shape = model.Shape;
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            yield return (Slot.AttentionNorm(layer), [Slot.Query(layer), Slot.Key(layer), Slot.Value(layer)]);
            var readers = Enumerable.Range(0, shape.Blocks).Select(shape.ExpertOf)
                .SelectMany(expert => new[] { Slot.Gate(layer, expert), Slot.Up(layer, expert) })
                .Append(Slot.Router(layer));
            yield return (Slot.MlpNorm(layer), [.. readers.Where(name => model.Find(name) is not null)]);
        }

        yield return (Slot.FinalNorm, [model.Shape.Tied ? Slot.Embedding : Slot.Unembedding]);
    }

    /// <summary>A model with an unembedding of its own.</summary>
    public static DecoderModel Untie(DecoderModel model) => model.Shape.Tied
        ? model.With(model.Shape with { Tied = false }, new Dictionary<string, Weights>(StringComparer.Ordinal) { [Slot.Unembedding] = model[Slot.Embedding].Copy() })
        : model;

    /// <summary>All gains one: they are multiplied into the matrices that follow. Unties. A gain of zero must have a bias of zero.</summary>
    public static DecoderModel Fold(DecoderModel model)
    {
        var folded = Untie(model).Copy();
        foreach (var (norm, readers) in Readers(folded))
        {
            var gains = folded[norm].Values.Select(gain => (double)gain).ToArray();
            foreach (var reader in readers)
            {
                folded[reader].ScaleColumns(gains);
            }

            folded.Find(Slot.Bias(norm))?.ScaleColumns([.. gains.Select(gain => gain == 0 ? 0 : 1 / gain)]);
            folded[norm].Map(_ => 1);
        }

        return folded;
    }

    /// <summary>The mean over residual dimensions taken out of all that is written to the stream: LayerNorm would take it out anyway. Unties.</summary>
    public static DecoderModel Centre(DecoderModel model) => Untie(model).Map((name, weights) => (Slot.SideOf(name), name) switch
    {
        (ResidualSide.Rows, _) => CentreRows(weights.Transpose()).Transpose(),
        (ResidualSide.Columns, Slot.Embedding or Slot.Positions) => CentreRows(weights),
        (ResidualSide.Vector, _) when !name.Contains("norm", StringComparison.Ordinal) => CentreRows(weights),
        _ => weights,
    });

    private static Weights CentreRows(Weights weights)
    {
        for (var row = 0; row < weights.Rows; row++)
        {
            var mean = 0.0;
            foreach (var value in weights.Row(row))
            {
                mean += value;
            }

            mean /= weights.Columns;
            foreach (ref var value in weights.Row(row))
            {
                value = (float)(value - mean);
            }
        }

        return weights;
    }
}
