namespace Pedigree.Numerics;

/// <summary>A running sum whose error does not grow with the number of terms. The default value is an empty sum.</summary>
/// <remarks>Source: Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen" (ZAMM 54, 1974).</remarks>
internal struct CompensatedSum
{
    private double _sum;
    private double _lost;

    /// <summary>The sum so far.</summary>
    internal readonly double Value => _sum + _lost;

    /// <summary>Adds a term.</summary>
    internal void Add(double term)
    {
        var sum = _sum + term;
        _lost += Math.Abs(_sum) >= Math.Abs(term) ? _sum - sum + term : term - sum + _sum;
        _sum = sum;
    }
}
