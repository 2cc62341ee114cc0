using System.Runtime.Intrinsics;
using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Training;

/// <summary>Operations on vectors of 32-bit floats, 16 lanes at a time on any hardware, so that sums have one order.</summary>
internal static class Elementwise
{
    private const int Lanes = 16;

    // Constants of the tanh form of GELU (Hendrycks and Gimpel, 2016).
    private const float GeluRoot = 0.7978845608f;
    private const float GeluCube = 0.044715f;

    /// <summary>Σ x·y.</summary>
    public static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sums = Vector512<float>.Zero;
        var i = 0;
        for (; i <= left.Length - Lanes; i += Lanes)
        {
            sums = Vector512.FusedMultiplyAdd(Vector512.Create(left[i..]), Vector512.Create(right[i..]), sums);
        }

        var sum = Sum(sums);
        for (; i < left.Length; i++)
        {
            sum = MathF.FusedMultiplyAdd(left[i], right[i], sum);
        }

        return sum;
    }

    /// <summary>Σ x.</summary>
    public static float Sum(ReadOnlySpan<float> values)
    {
        var sums = Vector512<float>.Zero;
        var i = 0;
        for (; i <= values.Length - Lanes; i += Lanes)
        {
            sums += Vector512.Create(values[i..]);
        }

        var sum = Sum(sums);
        for (; i < values.Length; i++)
        {
            sum += values[i];
        }

        return sum;
    }

    /// <summary>to += factor·from.</summary>
    public static void AddScaled(Span<float> to, ReadOnlySpan<float> from, float factor)
    {
        var factors = Vector512.Create(factor);
        var i = 0;
        for (; i <= to.Length - Lanes; i += Lanes)
        {
            Vector512.FusedMultiplyAdd(Vector512.Create(from[i..]), factors, Vector512.Create<float>(to[i..])).CopyTo(to[i..]);
        }

        for (; i < to.Length; i++)
        {
            to[i] = MathF.FusedMultiplyAdd(from[i], factor, to[i]);
        }
    }

    /// <summary>Adds a vector to every row.</summary>
    public static void AddToRows(Span<float> rows, ReadOnlySpan<float> vector)
    {
        for (var first = 0; first < rows.Length; first += vector.Length)
        {
            AddScaled(rows.Slice(first, vector.Length), vector, 1);
        }
    }

    /// <summary>Adds every row to a vector.</summary>
    public static void AddRowsTo(Span<float> vector, ReadOnlySpan<float> rows)
    {
        for (var first = 0; first < rows.Length; first += vector.Length)
        {
            AddScaled(vector, rows.Slice(first, vector.Length), 1);
        }
    }

    /// <summary>Turns scores into their exponentials divided by the sum.</summary>
    /// <returns>The logarithm of the sum of exponentials.</returns>
    public static float Softmax(Span<float> scores)
    {
        var largest = float.NegativeInfinity;
        foreach (var score in scores)
        {
            largest = Math.Max(largest, score);
        }

        var shift = Vector512.Create(largest);
        var i = 0;
        for (; i <= scores.Length - Lanes; i += Lanes)
        {
            Vector512.Exp(Vector512.Create<float>(scores[i..]) - shift).CopyTo(scores[i..]);
        }

        for (; i < scores.Length; i++)
        {
            scores[i] = Vector512.Exp(Vector512.Create(scores[i] - largest)).ToScalar();
        }

        var sum = Sum(scores);
        Scale(scores, 1 / sum);
        return largest + MathF.Log(sum);
    }

    /// <summary>values *= factor.</summary>
    public static void Scale(Span<float> values, float factor)
    {
        var i = 0;
        for (; i <= values.Length - Lanes; i += Lanes)
        {
            (Vector512.Create<float>(values[i..]) * factor).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            values[i] *= factor;
        }
    }

    /// <summary>The nonlinearity and its derivative. All spans have one length.</summary>
    public static void Activate(Activation activation, ReadOnlySpan<float> inputs, Span<float> outputs, Span<float> slopes)
    {
        var i = 0;
        for (; i <= inputs.Length - Lanes; i += Lanes)
        {
            var (value, slope) = Activate(activation, Vector512.Create(inputs[i..]));
            value.CopyTo(outputs[i..]);
            slope.CopyTo(slopes[i..]);
        }

        for (; i < inputs.Length; i++)
        {
            var (value, slope) = Activate(activation, Vector512.Create(inputs[i]));
            outputs[i] = value.ToScalar();
            slopes[i] = slope.ToScalar();
        }
    }

    /// <summary>result = left·right, value by value.</summary>
    public static void Multiply(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result)
    {
        var i = 0;
        for (; i <= left.Length - Lanes; i += Lanes)
        {
            (Vector512.Create(left[i..]) * Vector512.Create(right[i..])).CopyTo(result[i..]);
        }

        for (; i < left.Length; i++)
        {
            result[i] = left[i] * right[i];
        }
    }

    private static (Vector512<float> Value, Vector512<float> Slope) Activate(Activation activation, Vector512<float> x)
    {
        var one = Vector512<float>.One;
        if (activation == Activation.Silu)
        {
            var sigmoid = one / (one + Vector512.Exp(-x));
            return (x * sigmoid, sigmoid * (one + (x * (one - sigmoid))));
        }

        if (activation == Activation.Relu)
        {
            var isPositive = Vector512.GreaterThan(x, Vector512<float>.Zero);
            return (x & isPositive, one & isPositive);
        }

        var inner = GeluRoot * (x + (GeluCube * x * x * x));
        // tanh(z) = 1 - 2 / (exp(2z) + 1); an infinite exponential gives 1 and a vanishing one -1.
        var tanh = one - (2 * one / (Vector512.Exp(2 * inner) + one));
        var innerSlope = GeluRoot * (one + (3 * GeluCube * x * x));
        return (0.5f * x * (one + tanh), (0.5f * (one + tanh)) + (0.5f * x * (one - (tanh * tanh)) * innerSlope));
    }

    private static float Sum(Vector512<float> sums)
    {
        var half = sums.GetLower() + sums.GetUpper();
        var quarter = half.GetLower() + half.GetUpper();
        return quarter[0] + quarter[1] + (quarter[2] + quarter[3]);
    }
}
