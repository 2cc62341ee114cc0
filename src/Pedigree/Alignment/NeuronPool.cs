namespace Pedigree.Alignment;

/// <summary>All neurons that were read of one layer, whatever expert they belong to. A neuron of the suspect is matched among all of them, so that experts may have been
/// permuted, split, joined or made from one dense MLP: which expert came from which follows from where its neurons are found.</summary>
/// <param name="Rows">The neurons, MLP after MLP; their seats are those within their own MLP.</param>
/// <param name="Mlps">For each neuron, the index of its MLP in <see cref="LayerInput.Mlps"/>.</param>
/// <param name="Sizes">Neurons that each MLP of the layer has, read or not; 0 for one whose views are others.</param>
internal sealed record NeuronPool(MlpRows Rows, int[] Mlps, int[] Sizes)
{
    private readonly Lazy<double[][]> means = new(() => Rows.ColumnMeans());

    /// <summary>Means of the columns of every view, over all neurons.</summary>
    public IReadOnlyList<double[]> Means => means.Value;

    /// <summary>Number of MLPs.</summary>
    public int Count { get; } = Sizes.Count(size => size > 0);

    /// <summary>Neurons that the MLPs have, read or not.</summary>
    public long Total { get; } = Sizes.Sum(size => (long)size);

    /// <summary>Pools the MLPs of a layer that have the views of the first; null when there are none.</summary>
    public static NeuronPool? Of(IReadOnlyList<MlpRows> mlps)
    {
        if (mlps.Count == 0)
        {
            return null;
        }

        int[] alike = [.. Enumerable.Range(0, mlps.Count).Where(i => mlps[i].Width == mlps[0].Width && mlps[i].Names.SequenceEqual(mlps[0].Names, StringComparer.Ordinal))];
        int[] sizes = [.. mlps.Select((mlp, i) => alike.Contains(i) ? mlp.TotalSeats : 0)];
        int[] owners = [.. alike.SelectMany(i => Enumerable.Repeat(i, mlps[i].Count))];
        return alike.Length == 1 ? new NeuronPool(mlps[0], owners, sizes) : new NeuronPool(
            mlps[0] with
            {
                TotalSeats = (int)Math.Min(int.MaxValue, sizes.Sum(size => (long)size)),
                Seats = [.. alike.SelectMany(i => mlps[i].Seats)],
                Views = [.. mlps[0].Views.Select((_, v) => Joined([.. alike.Select(i => mlps[i].Views[v])]))],
            },
            owners, sizes);
    }

    /// <summary>How many neurons of one MLP of the suspect have their origin among those read here, if all neurons of the one came from the other: all of the smaller
    /// side where everything was read, fewer where seats were sampled on both sides.</summary>
    /// <param name="suspect">The suspect's neurons.</param>
    /// <param name="mapped">The neurons of this pool, standardised.</param>
    public double Common(StandardRows suspect, StandardRows mapped) =>
        Math.Min((double)suspect.Count * Rows.Count / Total, (double)mapped.Count * suspect.Source.Count / suspect.Source.TotalSeats);

    /// <summary>The rows of a view, weighted so that every neuron that exists stands for itself although some experts were read with more neurons than others.</summary>
    /// <param name="view">Index of the view.</param>
    public float[] Balanced(int view)
    {
        var read = new int[Mlps[^1] + 1];
        foreach (var mlp in Mlps)
        {
            read[mlp]++;
        }

        if (Count == 1 || Mlps.All(mlp => read[mlp] == read[Mlps[0]]))
        {
            return Rows.Views[view];
        }

        var weighted = Rows.Views[view].ToArray();
        for (var row = 0; row < Mlps.Length; row++)
        {
            var weight = (float)Math.Sqrt((double)Sizes[Mlps[row]] / read[Mlps[row]]);
            foreach (ref var value in weighted.AsSpan(row * Rows.Width, Rows.Width))
            {
                value *= weight;
            }
        }

        return weighted;
    }

    private static float[] Joined(float[][] parts)
    {
        var joined = new float[checked((int)parts.Sum(part => (long)part.Length))];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(joined, at);
            at += part.Length;
        }

        return joined;
    }
}
