using Pedigree.Anatomy;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Two vectors with the same role and length.</summary>
/// <param name="Role">The role in both models.</param>
/// <param name="Reference">Values of the reference.</param>
/// <param name="Suspect">Values of the suspect.</param>
internal sealed record VectorPair(Role Role, float[] Reference, float[] Suspect);

/// <summary>Reads the vectors of a model that start at a constant: norm gains and biases.</summary>
internal static class ConstantStartVectors
{
    // Gains that start at 1 are kept positive by training: they shrink far below 1/2 in early layers, so a median would
    // mistake them, but seldom cross 0. Gains stored as the distance from 1 scatter on both sides of it.
    private const double NegativeShareOfZeroStart = 0.1;

    /// <summary>All pairs of equally long finite vectors with the same role, in canonical order.</summary>
    public static IReadOnlyList<VectorPair> Read(DescribedModel reference, DescribedModel suspect, Func<Role, bool> wanted)
    {
        var pairs = new List<VectorPair>();
        long values = 0;
        foreach (var (role, view) in reference.Anatomy.Views.Where(entry => wanted(entry.Key)).OrderBy(entry => entry.Key))
        {
            if (suspect.Anatomy.Find(role) is { } other && VectorCache.IsShort(view) && VectorCache.IsShort(other) && view.Count == other.Count
                && (values += view.Count) <= VectorCache.MostValues
                && reference.Vectors.Find(reference, role) is { } first && suspect.Vectors.Find(suspect, role) is { } second)
            {
                pairs.Add(new VectorPair(role, first, second));
            }
        }

        return pairs;
    }

    /// <summary>The constant that gains were at before training: 0 where they are stored as the distance from 1 (Gemma), otherwise 1.
    /// It is 0 when the family says so or when more than a tenth of all gains are negative.</summary>
    public static double StartOfGains(string family, IEnumerable<float[]> gains)
    {
        long negative = 0, all = 0;
        foreach (var vector in gains)
        {
            all += vector.Length;
            negative += vector.Count(value => value < 0);
        }

        return family.StartsWith("gemma", StringComparison.OrdinalIgnoreCase) || negative > NegativeShareOfZeroStart * all ? 0 : 1;
    }
}
