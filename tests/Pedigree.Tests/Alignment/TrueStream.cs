using Pedigree.Zoo.Manipulations;
using StreamMap = Pedigree.Alignment.ResidualMap;

namespace Pedigree.Tests.Alignment;

/// <summary>The residual map that a manipulation made.</summary>
internal static class TrueStream
{
    /// <summary>The map of a child, d' × d.</summary>
    public static StreamMap Of(Derivation child)
    {
        var (from, to, matrix) = (child.Truth.Residual.From, child.Truth.Residual.To, child.Truth.Residual.ToMatrix());
        var columns = new float[to * from];
        for (var i = 0; i < from; i++)
        {
            for (var j = 0; j < to; j++)
            {
                columns[(j * from) + i] = (float)matrix[(i * to) + j];
            }
        }

        return new StreamMap(from, to, columns);
    }
}
