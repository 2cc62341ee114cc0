using Pedigree.Anatomy.Families;
using Pedigree.Checkpoints;

namespace Pedigree.Anatomy.Inference;

/// <summary>Gives the tensors outside the layers their roles by shape.</summary>
internal static class OutsideRoles
{
    private const int MostRows = 1024;

    /// <summary>Embedding, position embedding, unembedding and final norm; pairs that cannot be told apart go to <paramref name="interchangeable"/>.</summary>
    public static IEnumerable<Claim> Of(IReadOnlyList<StoredTensor> outside, int width, WeightReader reader, ISet<(Part, Part)> interchangeable)
    {
        var claims = new List<Claim>();
        var tables = outside
            .Where(tensor => tensor.Type.IsFloating() && tensor.Shape is [var first, var second] && (first == width || second == width) && first > 1 && second > 1)
            .GroupBy(tensor => tensor.Shape[0] == width ? tensor.Shape[1] : tensor.Shape[0])
            .OrderByDescending(group => group.Count()).ThenByDescending(group => group.Key)
            .Select(group => group.ToArray()).ToArray();
        if (tables is [var vocabulary, ..] && vocabulary.Length <= 2)
        {
            // The unembedding is the one whose rows share a direction: it shifts all rare tokens down together.
            var ordered = vocabulary.OrderBy(table => CommonDirection(reader, table, width)).ToArray();
            claims.Add(Table(ordered[0], Part.Embedding));
            if (ordered.Length == 2)
            {
                claims.Add(Table(ordered[1], Part.Unembedding));
                interchangeable.Add((Part.Embedding, Part.Unembedding));
            }

            if (tables is [_, [var positions]])
            {
                claims.Add(Table(positions, Part.PositionEmbedding));
            }
        }

        var vectors = outside
            .Where(tensor => tensor.Type.IsFloating() && tensor.Shape is [var length] && length == width)
            .Select(tensor => new LayerSlot(tensor.Name, tensor.Shape, [tensor]));
        if (Gains.Of(reader, vectors) is [var (gain, bias)])
        {
            var pattern = TensorPattern.Gain(gain.Key, Part.FinalNorm);
            claims.Add(new Claim(gain.Tensors[0], pattern, -1, Role.Dense, IsBias: false));
            if (bias is not null)
            {
                claims.Add(new Claim(bias.Tensors[0], pattern, -1, Role.Dense, IsBias: true));
            }
        }

        return claims;
    }

    private static Claim Table(StoredTensor tensor, Part part) => new(tensor, TensorPattern.Reads(tensor.Name, part), -1, Role.Dense, IsBias: false);

    private static double CommonDirection(WeightReader reader, StoredTensor tensor, int width)
    {
        var stored = TensorView.Whole(tensor);
        return RowSample.Spread(reader, stored.Columns == width ? stored : stored.Transposed(), MostRows, MostRows).CommonDirection();
    }
}
