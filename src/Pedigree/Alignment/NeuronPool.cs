namespace Pedigree.Alignment;

/// <summary>All neurons that were read of one layer, whatever expert they belong to. A neuron of the suspect is matched among all of them, so that experts may have been
/// permuted, split, joined or made from one dense MLP: which expert came from which follows from where its neurons are found.</summary>
/// <param name="Rows">The neurons, MLP after MLP; their seats are those within their own MLP.</param>
/// <param name="Mlps">For each neuron, the index of its MLP in <see cref="LayerInput.Mlps"/>.</param>
/// <param name="Sizes">Neurons that each MLP of the layer has; 0 for one whose views are others.</param>
internal sealed record NeuronPool(MlpRows Rows, int[] Mlps, int[] Sizes)
{
    private readonly Lazy<double[][]> means = new(() => Rows.ColumnMeans());

    /// <summary>Means of the columns of every view, over all neurons.</summary>
    public IReadOnlyList<double[]> Means => means.Value;

    /// <summary>Number of MLPs.</summary>
    public int Count { get; } = Sizes.Count(size => size > 0);

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
