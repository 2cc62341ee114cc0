using Pedigree.Anatomy;
using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Starts from second moments of single layers, each beside that of the layer at the same relative depth of the other model (methods 17.3b, step 3). Sums over layers tell less: with a
/// moment a layer and kind of matrix the map is overdetermined many times, and survives noise in which sums are lost. The layer map is a guess, so this stands beside the sums.</summary>
/// <param name="suspect">The suspect.</param>
/// <param name="reference">The reference.</param>
/// <param name="measured">What is measured of the reference.</param>
/// <param name="threads">Threads to use.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class LayeredMoments(
    AlignmentInput suspect, AlignmentInput reference, MeasuredReference measured, int threads, CancellationToken cancellation)
{
    // Moments of either model that one start holds: 128 MiB.
    private const int MostValues = 1 << 25;

    // Settled after about so many; each costs a product of three matrices a moment.
    private const int Rounds = 30;
    private const int MostVectors = 256;

    private static readonly string[] s_attention = [nameof(Part.Query), nameof(Part.Key), nameof(Part.Value), nameof(Part.AttentionOutput)];

    private readonly IReadOnlyList<Lazy<IReadOnlyDictionary<string, float[]>>> ofSuspect = OfLayers(suspect, threads, cancellation);

    /// <summary>Two maps, U and -U, from all kinds of matrices, and two from their moments off the diagonal.</summary>
    /// <remarks>Noise that was added to a model in a basis of its own, such as a disguise makes, is isotropic there, but for the gains of norms that are folded into the matrices: so its moment is diagonal,
    /// and of another size in each direction. Of a model that stands in no particular basis the diagonal holds one number in d.</remarks>
    /// <param name="fit">Layers of the suspect that may take part.</param>
    public IReadOnlyList<(string Name, ResidualMap Map)> All(IReadOnlyList<int> fit) =>
        [.. Of(fit, _ => true), .. Of(fit, _ => true, offDiagonal: true).Select(start => ($"{start.Name}, off the diagonal", start.Map))];

    /// <summary>A map from attention alone, for suspects whose MLPs are new; its sign is not known and does not matter to products of heads.</summary>
    /// <param name="fit">Layers of the suspect that may take part.</param>
    public IEnumerable<ResidualMap> Attention(IReadOnlyList<int> fit) =>
        suspect.Heads is null || reference.Heads is null ? [] : Of(fit, kind => s_attention.Contains(kind, StringComparer.Ordinal)).Take(1).Select(start => start.Map);

    private IReadOnlyList<(string Name, ResidualMap Map)> Of(IReadOnlyList<int> fit, Func<string, bool> wanted, bool offDiagonal = false)
    {
        var (one, two) = (new SortedDictionary<string, float[]>(StringComparer.Ordinal), new SortedDictionary<string, float[]>(StringComparer.Ordinal));
        var room = MostValues / Math.Max(suspect.Width, reference.Width) / Math.Max(suspect.Width, reference.Width);
        var most = Math.Max(1, room / (s_attention.Length + 3));
        foreach (var layer in Spread(fit, most))
        {
            var other = (int)((layer + 0.5) / suspect.Layers.Count * reference.Layers.Count);
            foreach (var (kind, moment) in ofSuspect[layer].Value.Where(entry => wanted(entry.Key)))
            {
                if (measured.ByLayer[other].Value.TryGetValue(kind, out var corresponding))
                {
                    (one[$"{kind} {layer}"], two[$"{kind} {layer}"]) = offDiagonal ? (OffDiagonal(corresponding, reference.Width), OffDiagonal(moment, suspect.Width)) : (corresponding, moment);
                }
            }
        }

        return [.. MomentAlignment.Of(new SecondMoments(reference.Width, one), new SecondMoments(suspect.Width, two), Rounds, threads, cancellation, MostVectors)
            .Select(start => ($"{start.Name}, layer by layer", start.Map))];
    }

    private static float[] OffDiagonal(float[] moment, int width)
    {
        float[] rest = [.. moment];
        for (var i = 0; i < width; i++)
        {
            rest[(i * width) + i] = 0;
        }

        return SecondMoments.Added(null, rest, width) ?? rest;
    }

    /// <summary>Some of many, evenly spread.</summary>
    public static IEnumerable<int> Spread(IReadOnlyList<int> layers, int most) => layers.Count <= most
        ? layers : Enumerable.Range(0, most).Select(i => layers[(int)((i + 0.5) * layers.Count / most)]);

    /// <summary>Second moments of the layers of a model, each computed when it is asked for.</summary>
    /// <param name="model">The model.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static IReadOnlyList<Lazy<IReadOnlyDictionary<string, float[]>>> OfLayers(AlignmentInput model, int threads, CancellationToken cancellation) =>
        [.. model.Layers.Select(layer => new Lazy<IReadOnlyDictionary<string, float[]>>(() => LayerMoments.Of(layer, model.Width, model.Heads, threads, cancellation)))];
}
