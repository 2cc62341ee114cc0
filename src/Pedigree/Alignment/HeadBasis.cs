using Pedigree.Numerics;

namespace Pedigree.Alignment;

/// <summary>Which rows of a key or query head a rotary embedding turns together, and so what a head may do to them without a change of function (methods S8).</summary>
internal enum RotaryPairs
{
    /// <summary>Row i with row i + D/2: a turn and a factor of each pair.</summary>
    Halves,

    /// <summary>Row 2i with row 2i + 1: a turn and a factor of each pair.</summary>
    Neighbours,

    /// <summary>Neither: any invertible matrix.</summary>
    None,
}

/// <summary>The matrix A by which a head of the suspect differs inside from its counterpart: keys Y ≈ A·X, and queries Y' ≈ A⁻ᵀ·X'; or values and the columns of the output projection.</summary>
/// <remarks>Both are fitted at once. |Y - A·X|² + |AᵀY' - X'|², each over the square of its own size, is least where A·XXᵀ + Y'Y'ᵀ·A = YXᵀ + Y'X'ᵀ (a Sylvester equation, solved in the
/// eigenvectors of both Gram matrices). Keys alone would leave A⁻¹ to noise where a head has weak directions.</remarks>
internal static class HeadBasis
{
    /// <summary>Fits.</summary>
    /// <param name="keys">Y and X, size × width each.</param>
    /// <param name="queries">Y' and X': as many heads of size × width each; may be empty.</param>
    /// <param name="size">Rows of a head.</param>
    /// <param name="width">Values of a row.</param>
    /// <param name="pairs">Which entries of A may differ from zero.</param>
    /// <returns>A, size × size.</returns>
    public static float[] Fit((float[] Suspect, float[] Reference) keys, (float[] Suspect, float[] Reference) queries, int size, int width, RotaryPairs pairs)
    {
        var (cross, right, left) = (new double[size * size], new double[size * size], new double[size * size]);
        var (own, other, crossOther) = (new double[size * size], new double[size * size], new double[size * size]);
        AddProducts(keys.Suspect, keys.Reference, 0, cross);
        AddProducts(keys.Reference, keys.Reference, 0, right);
        AddProducts(keys.Suspect, keys.Suspect, 0, own);
        for (var head = 0; head < queries.Suspect.Length; head += size * width)
        {
            AddProducts(queries.Suspect, queries.Reference, head, crossOther);
            AddProducts(queries.Suspect, queries.Suspect, head, left);
            AddProducts(queries.Reference, queries.Reference, head, other);
        }

        // What the head does, Y'ᵀY, may be larger by a factor than X'ᵀX: the scale of the stream is free. |Y'ᵀY|² = Σ YYᵀ∘Y'Y'ᵀ.
        var factor = Math.Sqrt(Sum(own, left) / Math.Max(Sum(right, other), double.Epsilon));
        var (first, second) = (Trace(own, size), factor * factor * Trace(other, size));
        for (var i = 0; i < cross.Length; i++)
        {
            cross[i] = (first > 0 ? cross[i] / first : 0) + (second > 0 ? factor * crossOther[i] / second : 0);
            right[i] = first > 0 ? right[i] / first : 0;
            left[i] = second > 0 ? left[i] / second : 0;
        }

        return pairs == RotaryPairs.None ? Any(cross, right, left, size) : Turned(cross, right, left, size, pairs);

        // In double precision: a matrix that was drawn to hide a head may be nearly singular.
        void AddProducts(float[] one, float[] two, int start, double[] sums)
        {
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += FixedOrderSum.Products(one.AsSpan(start + (i / size * width), width), two.AsSpan(start + (i % size * width), width));
            }
        }
    }

    private static double Sum(double[] one, double[] two)
    {
        double sum = 0;
        for (var i = 0; i < one.Length; i++)
        {
            sum += one[i] * two[i];
        }

        return sum;
    }

    private static double Trace(double[] matrix, int size)
    {
        double sum = 0;
        for (var i = 0; i < size; i++)
        {
            sum += matrix[(i * size) + i];
        }

        return sum;
    }

    private static float[] Turned(double[] cross, double[] right, double[] left, int size, RotaryPairs pairs)
    {
        var result = new float[size * size];
        for (var i = 0; i < size / 2; i++)
        {
            var (one, two) = pairs == RotaryPairs.Halves ? (i, i + (size / 2)) : (2 * i, (2 * i) + 1);
            double At(double[] matrix, int row, int column) => matrix[(row * size) + column];
            var square = At(right, one, one) + At(right, two, two) + At(left, one, one) + At(left, two, two);
            var (real, imaginary) = square > 0
                ? ((At(cross, one, one) + At(cross, two, two)) / square, (At(cross, two, one) - At(cross, one, two)) / square) : (0, 0);
            result[(one * size) + one] = result[(two * size) + two] = (float)real;
            result[(two * size) + one] = (float)imaginary;
            result[(one * size) + two] = (float)-imaginary;
        }

        return result;
    }

    private static float[] Any(double[] cross, double[] right, double[] left, int size)
    {
        var (one, two) = (SymmetricEigen.Of(left, size), SymmetricEigen.Of(right, size));
        var inside = Product(Product(one.Vectors, cross, size), Transposed(two.Vectors, size), size);
        var floor = 1e-12 * (Math.Abs(one.Values[0]) + Math.Abs(two.Values[0]));
        for (var i = 0; i < inside.Length; i++)
        {
            var square = one.Values[i / size] + two.Values[i % size];
            inside[i] = square > floor ? inside[i] / square : 0;
        }

        return Array.ConvertAll(Product(Product(Transposed(one.Vectors, size), inside, size), two.Vectors, size), value => (float)value);
    }

    private static double[] Product(double[] one, double[] two, int size)
    {
        var result = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            for (var k = 0; k < size; k++)
            {
                var share = one[(i * size) + k];
                for (var j = 0; j < size; j++)
                {
                    result[(i * size) + j] += share * two[(k * size) + j];
                }
            }
        }

        return result;
    }

    private static double[] Transposed(double[] matrix, int size)
    {
        var result = new double[size * size];
        for (var i = 0; i < result.Length; i++)
        {
            result[(i % size * size) + (i / size)] = matrix[i];
        }

        return result;
    }

    /// <summary>A⁻ᵀ: what queries undergo when keys undergo A, and the output projection's columns when values do. Null where A has no inverse.</summary>
    /// <param name="matrix">A, size × size.</param>
    /// <param name="size">Rows.</param>
    public static float[]? Counterpart(float[] matrix, int size)
    {
        // Elimination with partial pivoting on Aᵀ beside the identity, in double precision.
        var a = Transposed(Array.ConvertAll(matrix, value => (double)value), size);
        var inverse = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            inverse[(i * size) + i] = 1;
        }

        for (var k = 0; k < size; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < size; i++)
            {
                pivot = Math.Abs(a[(i * size) + k]) > Math.Abs(a[(pivot * size) + k]) ? i : pivot;
            }

            if (!(Math.Abs(a[(pivot * size) + k]) > 0))
            {
                return null;
            }

            for (var c = 0; c < size && pivot != k; c++)
            {
                (a[(k * size) + c], a[(pivot * size) + c]) = (a[(pivot * size) + c], a[(k * size) + c]);
                (inverse[(k * size) + c], inverse[(pivot * size) + c]) = (inverse[(pivot * size) + c], inverse[(k * size) + c]);
            }

            var scale = 1 / a[(k * size) + k];
            for (var c = 0; c < size; c++)
            {
                a[(k * size) + c] *= scale;
                inverse[(k * size) + c] *= scale;
            }

            for (var i = 0; i < size; i++)
            {
                var share = i == k ? 0 : a[(i * size) + k];
                for (var c = 0; c < size; c++)
                {
                    a[(i * size) + c] -= share * a[(k * size) + c];
                    inverse[(i * size) + c] -= share * inverse[(k * size) + c];
                }
            }
        }

        var result = Array.ConvertAll(inverse, value => (float)value);
        return Array.TrueForAll(result, float.IsFinite) ? result : null;
    }

    /// <summary>A·X.</summary>
    /// <param name="matrix">A, size × size.</param>
    /// <param name="rows">X, size × width.</param>
    /// <param name="size">Rows.</param>
    public static float[] Apply(ReadOnlySpan<float> matrix, ReadOnlySpan<float> rows, int size)
    {
        var result = new float[rows.Length];
        RowProducts.Multiply(matrix, size, ParallelProducts.Transposed(rows, size, rows.Length / size), rows.Length / size, size, result);
        return result;
    }
}
