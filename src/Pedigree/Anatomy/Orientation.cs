using Pedigree.Anatomy.Families;

namespace Pedigree.Anatomy;

/// <summary>Decides which claimed matrices are stored transposed. A shape decides for itself; a square matrix follows those stored beside it.</summary>
internal sealed class Orientation
{
    private readonly int _width;
    private readonly Dictionary<Storage, int> _votes = [];

    // Each kind of storage votes by itself: GPT-2 transposes its layers but not its embeddings, Llama 4 its experts but not its attention.
    private enum Storage
    {
        Outside,
        Layer,
        Stacked,
    }

    public Orientation(int width, IEnumerable<Claim> claims)
    {
        _width = width;
        foreach (var claim in claims.Where(IsMatrix))
        {
            var storage = StorageOf(claim);
            _votes[storage] = _votes.GetValueOrDefault(storage) + Evident(claim);
        }
    }

    /// <summary>Whether a claim is about a matrix that has an orientation at all.</summary>
    public static bool IsMatrix(Claim claim) =>
        !claim.IsBias
        && claim.Pattern.Layout is Layout.Reads or Layout.Writes
            or Layout.QueryAndGate or Layout.GateQueryKeyValue or Layout.FourQueryValueKey
            or Layout.FusedQueryKeyValue or Layout.GroupedQueryKeyValue or Layout.UnknownQueryKeyValue
            or Layout.FusedGateUp or Layout.FusedUpGate or Layout.InterleavedGateUp or Layout.LatentAndRotaryKey
        && (claim.Tensor.Shape.Length == (claim.Pattern.Stacked ? 3 : 2)
            // Positions are sometimes stored with a batch of one.
            || (!claim.Pattern.Stacked && claim.Tensor.Shape is [1, _, _]));

    /// <summary>Whether the matrix has a dimension that can be the width at all.</summary>
    public bool Fits(Claim claim) => claim.Tensor.Shape[^1] == _width || claim.Tensor.Shape[^2] == _width;

    /// <summary>Whether the matrix is stored [in, out].</summary>
    public bool IsTransposed(Claim claim)
    {
        var own = Evident(claim);
        if (own != 0)
        {
            return own < 0;
        }

        var beside = _votes.GetValueOrDefault(StorageOf(claim));
        return (beside != 0 ? beside : _votes.GetValueOrDefault(Storage.Layer)) < 0;
    }

    // +1: stored [out, in]; -1: stored [in, out]; 0: square, or neither dimension is the width.
    private int Evident(Claim claim)
    {
        var (first, second) = (claim.Tensor.Shape[^2] == _width, claim.Tensor.Shape[^1] == _width);
        var reads = claim.Pattern.Layout != Layout.Writes;
        return first == second ? 0 : second == reads ? 1 : -1;
    }

    private static Storage StorageOf(Claim claim) =>
        claim.Pattern.Stacked ? Storage.Stacked : claim.Layer < 0 ? Storage.Outside : Storage.Layer;
}
