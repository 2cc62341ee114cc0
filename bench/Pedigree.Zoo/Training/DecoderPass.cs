using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Training;

/// <summary>A decoder over a few sequences of one length, on one thread: its loss and the gradient of all parameters.</summary>
internal sealed class DecoderPass
{
    // A hundredth, as Fedus and others chose.
    private const float Balance = 0.01f;

    private readonly ParameterLayout _layout;
    private readonly DecoderShape _shape;
    private readonly int _count;
    private readonly int _length;
    private readonly AttentionPass[] _attention;
    private readonly MlpPass[] _dense;
    private readonly MixturePass[] _mixtures;
    private readonly float[][] _streams;
    private readonly float[][] _normalised;
    private readonly float[] _logits;
    private readonly float[] _streamGradient;
    private readonly float[] _inputGradient;

    /// <summary>Buffers for a shape.</summary>
    /// <param name="layout">Where parameters lie.</param>
    /// <param name="sequences">Sequences of one call.</param>
    /// <param name="length">Tokens of each that are predicted from.</param>
    public DecoderPass(ParameterLayout layout, int sequences, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, layout.Shape.Context);
        (_layout, _shape, _count, _length) = (layout, layout.Shape, sequences * length, length);
        var rotary = _shape.LearnedPositions ? null : new RotaryTable(length, _shape.HeadWidth, _shape.RotaryBase);
        var layers = Enumerable.Range(0, _shape.Layers).ToArray();
        _attention = [.. layers.Select(layer => new AttentionPass(layout, layer, sequences, length, rotary))];
        _dense = _shape.Experts > 0 ? [] : [.. layers.Select(layer => new MlpPass(layout, layer, Slot.Dense, _count))];
        _mixtures = _shape.Experts == 0 ? [] : [.. layers.Select(layer => new MixturePass(layout, layer, _count, Balance))];
        _streams = [.. Enumerable.Range(0, (2 * _shape.Layers) + 1).Select(_ => new float[_count * _shape.Width])];
        _normalised = [.. _streams.Select(stream => new float[stream.Length])];
        _logits = new float[_count * _shape.Vocabulary];
        _streamGradient = new float[_count * _shape.Width];
        _inputGradient = new float[_count * _shape.Width];
    }

    /// <summary>The logits of the last forward pass, one row a token.</summary>
    public ReadOnlySpan<float> Logits => _logits;

    /// <summary>Runs forward; <see cref="Logits"/> then holds the logits.</summary>
    /// <param name="parameters">All parameters.</param>
    /// <param name="tokens">The sequences one after another, each of the length given.</param>
    /// <returns>The load-balancing loss, summed over layers; 0 without experts.</returns>
    public double Forward(float[] parameters, ReadOnlySpan<int> tokens)
    {
        var (width, loss) = (_shape.Width, 0.0);
        var embedding = _layout.Of(parameters, Slot.Embedding);
        var positions = _layout.Of(parameters, Slot.Positions);
        for (var row = 0; row < _count; row++)
        {
            var stream = _streams[0].AsSpan(row * width, width);
            embedding.Slice(tokens[row] * width, width).CopyTo(stream);
            if (!positions.IsEmpty)
            {
                Elementwise.AddScaled(stream, positions.Slice(row % _length * width, width), 1);
            }
        }

        for (var layer = 0; layer < _shape.Layers; layer++)
        {
            var (before, middle, after) = (2 * layer, (2 * layer) + 1, (2 * layer) + 2);
            Normalise(parameters, Slot.AttentionNorm(layer), before);
            _streams[before].CopyTo(_streams[middle], 0);
            _attention[layer].Forward(parameters, _normalised[before], _streams[middle]);
            Normalise(parameters, Slot.MlpNorm(layer), middle);
            _streams[middle].CopyTo(_streams[after], 0);
            if (_shape.Experts > 0)
            {
                loss += _mixtures[layer].Forward(parameters, _normalised[middle], _streams[after]);
            }
            else
            {
                _dense[layer].Forward(parameters, _count, _normalised[middle], _streams[after], add: true);
            }
        }

        Normalise(parameters, Slot.FinalNorm, _streams.Length - 1);
        Linear.Forward(_count, _normalised[^1], _layout.Of(parameters, Unembedding), default, _logits, width);
        return loss;
    }

    /// <summary>Runs forward and backward.</summary>
    /// <param name="parameters">All parameters.</param>
    /// <param name="gradients">The gradient of the sum of losses over all tokens, divided by <paramref name="divisor"/>, is added.</param>
    /// <param name="tokens">The sequences one after another.</param>
    /// <param name="targets">For each token the one to predict.</param>
    /// <param name="teacher">Probabilities to predict instead, one row a token; empty for the targets.</param>
    /// <param name="divisor">Tokens of the whole batch.</param>
    /// <returns>The sum of cross-entropies in nats, divided by the divisor, and the load-balancing loss, divided likewise.</returns>
    public (double CrossEntropy, double Balance) Run(
        float[] parameters, float[] gradients, ReadOnlySpan<int> tokens, ReadOnlySpan<int> targets, ReadOnlySpan<float> teacher, int divisor)
    {
        var balance = Forward(parameters, tokens);
        var share = (float)_count / divisor;
        var loss = LogitGradients(targets, teacher, divisor);
        var width = _shape.Width;
        var (stream, input) = (_streamGradient, _inputGradient);
        Array.Clear(stream);
        Linear.Backward(_count, _normalised[^1], _layout.Of(parameters, Unembedding), _logits, _layout.Of(gradients, Unembedding), default, input, width, add: false);
        NormaliseBack(parameters, gradients, Slot.FinalNorm, _streams.Length - 1, input, stream);
        for (var layer = _shape.Layers - 1; layer >= 0; layer--)
        {
            var (before, middle) = (2 * layer, (2 * layer) + 1);
            if (_shape.Experts > 0)
            {
                _mixtures[layer].Backward(parameters, gradients, _normalised[middle], stream, input, share);
            }
            else
            {
                _dense[layer].Backward(parameters, gradients, _count, _normalised[middle], stream, input, add: false);
            }

            NormaliseBack(parameters, gradients, Slot.MlpNorm(layer), middle, input, stream);
            _attention[layer].Backward(parameters, gradients, _normalised[before], stream, input);
            NormaliseBack(parameters, gradients, Slot.AttentionNorm(layer), before, input, stream);
        }

        var embedding = _layout.Of(gradients, Slot.Embedding);
        var positions = _layout.Of(gradients, Slot.Positions);
        for (var row = 0; row < _count; row++)
        {
            var gradient = stream.AsSpan(row * width, width);
            Elementwise.AddScaled(embedding.Slice(tokens[row] * width, width), gradient, 1);
            if (!positions.IsEmpty)
            {
                Elementwise.AddScaled(positions.Slice(row % _length * width, width), gradient, 1);
            }
        }

        return (loss, share * balance);
    }

    private string Unembedding => _shape.Tied ? Slot.Embedding : Slot.Unembedding;

    // Leaves the gradient of the logits in their place.
    private double LogitGradients(ReadOnlySpan<int> targets, ReadOnlySpan<float> teacher, int divisor)
    {
        var (vocabulary, loss) = (_shape.Vocabulary, 0.0);
        for (var row = 0; row < _count; row++)
        {
            var logits = _logits.AsSpan(row * vocabulary, vocabulary);
            if (teacher.IsEmpty)
            {
                var target = logits[targets[row]];
                loss += Elementwise.Softmax(logits) - target;
                logits[targets[row]] -= 1;
            }
            else
            {
                var wanted = teacher.Slice(row * vocabulary, vocabulary);
                var product = Elementwise.Dot(logits, wanted);
                loss += Elementwise.Softmax(logits) - product;
                Elementwise.AddScaled(logits, wanted, -1);
            }

            Elementwise.Scale(logits, 1f / divisor);
        }

        return loss / divisor;
    }

    private void Normalise(float[] parameters, string norm, int stream) => Norm.Forward(
        _shape.Norm, (float)_shape.NormEpsilon, _streams[stream], _layout.Of(parameters, norm), _layout.Of(parameters, Slot.Bias(norm)), _normalised[stream]);

    private void NormaliseBack(float[] parameters, float[] gradients, string norm, int stream, float[] input, float[] streamGradient) => Norm.Backward(
        _shape.Norm, (float)_shape.NormEpsilon, _streams[stream], _layout.Of(parameters, norm), input, _layout.Of(gradients, norm), _layout.Of(gradients, Slot.Bias(norm)), streamGradient);
}
