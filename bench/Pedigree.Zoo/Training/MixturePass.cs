using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Training;

/// <summary>Routed experts of one layer: each row goes to the experts with the largest router logits, weighted by a softmax over those.</summary>
internal sealed class MixturePass
{
    private readonly ParameterLayout _layout;
    private readonly DecoderShape _shape;
    private readonly int _layer;
    private readonly int _count;
    private readonly float _balance;
    private readonly MlpPass[] _experts;
    private readonly float[] _logits;
    private readonly int[] _chosen;
    private readonly float[] _shares;
    private readonly float[][] _inputs;
    private readonly float[][] _outputs;
    private readonly List<int>[] _places;
    private readonly float[] _outputGradient;
    private readonly float[] _inputGradient;

    /// <summary>Buffers for one layer.</summary>
    /// <param name="layout">Where parameters lie.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="count">Rows that each call brings.</param>
    /// <param name="balance">Weight of the load-balancing loss.</param>
    public MixturePass(ParameterLayout layout, int layer, int count, float balance)
    {
        (_layout, _shape, _layer, _count, _balance) = (layout, layout.Shape, layer, count, balance);
        _experts = [.. Enumerable.Range(0, _shape.Experts).Select(expert => new MlpPass(layout, layer, expert, count))];
        _logits = new float[count * _shape.Experts];
        _chosen = new int[count * _shape.ActiveExperts];
        _shares = new float[count * _shape.ActiveExperts];
        _inputs = [.. _experts.Select(_ => new float[count * _shape.Width])];
        _outputs = [.. _experts.Select(_ => new float[count * _shape.Width])];
        _places = [.. _experts.Select(_ => new List<int>())];
        _outputGradient = new float[count * _shape.Width];
        _inputGradient = new float[count * _shape.Width];
    }

    /// <summary>Adds the output to the stream.</summary>
    /// <returns>The load-balancing loss of these rows: experts · Σ share of rows · mean probability (Fedus and others, "Switch Transformers", 2022, eq. 4).</returns>
    public double Forward(float[] parameters, float[] input, float[] stream)
    {
        var (width, active) = (_shape.Width, _shape.ActiveExperts);
        Linear.Forward(_count, input, _layout.Of(parameters, Slot.Router(_layer)), default, _logits, width);
        foreach (var places in _places)
        {
            places.Clear();
        }

        for (var row = 0; row < _count; row++)
        {
            Choose(row);
            for (var rank = 0; rank < active; rank++)
            {
                var expert = _chosen[(row * active) + rank];
                input.AsSpan(row * width, width).CopyTo(_inputs[expert].AsSpan(_places[expert].Count * width));
                _places[expert].Add((row * active) + rank);
            }
        }

        for (var expert = 0; expert < _experts.Length; expert++)
        {
            _experts[expert].Forward(parameters, _places[expert].Count, _inputs[expert], _outputs[expert], add: false);
            for (var i = 0; i < _places[expert].Count; i++)
            {
                var place = _places[expert][i];
                Elementwise.AddScaled(stream.AsSpan(place / active * width, width), _outputs[expert].AsSpan(i * width, width), _shares[place]);
            }
        }

        return BalanceLoss();
    }

    /// <summary>Adds to the gradients of the parameters; writes that of the input. The load-balancing loss counts with the given weight.</summary>
    public void Backward(float[] parameters, float[] gradients, float[] input, float[] streamGradient, float[] inputGradient, float weight)
    {
        var (width, active) = (_shape.Width, _shape.ActiveExperts);
        Array.Clear(inputGradient);
        var shareGradients = new float[_shares.Length];
        for (var expert = 0; expert < _experts.Length; expert++)
        {
            var count = _places[expert].Count;
            for (var i = 0; i < count; i++)
            {
                var place = _places[expert][i];
                var row = streamGradient.AsSpan(place / active * width, width);
                shareGradients[place] = Elementwise.Dot(row, _outputs[expert].AsSpan(i * width, width));
                var gradient = _outputGradient.AsSpan(i * width, width);
                gradient.Clear();
                Elementwise.AddScaled(gradient, row, _shares[place]);
            }

            _experts[expert].Backward(parameters, gradients, count, _inputs[expert], _outputGradient, _inputGradient, add: false);
            for (var i = 0; i < count; i++)
            {
                Elementwise.AddScaled(inputGradient.AsSpan(_places[expert][i] / active * width, width), _inputGradient.AsSpan(i * width, width), 1);
            }
        }

        Linear.Backward(
            _count, input, _layout.Of(parameters, Slot.Router(_layer)), LogitGradients(shareGradients, weight), _layout.Of(gradients, Slot.Router(_layer)), default, inputGradient, width, add: true);
    }

    private void Choose(int row)
    {
        var logits = _logits.AsSpan(row * _shape.Experts, _shape.Experts);
        var chosen = _chosen.AsSpan(row * _shape.ActiveExperts, _shape.ActiveExperts);
        var shares = _shares.AsSpan(row * _shape.ActiveExperts, _shape.ActiveExperts);
        for (var rank = 0; rank < chosen.Length; rank++)
        {
            var best = -1;
            for (var expert = 0; expert < logits.Length; expert++)
            {
                if (!chosen[..rank].Contains(expert) && (best < 0 || logits[expert] > logits[best]))
                {
                    best = expert;
                }
            }

            chosen[rank] = best;
            shares[rank] = logits[best];
        }

        Elementwise.Softmax(shares);
    }

    private float[] LogitGradients(float[] shareGradients, float weight)
    {
        var (experts, active) = (_shape.Experts, _shape.ActiveExperts);
        var gradients = new float[_logits.Length];
        var factor = weight * _balance * experts / ((float)_count * _count * active);
        Span<float> probabilities = stackalloc float[experts];
        for (var row = 0; row < _count; row++)
        {
            var shares = _shares.AsSpan(row * active, active);
            var shareGradient = shareGradients.AsSpan(row * active, active);
            var mean = Elementwise.Dot(shares, shareGradient);
            for (var rank = 0; rank < active; rank++)
            {
                gradients[(row * experts) + _chosen[(row * active) + rank]] = shares[rank] * (shareGradient[rank] - mean);
            }

            _logits.AsSpan(row * experts, experts).CopyTo(probabilities);
            Elementwise.Softmax(probabilities);
            var level = 0.0f;
            for (var expert = 0; expert < experts; expert++)
            {
                level += probabilities[expert] * _places[expert].Count;
            }

            for (var expert = 0; expert < experts; expert++)
            {
                gradients[(row * experts) + expert] += factor * probabilities[expert] * (_places[expert].Count - level);
            }
        }

        return gradients;
    }

    private double BalanceLoss()
    {
        var (experts, loss) = (_shape.Experts, 0.0);
        var probabilities = new float[experts];
        for (var row = 0; row < _count; row++)
        {
            _logits.AsSpan(row * experts, experts).CopyTo(probabilities);
            Elementwise.Softmax(probabilities);
            for (var expert = 0; expert < experts; expert++)
            {
                loss += probabilities[expert] * (double)_places[expert].Count;
            }
        }

        return _balance * experts * loss / ((double)_count * _count * _shape.ActiveExperts);
    }
}
