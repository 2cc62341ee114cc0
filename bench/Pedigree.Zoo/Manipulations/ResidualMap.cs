namespace Pedigree.Zoo.Manipulations;

/// <summary>How the residual stream of a child follows from its parent's: child = parent·M for rows. Immutable.</summary>
internal sealed class ResidualMap
{
    private ResidualMap(int from, int to, int[]? sources, double[]? signs, double[]? matrix)
    {
        (From, To, Sources, Signs) = (from, to, sources, signs);
        _matrix = matrix;
    }

    private readonly double[]? _matrix;

    /// <summary>Width of the parent.</summary>
    public int From { get; }

    /// <summary>Width of the child.</summary>
    public int To { get; }

    /// <summary>For each dimension of the child that of the parent, -1 for none; null after a rotation.</summary>
    public int[]? Sources { get; }

    /// <summary>The sign of each; null after a rotation.</summary>
    public double[]? Signs { get; }

    /// <summary>Every dimension where it was.</summary>
    public static ResidualMap Identity(int width) => Selection(width, [.. Enumerable.Range(0, width)], null);

    /// <summary>Dimensions picked, ordered and perhaps negated.</summary>
    public static ResidualMap Selection(int from, int[] sources, double[]? signs) =>
        new(from, sources.Length, sources, signs ?? [.. sources.Select(_ => 1.0)], null);

    /// <summary>A dense map, from x to values row by row.</summary>
    public static ResidualMap Dense(int from, int to, double[] matrix) => new(from, to, null, null, matrix);

    /// <summary>The map as a dense matrix, From x To, row by row.</summary>
    public double[] ToMatrix()
    {
        if (_matrix is not null)
        {
            return _matrix;
        }

        var dense = new double[From * To];
        for (var to = 0; to < To; to++)
        {
            if (Sources![to] >= 0)
            {
                dense[(Sources[to] * To) + to] = Signs![to];
            }
        }

        return dense;
    }

    /// <summary>This map followed by another.</summary>
    public ResidualMap Then(ResidualMap next)
    {
        if (next.From != To)
        {
            throw new ArgumentException($"a map from {next.From} dimensions cannot follow one to {To}", nameof(next));
        }

        if (Sources is not null && next.Sources is not null)
        {
            return new ResidualMap(
                From, next.To,
                [.. next.Sources.Select(source => source < 0 ? -1 : Sources[source])],
                [.. next.Sources.Select((source, to) => source < 0 ? 0 : Signs![source] * next.Signs![to])], null);
        }

        var left = ToMatrix();
        var right = next.ToMatrix();
        var product = new double[From * next.To];
        for (var row = 0; row < From; row++)
        {
            for (var inner = 0; inner < To; inner++)
            {
                var factor = left[(row * To) + inner];
                for (var column = 0; factor != 0 && column < next.To; column++)
                {
                    product[(row * next.To) + column] += factor * right[(inner * next.To) + column];
                }
            }
        }

        return Dense(From, next.To, product);
    }
}
