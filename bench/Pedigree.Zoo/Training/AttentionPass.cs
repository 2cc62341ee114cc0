using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Training;

/// <summary>Causal attention of one layer over a few sequences of one length: forward, and backward from what forward kept.</summary>
internal sealed class AttentionPass
{
    private readonly ParameterLayout _layout;
    private readonly DecoderShape _shape;
    private readonly int _layer;
    private readonly int _sequences;
    private readonly int _length;
    private readonly RotaryTable? _rotary;
    private readonly float[] _queries;
    private readonly float[] _keys;
    private readonly float[] _values;
    private readonly float[] _rawQueries;
    private readonly float[] _rawKeys;
    private readonly float[] _shares;
    private readonly float[] _mixed;
    private readonly float[] _mixedGradient;
    private readonly float[] _queryGradient;
    private readonly float[] _keyGradient;
    private readonly float[] _valueGradient;
    private readonly float[] _rawGradient;
    private readonly float[] _scores;

    /// <summary>Buffers for one layer.</summary>
    public AttentionPass(ParameterLayout layout, int layer, int sequences, int length, RotaryTable? rotary)
    {
        (_layout, _shape, _layer, _sequences, _length, _rotary) = (layout, layout.Shape, layer, sequences, length, rotary);
        var (queryWidth, keyWidth) = (_shape.QueryHeads * _shape.HeadWidth, _shape.KeyValueHeads * _shape.HeadWidth);
        var count = sequences * length;
        _queries = new float[count * queryWidth];
        _keys = new float[count * keyWidth];
        _values = new float[count * keyWidth];
        _rawQueries = new float[_shape.QueryKeyNorm ? _queries.Length : 0];
        _rawKeys = new float[_shape.QueryKeyNorm ? _keys.Length : 0];
        _shares = new float[sequences * _shape.QueryHeads * length * length];
        _mixed = new float[count * queryWidth];
        _mixedGradient = new float[_mixed.Length];
        _queryGradient = new float[_queries.Length];
        _keyGradient = new float[_keys.Length];
        _valueGradient = new float[_values.Length];
        _rawGradient = new float[_rawQueries.Length];
        _scores = new float[length * length];
    }

    private int Count => _sequences * _length;

    private float Scale => (float)(1 / Math.Sqrt(_shape.HeadWidth));

    /// <summary>Adds the output to the stream.</summary>
    /// <param name="parameters">All parameters.</param>
    /// <param name="input">The normalised stream.</param>
    /// <param name="stream">Added to.</param>
    public void Forward(float[] parameters, float[] input, float[] stream)
    {
        Project(parameters, input, Slot.Query(_layer), Slot.QueryNorm(_layer), _queries, _rawQueries);
        Project(parameters, input, Slot.Key(_layer), Slot.KeyNorm(_layer), _keys, _rawKeys);
        Linear.Forward(Count, input, _layout.Of(parameters, Slot.Value(_layer)), _layout.Of(parameters, Slot.Bias(Slot.Value(_layer))), _values, _shape.Width);
        for (var sequence = 0; sequence < _sequences; sequence++)
        {
            for (var head = 0; head < _shape.QueryHeads; head++)
            {
                Attend(sequence, head);
            }
        }

        Linear.Forward(
            Count, _mixed, _layout.Of(parameters, Slot.Output(_layer)), _layout.Of(parameters, Slot.Bias(Slot.Output(_layer))), stream,
            _shape.QueryHeads * _shape.HeadWidth, add: true);
    }

    /// <summary>Adds to the gradients of the parameters; writes that of the input.</summary>
    /// <param name="parameters">All parameters.</param>
    /// <param name="gradients">Added to.</param>
    /// <param name="input">The normalised stream, as in forward.</param>
    /// <param name="streamGradient">Gradient of the stream after this layer.</param>
    /// <param name="inputGradient">Overwritten.</param>
    public void Backward(float[] parameters, float[] gradients, float[] input, float[] streamGradient, float[] inputGradient)
    {
        Linear.Backward(
            Count, _mixed, _layout.Of(parameters, Slot.Output(_layer)), streamGradient, _layout.Of(gradients, Slot.Output(_layer)),
            _layout.Of(gradients, Slot.Bias(Slot.Output(_layer))), _mixedGradient, _shape.QueryHeads * _shape.HeadWidth, add: false);
        Array.Clear(_queryGradient);
        Array.Clear(_keyGradient);
        Array.Clear(_valueGradient);
        for (var sequence = 0; sequence < _sequences; sequence++)
        {
            for (var head = 0; head < _shape.QueryHeads; head++)
            {
                AttendBack(sequence, head);
            }
        }

        ProjectBack(parameters, gradients, input, Slot.Query(_layer), Slot.QueryNorm(_layer), _queryGradient, _rawQueries, inputGradient, add: false);
        ProjectBack(parameters, gradients, input, Slot.Key(_layer), Slot.KeyNorm(_layer), _keyGradient, _rawKeys, inputGradient, add: true);
        Linear.Backward(
            Count, input, _layout.Of(parameters, Slot.Value(_layer)), _valueGradient, _layout.Of(gradients, Slot.Value(_layer)),
            _layout.Of(gradients, Slot.Bias(Slot.Value(_layer))), inputGradient, _shape.Width, add: true);
    }

    private void Project(float[] parameters, float[] input, string name, string norm, float[] heads, float[] raw)
    {
        Linear.Forward(Count, input, _layout.Of(parameters, name), _layout.Of(parameters, Slot.Bias(name)), heads, _shape.Width);
        if (_shape.QueryKeyNorm)
        {
            heads.CopyTo(raw, 0);
            Norm.Forward(NormKind.RootMeanSquare, (float)_shape.NormEpsilon, raw, _layout.Of(parameters, norm), default, heads);
        }

        Turn(heads, back: false);
    }

    private void ProjectBack(
        float[] parameters, float[] gradients, float[] input, string name, string norm, float[] gradient, float[] inputs, float[] inputGradient, bool add)
    {
        Turn(gradient, back: true);
        ReadOnlySpan<float> before = gradient;
        if (_shape.QueryKeyNorm)
        {
            var raw = _rawGradient.AsSpan(0, gradient.Length);
            raw.Clear();
            Norm.Backward(NormKind.RootMeanSquare, (float)_shape.NormEpsilon, inputs, _layout.Of(parameters, norm), gradient, _layout.Of(gradients, norm), default, raw);
            before = raw;
        }

        Linear.Backward(
            Count, input, _layout.Of(parameters, name), before, _layout.Of(gradients, name), _layout.Of(gradients, Slot.Bias(name)), inputGradient, _shape.Width, add);
    }

    private void Turn(float[] heads, bool back)
    {
        var width = heads.Length / Count;
        for (var row = 0; _rotary is not null && row < Count; row++)
        {
            _rotary.Turn(heads.AsSpan(row * width, width), row % _length, back);
        }
    }

    private void Attend(int sequence, int head)
    {
        var (query, key, queryStride, keyStride) = Places(sequence, head);
        var shares = Shares(sequence, head);
        MatrixProduct.Multiply(
            _length, _length, _shape.HeadWidth, new(_queries.AsSpan(query), queryStride, 1), new(_keys.AsSpan(key), 1, keyStride), new(shares, _length), add: false);
        for (var row = 0; row < _length; row++)
        {
            var scores = shares.Slice(row * _length, _length);
            scores[(row + 1)..].Clear();
            Elementwise.Scale(scores[..(row + 1)], Scale);
            Elementwise.Softmax(scores[..(row + 1)]);
        }

        MatrixProduct.Multiply(
            _length, _shape.HeadWidth, _length, Strided.Rows(shares, _length), new(_values.AsSpan(key), keyStride, 1), new(_mixed.AsSpan(query), queryStride), add: false);
    }

    private void AttendBack(int sequence, int head)
    {
        var (query, key, queryStride, keyStride) = Places(sequence, head);
        var width = _shape.HeadWidth;
        var shares = Shares(sequence, head);
        MatrixProduct.Multiply(
            _length, width, _length, Strided.Transposed(shares, _length), new(_mixedGradient.AsSpan(query), queryStride, 1), new(_valueGradient.AsSpan(key), keyStride), add: true);
        MatrixProduct.Multiply(
            _length, _length, width, new(_mixedGradient.AsSpan(query), queryStride, 1), new(_values.AsSpan(key), 1, keyStride), new(_scores, _length), add: false);
        for (var row = 0; row < _length; row++)
        {
            var share = shares.Slice(row * _length, _length);
            var score = _scores.AsSpan(row * _length, _length);
            var mean = Elementwise.Dot(share, score);
            for (var i = 0; i < _length; i++)
            {
                score[i] = share[i] * (score[i] - mean) * Scale;
            }
        }

        MatrixProduct.Multiply(
            _length, width, _length, Strided.Rows(_scores, _length), new(_keys.AsSpan(key), keyStride, 1), new(_queryGradient.AsSpan(query), queryStride), add: true);
        MatrixProduct.Multiply(
            _length, width, _length, Strided.Transposed(_scores, _length), new(_queries.AsSpan(query), queryStride, 1), new(_keyGradient.AsSpan(key), keyStride), add: true);
    }

    private Span<float> Shares(int sequence, int head) =>
        _shares.AsSpan(((sequence * _shape.QueryHeads) + head) * _length * _length, _length * _length);

    private (int Query, int Key, int QueryStride, int KeyStride) Places(int sequence, int head)
    {
        var (queryStride, keyStride) = (_shape.QueryHeads * _shape.HeadWidth, _shape.KeyValueHeads * _shape.HeadWidth);
        var first = sequence * _length;
        return ((first * queryStride) + (head * _shape.HeadWidth), (first * keyStride) + (head / _shape.GroupSize * _shape.HeadWidth), queryStride, keyStride);
    }
}
