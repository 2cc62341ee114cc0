namespace Pedigree.Anatomy;

/// <summary>Recognises weights that nobody has trained: constant gains, and matrices that look drawn independently.</summary>
internal static class UntrainedWeights
{
    private const int MostLayers = 4;
    private const int MostRows = 192;
    private const int MostColumns = 512;

    /// <summary>Whether the model looks untrained. Reads at most 4 layers × 4 matrices × 192 rows × 512 columns.</summary>
    /// <remarks>With independent entries the squared norm of a row of c entries varies by at most sqrt(2/c) of its mean (Gaussian; uniform
    /// entries vary less) and rows share no direction. Training breaks both within the first hundred steps. Every matrix that is looked at must pass.</remarks>
    public static bool Show(WeightReader reader, ModelAnatomy anatomy)
    {
        var gains = anatomy.Views.Where(entry => entry.Key.Part is Part.AttentionNorm or Part.MlpNorm or Part.FinalNorm).Select(entry => entry.Value);
        if (!gains.All(gain => IsConstant(reader, gain)))
        {
            return false;
        }

        var looked = 0;
        foreach (var layer in LayerSample.Of(anatomy.Layers, MostLayers))
        {
            foreach (var part in (ReadOnlySpan<Part>)[Part.Query, Part.Key, Part.Gate, Part.Up])
            {
                var view = anatomy.Find(new Role(part, layer)) ?? anatomy.Find(new Role(part, layer, 0));
                if (view is null || view.Rows < 8 || view.Columns < 16)
                {
                    continue;
                }

                looked++;
                if (!LooksIndependent(RowSample.Spread(reader, view, MostRows, MostColumns)))
                {
                    return false;
                }
            }
        }

        return looked >= 2;
    }

    private static bool IsConstant(WeightReader reader, TensorView gain)
    {
        var values = new float[gain.Columns];
        reader.ReadRows(gain, 0, 1, values);
        return values.AsSpan().IndexOfAnyExcept(values[0]) < 0;
    }

    private static bool LooksIndependent(RowSample sample)
    {
        var squares = sample.LogNorms.Select(norm => Math.Exp(2 * norm)).ToArray();
        var mean = squares.Average();
        var spread = squares.Sum(square => Math.Pow((square / mean) - 1, 2)) / (squares.Length - 1);
        var expected = 2.0 / sample.Columns;
        return spread < expected * (1 + (4 * Math.Sqrt(2.0 / squares.Length)))
            && Math.Abs(sample.CommonDirection() - 1) < 5 * Math.Sqrt(expected);
    }
}
