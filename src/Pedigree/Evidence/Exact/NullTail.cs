using Pedigree.Numerics;

namespace Pedigree.Evidence.Exact;

/// <summary>How similar unrelated units are, measured on the pair itself: the similarities of units at different seats, which is what relabelling
/// the reference produces. Below its resolution the tail goes on like a normal one through the last resolved quantile.</summary>
internal sealed class NullTail
{
    // A quantile from fewer exceedances than this wobbles by more than a sixth (1/sqrt 32), so it is extrapolated instead.
    private const int LeastExceedances = 32;

    private readonly float[] _descending;
    private readonly double _anchor;
    private readonly double _anchorDeviate;

    /// <summary>Builds the tail from off-seat similarities.</summary>
    /// <param name="similarities">At least two values; sorted in place.</param>
    /// <param name="signedDeviation">Standard deviation of the similarity before any sign was freed; noise of a true pair.</param>
    public NullTail(float[] similarities, double signedDeviation)
    {
        FloatSort.Descending(similarities);
        _descending = similarities;
        SignedDeviation = signedDeviation;
        double sum = 0, squares = 0;
        foreach (var value in similarities)
        {
            sum += value;
            squares += (double)value * value;
        }

        Count = similarities.Length;
        Mean = sum / Count;
        Deviation = Math.Sqrt(Math.Max(0, (squares / Count) - (Mean * Mean)));
        var rank = Math.Min(LeastExceedances, Count / 8);
        if (rank >= 1)
        {
            _anchor = similarities[rank - 1] - Mean;
            _anchorDeviate = LogProbability.NormalQuantileOfSurvival((rank - 0.5) / Count);
            Resolution = (double)rank / Count;
        }
        else
        {
            _anchor = Deviation;
            _anchorDeviate = 1;
            Resolution = 1;
        }
    }

    /// <summary>The tail of several measurements together.</summary>
    /// <param name="tails">At least one.</param>
    /// <param name="signedDeviation">Standard deviation of the similarity before any sign was freed.</param>
    public static NullTail Pooled(IReadOnlyList<NullTail> tails, double signedDeviation)
    {
        var values = new float[checked(tails.Sum(tail => tail.Count))];
        var at = 0;
        foreach (var tail in tails)
        {
            tail._descending.CopyTo(values, at);
            at += tail.Count;
        }

        return new NullTail(values, signedDeviation);
    }

    /// <summary>Number of similarities behind the measurement.</summary>
    public int Count { get; }

    /// <summary>Mean off-seat similarity.</summary>
    public double Mean { get; }

    /// <summary>Standard deviation of off-seat similarities.</summary>
    public double Deviation { get; }

    /// <summary>Standard deviation before any sign was freed.</summary>
    public double SignedDeviation { get; }

    /// <summary>Smallest survival probability that was measured and not extrapolated.</summary>
    public double Resolution { get; }

    /// <summary>The similarity that an unrelated pair of units exceeds with the given probability.</summary>
    /// <param name="survival">0 to 1, both excluded.</param>
    public double Quantile(double survival) => survival >= Resolution
        ? _descending[Math.Clamp((int)Math.Floor(survival * Count), 0, Count - 1)]
        : Math.Min(1, Mean + (_anchor * LogProbability.NormalQuantileOfSurvival(survival) / _anchorDeviate));

    /// <summary>Probability that an unrelated pair of units exceeds the similarity.</summary>
    public double Survival(double similarity)
    {
        if (similarity >= Mean + _anchor && _anchor > 0)
        {
            return LogProbability.NormalSurvival((similarity - Mean) / _anchor * _anchorDeviate);
        }

        // Binary search in descending order: how many lie above.
        var low = 0;
        var high = Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_descending[middle] > similarity)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return (low + 0.5) / (Count + 1.0);
    }
}
