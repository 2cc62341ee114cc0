using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Training;

/// <summary>One MLP, dense or an expert's, over some rows: forward, and backward from what forward kept.</summary>
internal sealed class MlpPass
{
    private readonly ParameterLayout _layout;
    private readonly DecoderShape _shape;
    private readonly string _gate;
    private readonly string _up;
    private readonly string _down;
    private readonly float[] _ups;
    private readonly float[] _gates;
    private readonly float[] _active;
    private readonly float[] _slopes;
    private readonly float[] _hidden;
    private readonly float[] _hiddenGradient;
    private readonly float[] _gateGradient;

    /// <summary>Buffers for one MLP.</summary>
    /// <param name="layout">Where parameters lie.</param>
    /// <param name="layer">Its layer.</param>
    /// <param name="expert">Its expert, or <see cref="Slot.Dense"/>.</param>
    /// <param name="capacity">Most rows that one call brings.</param>
    public MlpPass(ParameterLayout layout, int layer, int expert, int capacity)
    {
        (_layout, _shape) = (layout, layout.Shape);
        (_gate, _up, _down) = (Slot.Gate(layer, expert), Slot.Up(layer, expert), Slot.Down(layer, expert));
        var size = capacity * _shape.Neurons;
        _ups = new float[size];
        _gates = new float[_shape.Gated ? size : 0];
        _active = new float[size];
        _slopes = new float[size];
        _hidden = new float[_shape.Gated ? size : 0];
        _hiddenGradient = new float[size];
        _gateGradient = new float[_shape.Gated ? size : 0];
    }

    /// <summary>Computes or adds the output.</summary>
    public void Forward(float[] parameters, int count, ReadOnlySpan<float> input, Span<float> output, bool add)
    {
        var size = count * _shape.Neurons;
        Linear.Forward(count, input, _layout.Of(parameters, _up), _layout.Of(parameters, Slot.Bias(_up)), _ups, _shape.Width);
        if (_shape.Gated)
        {
            Linear.Forward(count, input, _layout.Of(parameters, _gate), _layout.Of(parameters, Slot.Bias(_gate)), _gates, _shape.Width);
            Elementwise.Activate(_shape.Activation, _gates.AsSpan(0, size), _active, _slopes);
            Elementwise.Multiply(_active.AsSpan(0, size), _ups, _hidden);
        }
        else
        {
            Elementwise.Activate(_shape.Activation, _ups.AsSpan(0, size), _active, _slopes);
        }

        Linear.Forward(count, Hidden, _layout.Of(parameters, _down), _layout.Of(parameters, Slot.Bias(_down)), output, _shape.Neurons, add);
    }

    /// <summary>Adds to the gradients of the parameters; writes or adds that of the input.</summary>
    public void Backward(float[] parameters, float[] gradients, int count, ReadOnlySpan<float> input, ReadOnlySpan<float> outputGradient, Span<float> inputGradient, bool add)
    {
        var size = count * _shape.Neurons;
        var hidden = _hiddenGradient.AsSpan(0, size);
        Linear.Backward(
            count, Hidden, _layout.Of(parameters, _down), outputGradient, _layout.Of(gradients, _down), _layout.Of(gradients, Slot.Bias(_down)), hidden, _shape.Neurons, add: false);
        if (_shape.Gated)
        {
            var gates = _gateGradient.AsSpan(0, size);
            Elementwise.Multiply(hidden, _ups, gates);
            Elementwise.Multiply(gates, _slopes, gates);
            Linear.Backward(
                count, input, _layout.Of(parameters, _gate), gates, _layout.Of(gradients, _gate), _layout.Of(gradients, Slot.Bias(_gate)), inputGradient, _shape.Width, add);
            Elementwise.Multiply(hidden, _active, hidden);
        }
        else
        {
            Elementwise.Multiply(hidden, _slopes, hidden);
        }

        Linear.Backward(
            count, input, _layout.Of(parameters, _up), hidden, _layout.Of(gradients, _up), _layout.Of(gradients, Slot.Bias(_up)), inputGradient, _shape.Width, add || _shape.Gated);
    }

    private float[] Hidden => _shape.Gated ? _hidden : _active;
}
