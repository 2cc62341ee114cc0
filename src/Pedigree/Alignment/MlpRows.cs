namespace Pedigree.Alignment;

/// <summary>Neurons of one MLP with norm gains folded in (methods 2, normal form): what alignment reads, and what it is tested on.</summary>
/// <param name="Layer">Layer, from 0.</param>
/// <param name="Expert">Expert, as in <see cref="Anatomy.Role.Expert"/>.</param>
/// <param name="TotalSeats">Neurons that exist.</param>
/// <param name="Seats">Neurons that were read, ascending.</param>
/// <param name="Width">Width d of the residual stream.</param>
/// <param name="Names">Names of the views: gate, up, down; up, down without a gate.</param>
/// <param name="Views">One array a view, seats × d. The first is the first view of the agreement test, the others together are the second.</param>
/// <param name="SignFree">Whether the common sign of the other views is a free choice (methods S6): the MLP is gated.</param>
internal sealed record MlpRows(
    int Layer, int Expert, int TotalSeats, int[] Seats, int Width, IReadOnlyList<string> Names, IReadOnlyList<float[]> Views, bool SignFree)
{
    /// <summary>Neurons that were read.</summary>
    public int Count => Seats.Length;

    /// <summary>The same neurons in another residual basis.</summary>
    /// <param name="map">The map from this model's basis to the other's.</param>
    /// <param name="threads">Threads to use.</param>
    public MlpRows In(ResidualMap map, int threads) =>
        this with { Width = map.To, Views = [.. Views.Select(view => map.Apply(view, Count, threads))] };

    /// <summary>Some of the neurons.</summary>
    /// <param name="neurons">Their places among those that were read, ascending.</param>
    public MlpRows Of(int[] neurons) => this with
    {
        Seats = [.. neurons.Select(neuron => Seats[neuron])],
        Views = [.. Views.Select(view =>
        {
            var part = new float[neurons.Length * Width];
            for (var i = 0; i < neurons.Length; i++)
            {
                view.AsSpan(neurons[i] * Width, Width).CopyTo(part.AsSpan(i * Width));
            }

            return part;
        })],
    };

    /// <summary>Means of the columns, one array of d a view.</summary>
    public double[][] ColumnMeans()
    {
        var means = new double[Views.Count][];
        for (var v = 0; v < means.Length; v++)
        {
            var (rows, mean) = (Views[v], means[v] = new double[Width]);
            double count = rows.Length / Width;
            for (var at = 0; at + Width <= rows.Length; at += Width)
            {
                for (var c = 0; c < mean.Length; c++)
                {
                    mean[c] += rows[at + c] / count;
                }
            }
        }

        return means;
    }
}
