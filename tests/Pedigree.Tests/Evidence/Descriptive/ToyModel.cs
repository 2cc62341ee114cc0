using Pedigree.Anatomy;
using Pedigree.Evidence.Descriptive;

namespace Pedigree.Tests.Evidence.Descriptive;

/// <summary>Random matrices by role, from which described models are made; roles are changed in place to make relatives and counterfeits.</summary>
internal sealed class ToyModel
{
    public Dictionary<Role, (int Rows, int Columns, float[] Values)> Matrices { get; } = [];

    /// <summary>A decoder of normal weights; the deviation of each matrix is a seeded function of its layer, gains are positive around one half.</summary>
    public static ToyModel Random(int seed, int layers = 6, int width = 48, int vocabulary = 200, int experts = 0)
    {
        var random = new Random(seed);
        var model = new ToyModel();
        model.Normal(random, new Role(Part.Embedding), vocabulary, width, 1);
        for (var layer = 0; layer < layers; layer++)
        {
            foreach (var (part, rows, columns) in new[]
            {
                (Part.Query, width, width), (Part.Key, width / 2, width), (Part.Value, width / 2, width), (Part.AttentionOutput, width, width),
            })
            {
                model.Normal(random, new Role(part, layer), rows, columns, 0.1 + (0.1 * random.NextDouble()));
            }

            for (var expert = 0; expert < Math.Max(1, experts); expert++)
            {
                var of = experts == 0 ? Role.Dense : expert;
                model.Normal(random, new Role(Part.Gate, layer, of), 2 * width, width, 0.1);
                model.Normal(random, new Role(Part.Up, layer, of), 2 * width, width, 0.1);
                model.Normal(random, new Role(Part.Down, layer, of), width, 2 * width, 0.1);
            }

            model.Gains(random, new Role(Part.AttentionNorm, layer), width);
            model.Gains(random, new Role(Part.MlpNorm, layer), width);
        }

        model.Gains(random, new Role(Part.FinalNorm), width);
        return model;
    }

    public static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public ToyModel Copy()
    {
        var copy = new ToyModel();
        foreach (var (role, matrix) in Matrices)
        {
            copy.Matrices[role] = matrix with { Values = [.. matrix.Values] };
        }

        return copy;
    }

    public ToyModel Change(Func<Role, bool> wanted, Func<float, float> change)
    {
        foreach (var (role, matrix) in Matrices)
        {
            if (wanted(role))
            {
                for (var i = 0; i < matrix.Values.Length; i++)
                {
                    matrix.Values[i] = change(matrix.Values[i]);
                }
            }
        }

        return this;
    }

    public double Deviation(Role role)
    {
        var values = Matrices[role].Values;
        var mean = values.Average(value => (double)value);
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    public void Set(Role role, int rows, int columns, params float[] values) => Matrices[role] = (rows, columns, values);

    public DescribedModel Described(MemorySource? into = null, string family = "toy")
    {
        var source = into ?? new MemorySource();
        var views = Matrices.ToDictionary(
            entry => entry.Key,
            entry => TensorView.Whole(source.Add(entry.Key.ToString(), entry.Value.Values, entry.Value.Rows, entry.Value.Columns)));
        return DescribedModel.Of(source, new ModelAnatomy
        {
            Family = family,
            Width = 0,
            Layers = Matrices.Keys.Max(role => role.Layer) + 1,
            Views = views,
        });
    }

    private void Normal(Random random, Role role, int rows, int columns, double deviation) =>
        Set(role, rows, columns, [.. Enumerable.Range(0, rows * columns).Select(_ => (float)(deviation * Gaussian(random)))]);

    // Training shrinks early gains of large models to about a half and keeps them positive.
    private void Gains(Random random, Role role, int width) =>
        Set(role, 1, width, [.. Enumerable.Range(0, width).Select(_ => (float)(0.5 * Math.Exp(0.15 * Gaussian(random))))]);
}
