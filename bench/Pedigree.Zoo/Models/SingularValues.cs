namespace Pedigree.Zoo.Models;

/// <summary>Singular values of small matrices.</summary>
internal static class SingularValues
{
    private const int SweepLimit = 60;

    /// <summary>The singular values of a matrix, largest first.</summary>
    /// <param name="weights">At least as many columns as rows.</param>
    /// <remarks>One-sided Jacobi (Hestenes, 1958): rows are turned in pairs until all are perpendicular; their lengths are the values.</remarks>
    public static double[] Of(Weights weights)
    {
        var rows = Enumerable.Range(0, weights.Rows).Select(row => weights.Row(row).ToArray().Select(value => (double)value).ToArray()).ToArray();
        for (var sweep = 0; sweep < SweepLimit; sweep++)
        {
            var turned = false;
            for (var first = 0; first < rows.Length - 1; first++)
            {
                for (var second = first + 1; second < rows.Length; second++)
                {
                    turned |= Turn(rows[first], rows[second]);
                }
            }

            if (!turned)
            {
                break;
            }
        }

        return [.. rows.Select(row => Math.Sqrt(row.Sum(value => value * value))).OrderDescending()];
    }

    private static bool Turn(double[] left, double[] right)
    {
        double product = 0, leftSquare = 0, rightSquare = 0;
        for (var i = 0; i < left.Length; i++)
        {
            product += left[i] * right[i];
            leftSquare += left[i] * left[i];
            rightSquare += right[i] * right[i];
        }

        if (Math.Abs(product) <= 1e-12 * Math.Sqrt(leftSquare * rightSquare))
        {
            return false;
        }

        var ratio = (rightSquare - leftSquare) / (2 * product);
        var tangent = Math.CopySign(1, ratio) / (Math.Abs(ratio) + Math.Sqrt(1 + (ratio * ratio)));
        var cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
        var sine = cosine * tangent;
        for (var i = 0; i < left.Length; i++)
        {
            (left[i], right[i]) = ((cosine * left[i]) - (sine * right[i]), (sine * left[i]) + (cosine * right[i]));
        }

        return true;
    }
}
