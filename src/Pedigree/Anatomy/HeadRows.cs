namespace Pedigree.Anatomy;

/// <summary>Squared cosines between the first rows of a query, key or value projection, or columns of the output projection. Rows of one head read related
/// directions of the residual stream, rows of different heads less so; that needs no rotary embedding, and no rotation of the stream removes it.</summary>
internal sealed class HeadRows
{
    private const int MostRows = 512;
    private const int MostColumns = 160;

    private readonly float[] _squares;

    private HeadRows(RowSample sample, int layer, bool isGroup, bool isRotary)
    {
        Layer = layer;
        Rows = sample.Rows;
        IsGroup = isGroup;
        IsRotary = isRotary;
        LogNorms = sample.LogNorms;
        _squares = sample.Products();
        foreach (ref var value in _squares.AsSpan())
        {
            value *= value;
        }
    }

    /// <summary>The layer of the matrix.</summary>
    public int Layer { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Whether there is one head for each KV group, as in keys and values.</summary>
    public bool IsGroup { get; }

    /// <summary>Whether rotary embeddings act on the rows, as on queries and keys.</summary>
    public bool IsRotary { get; }

    /// <summary>Logarithms of the row norms.</summary>
    public IReadOnlyList<double> LogNorms { get; }

    /// <summary>Reads the first 512 rows at most, their first 160 columns: 160 KB in BF16.</summary>
    public static HeadRows Read(WeightReader reader, TensorView view, int layer, bool isGroup, bool isRotary) =>
        new(RowSample.First(reader, view, MostRows, MostColumns), layer, isGroup, isRotary);

    /// <summary>For each block of <paramref name="whole"/> rows, the standard score by which pieces of <paramref name="piece"/> rows are more alike inside than across: standard normal if a
    /// block is one head and its rows exchangeable, positive if the pieces are heads; with the number of the block. A block cut short by the end of the sample counts if it is the only
    /// one.</summary>
    public IEnumerable<(int Block, double Score)> Scores(int piece, int whole)
    {
        for (var start = 0; start < Rows && (start == 0 || start + whole <= Rows); start += whole)
        {
            if (HeadPartition.Score(_squares, Rows, start, Math.Min(whole, Rows - start), piece) is { } score)
            {
                yield return (start / whole, score);
            }
        }
    }

    /// <summary>For each pair of neighbouring blocks of <paramref name="piece"/> rows, ln(mean squared cosine between them); without the same place in both.</summary>
    public IEnumerable<double> Neighbours(int piece)
    {
        for (var start = 0; start + (2 * piece) <= Rows; start += piece)
        {
            yield return Math.Log(Math.Max(1e-30, Between(start, start + piece, piece, piece)));
        }
    }

    /// <summary>For each two neighbouring heads of <paramref name="whole"/> rows: ln(mean across pieces inside the two heads / mean between them).
    /// Positive if heads of this length are real and pieces of <paramref name="piece"/> rows are only parts of them.</summary>
    public IEnumerable<double> Cohesion(int piece, int whole)
    {
        for (var start = 0; start + (2 * whole) <= Rows; start += whole)
        {
            var own = Inner(start, whole, piece) + Inner(start + whole, whole, piece);
            var between = Between(start, start + whole, whole, piece);
            if (own > 0 && between > 0)
            {
                yield return Math.Log(own / 2 / between);
            }
        }
    }

    private double Inner(int start, int whole, int piece)
    {
        var mean = new Mean();
        for (var i = start; i < start + whole; i++)
        {
            for (var j = ((i / piece) + 1) * piece; j < start + whole; j++)
            {
                if ((j - i) % piece != 0)
                {
                    mean.Add(_squares[(i * Rows) + j]);
                }
            }
        }

        return mean.Value;
    }

    private double Between(int first, int second, int length, int piece)
    {
        var mean = new Mean();
        for (var i = first; i < first + length; i++)
        {
            for (var j = second; j < second + length; j++)
            {
                if ((j - i) % piece != 0)
                {
                    mean.Add(_squares[(i * Rows) + j]);
                }
            }
        }

        return mean.Value;
    }

    private struct Mean
    {
        private double _sum;
        private int _count;

        public readonly double Value => _count == 0 ? 0 : _sum / _count;

        public void Add(float value)
        {
            _sum += value;
            _count++;
        }
    }
}
