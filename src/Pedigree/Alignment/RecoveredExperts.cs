using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Alignment;

/// <summary>Corresponding routed experts of a layer, by the rows of its router: all of them, also those of which no neuron was read.</summary>
/// <param name="SuspectLayer">Layer of the suspect.</param>
/// <param name="ReferenceLayer">Layer of the reference.</param>
/// <param name="Suspect">Experts of the suspect, ascending.</param>
/// <param name="Reference">The expert of the reference of each, none twice.</param>
internal sealed record RecoveredExperts(int SuspectLayer, int ReferenceLayer, int[] Suspect, int[] Reference)
{
    /// <summary>Matches the routers of two layers under a map.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="layers">Layer of the suspect and of the reference.</param>
    /// <param name="stream">The map; null for the basis as stored.</param>
    /// <param name="threads">Threads to use.</param>
    /// <returns>The experts that are each other's most similar; null where there are none or no routers.</returns>
    public static RecoveredExperts? Of(FoldedModel suspect, FoldedModel reference, (int Suspect, int Reference) layers, ResidualMap? stream, int threads)
    {
        if (Rows(suspect, layers.Suspect, null, threads) is not { } one || Rows(reference, layers.Reference, stream, threads) is not { } two)
        {
            return null;
        }

        var (m, n) = (one.Length / suspect.Width, two.Length / suspect.Width);
        var products = new float[m * n];
        RowProducts.Multiply(one, m, two, n, suspect.Width, products);
        int[] best = [.. Enumerable.Range(0, m).Select(i => Enumerable.Range(0, n).MaxBy(j => products[(i * n) + j]))];
        int[] own = [.. Enumerable.Range(0, m).Where(i => Enumerable.Range(0, m).MaxBy(other => products[(other * n) + best[i]]) == i)];
        return own.Length == 0 ? null : new RecoveredExperts(layers.Suspect, layers.Reference, own, [.. own.Select(i => best[i])]);
    }

    /// <summary>Rows of a router in the suspect's basis, of length 1. A vector that is added to all of them changes nothing, so their mean is taken out.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">Layer.</param>
    /// <param name="stream">The map to the suspect's basis; null for none.</param>
    /// <param name="threads">Threads to use.</param>
    /// <returns>experts × d'; null without a router of three rows or more, of which two would be each other's opposite.</returns>
    public static float[]? Rows(FoldedModel model, int layer, ResidualMap? stream, int threads)
    {
        if (model.Router(layer) is not { } stored || stored.Length / model.Width is < 3 or > 1 << 14)
        {
            return null;
        }

        var count = stored.Length / model.Width;
        var rows = stream is null ? stored : stream.Apply(stored, count, threads);
        Standardisation.CentreColumns(rows, count, rows.Length / count);
        Standardisation.Rows(rows, count, rows.Length / count, new double[count]);
        return rows;
    }
}
