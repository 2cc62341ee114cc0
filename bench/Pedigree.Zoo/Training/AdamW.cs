using System.Runtime.Intrinsics;

namespace Pedigree.Zoo.Training;

/// <summary>AdamW (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019), with gradients clipped by their whole norm.</summary>
/// <param name="count">Parameters.</param>
/// <param name="decays">Which parameters decay.</param>
/// <param name="firstDecay">β1.</param>
/// <param name="secondDecay">β2.</param>
/// <param name="weightDecay">Decay a step, times the learning rate.</param>
/// <param name="clip">Largest norm of a gradient.</param>
internal sealed class AdamW(int count, bool[] decays, float firstDecay = 0.9f, float secondDecay = 0.95f, float weightDecay = 0.1f, float clip = 1)
{
    private const float Epsilon = 1e-8f;
    private readonly float[] _means = new float[count];
    private readonly float[] _squares = new float[count];
    private int _steps;

    /// <summary>Moves the parameters against the gradient. Where the gradient has always been exactly zero, only the decay moves.</summary>
    /// <param name="parameters">Changed.</param>
    /// <param name="gradients">The gradient.</param>
    /// <param name="learningRate">Size of the step.</param>
    /// <param name="moving">Parameters that do not decay even if others like them do are false; null for none.</param>
    public void Step(float[] parameters, float[] gradients, float learningRate, bool[]? moving = null)
    {
        _steps++;
        var norm = Math.Sqrt(Elementwise.Dot(gradients, gradients));
        var factor = (float)(norm > clip ? clip / norm : 1);
        var firstCorrection = (float)(1 / (1 - Math.Pow(firstDecay, _steps)));
        var secondCorrection = (float)(1 / (1 - Math.Pow(secondDecay, _steps)));
        var i = 0;
        for (; i <= parameters.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var gradient = Vector512.Create(gradients, i) * factor;
            var mean = (Vector512.Create(_means, i) * firstDecay) + (gradient * (1 - firstDecay));
            var square = (Vector512.Create(_squares, i) * secondDecay) + (gradient * gradient * (1 - secondDecay));
            mean.CopyTo(_means, i);
            square.CopyTo(_squares, i);
            var step = mean * firstCorrection / (Vector512.Sqrt(square * secondCorrection) + Vector512.Create(Epsilon));
            (Vector512.Create(parameters, i) - (step * learningRate)).CopyTo(parameters, i);
        }

        for (; i < parameters.Length; i++)
        {
            var gradient = gradients[i] * factor;
            _means[i] = (_means[i] * firstDecay) + (gradient * (1 - firstDecay));
            _squares[i] = (_squares[i] * secondDecay) + (gradient * gradient * (1 - secondDecay));
            parameters[i] -= _means[i] * firstCorrection / (MathF.Sqrt(_squares[i] * secondCorrection) + Epsilon) * learningRate;
        }

        var keep = 1 - (weightDecay * learningRate);
        for (i = 0; i < parameters.Length; i++)
        {
            if (decays[i] && (moving is null || moving[i]))
            {
                parameters[i] *= keep;
            }
        }
    }
}
