namespace Pedigree.Evidence.Descriptive;

/// <summary>What the two models of a pair in a null group have to do with each other.</summary>
public enum SigmaNullKind
{
    /// <summary>Trained separately with one recipe.</summary>
    SameRecipe,
    /// <summary>Trained separately with different recipes.</summary>
    OtherRecipe,
    /// <summary>One was made from the other, or both from a third, as declared.</summary>
    Related,
}

/// <summary>Quantiles of the depth-curve score in one group of real pairs.</summary>
/// <param name="Name">The group, as a phrase for the report.</param>
/// <param name="Kind">What the models of a pair have to do with each other.</param>
/// <param name="Depth">Points of the curves; 0 where depths are mixed.</param>
/// <param name="Stretched">Whether the models of a pair differ in depth, so that the shorter curve was stretched.</param>
/// <param name="Pairs">Number of pairs.</param>
/// <param name="Quantiles">Scores at <see cref="SigmaNullBank.Probabilities"/>; NaN where there are too few pairs to say.</param>
public sealed record SigmaNullGroup(string Name, SigmaNullKind Kind, int Depth, bool Stretched, int Pairs, IReadOnlyList<double> Quantiles)
{
    /// <summary>Median score of the group.</summary>
    public double Median => Quantiles[3];

    /// <summary>Largest score of the group.</summary>
    public double Largest => Quantiles[^1];

    /// <summary>Share of the group below a score, by straight lines between the quantiles. Below the lowest known quantile that quantile's
    /// share is returned (it is an upper bound), above the largest score 1.</summary>
    public double ShareBelow(double score)
    {
        double lastScore = double.NaN, lastShare = 0;
        for (var i = 0; i < Quantiles.Count; i++)
        {
            var (at, share) = (Quantiles[i], SigmaNullBank.Probabilities[i]);
            if (double.IsNaN(at))
            {
                continue;
            }

            if (score < at)
            {
                return double.IsNaN(lastScore) ? share : lastShare + ((share - lastShare) * (score - lastScore) / (at - lastScore));
            }

            (lastScore, lastShare) = (at, share);
        }

        // A score equal to the largest is reached by one pair.
        return score > Largest ? 1 : 1 - (1.0 / Pairs);
    }
}
