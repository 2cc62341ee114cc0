using Pedigree.Anatomy.Families;

namespace Pedigree.Anatomy;

/// <summary>Finds the width of the residual stream among the shapes.</summary>
internal static class ResidualWidth
{
    /// <summary>The width that the claimed tensors agree on best; 0 without any.</summary>
    /// <remarks>Norm gains are d long and nothing else; where they are absent, d is the dimension that most matrices share.</remarks>
    public static int Of(IEnumerable<Claim> claims)
    {
        var gains = new Dictionary<long, int>();
        var sides = new Dictionary<long, int>();
        foreach (var claim in claims.Where(claim => !claim.IsBias))
        {
            if (claim.Pattern.Layout == Layout.WidthVector)
            {
                gains[claim.Tensor.Count] = gains.GetValueOrDefault(claim.Tensor.Count) + 1;
            }
            else if (Orientation.IsMatrix(claim))
            {
                foreach (var side in claim.Tensor.Shape.TakeLast(2).Distinct())
                {
                    sides[side] = sides.GetValueOrDefault(side) + 1;
                }
            }
        }

        return MostFrequent(gains.Where(gain => sides.ContainsKey(gain.Key))) is var width and > 0 ? width : MostFrequent(sides);
    }

    /// <summary>The key that is counted most often, the smallest of several; 0 without any, or beyond the range of an index.</summary>
    public static int MostFrequent(IEnumerable<KeyValuePair<long, int>> counts) =>
        (int)counts.Where(entry => entry.Key is > 1 and <= int.MaxValue).OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key).FirstOrDefault().Key;
}
