namespace Pedigree.Zoo.Training;

/// <summary>Sines and cosines of rotary positions, in the layout of Hugging Face: coordinate i turns with coordinate i + half.</summary>
internal sealed class RotaryTable
{
    private readonly int _half;
    private readonly float[] _cosines;
    private readonly float[] _sines;

    /// <summary>Angles of all positions.</summary>
    public RotaryTable(int positions, int headWidth, double rotaryBase)
    {
        _half = headWidth / 2;
        _cosines = new float[positions * _half];
        _sines = new float[positions * _half];
        for (var position = 0; position < positions; position++)
        {
            for (var i = 0; i < _half; i++)
            {
                var (sine, cosine) = Math.SinCos(position * Math.Pow(rotaryBase, -(double)i / _half));
                _cosines[(position * _half) + i] = (float)cosine;
                _sines[(position * _half) + i] = (float)sine;
            }
        }
    }

    /// <summary>Turns the heads of one row to its position, or back.</summary>
    public void Turn(Span<float> heads, int position, bool back)
    {
        var cosines = _cosines.AsSpan(position * _half, _half);
        var sines = _sines.AsSpan(position * _half, _half);
        for (var first = 0; first < heads.Length; first += 2 * _half)
        {
            var low = heads.Slice(first, _half);
            var high = heads.Slice(first + _half, _half);
            for (var i = 0; i < cosines.Length; i++)
            {
                var sine = back ? -sines[i] : sines[i];
                (low[i], high[i]) = ((low[i] * cosines[i]) - (high[i] * sine), (high[i] * cosines[i]) + (low[i] * sine));
            }
        }
    }
}
