using Pedigree.Anatomy.Families;
using Pedigree.Checkpoints;

namespace Pedigree.Anatomy;

/// <summary>Turns claims into views: settles width and orientation, splits what is fused or stacked, and drops claims that the shapes contradict.</summary>
internal sealed class ViewAssembler
{
    private const int MostExperts = 1 << 16;

    private readonly int _width;
    private readonly Orientation _orientation;
    private readonly Dictionary<int, int> _layers;
    private readonly SortedDictionary<Role, TensorView> _views = [];
    private readonly HashSet<string> _placed = new(StringComparer.Ordinal);
    private readonly List<AnatomyFinding> _findings = [];

    private ViewAssembler(IReadOnlyList<Claim> claims)
    {
        _width = ResidualWidth.Of(claims);
        _orientation = new Orientation(_width, claims);
        _layers = claims.Where(claim => claim.Layer >= 0).Select(claim => claim.Layer).Distinct().Order()
            .Select((number, rank) => (number, rank)).ToDictionary(pair => pair.number, pair => pair.rank);
    }

    /// <summary>Assembles the views of a model.</summary>
    /// <param name="claims">What names or shapes suggest; wrong suggestions are allowed.</param>
    /// <param name="tensors">All tensors of the checkpoint.</param>
    /// <param name="family">The name to report.</param>
    public static ModelAnatomy Assemble(IReadOnlyList<Claim> claims, IReadOnlyList<StoredTensor> tensors, string family)
    {
        var assembler = new ViewAssembler(claims);
        // A fused tensor is split by the rows of its partner, a bias like its matrix: whole matrices first, biases last.
        foreach (var claim in claims.OrderBy(claim => claim.IsBias ? 2 : claim.Pattern.Layout is Layout.FusedQueryKeyValue ? 1 : 0))
        {
            assembler.Place(claim);
        }

        return new ModelAnatomy
        {
            Family = family,
            Width = assembler._width,
            Layers = assembler._layers.Count,
            Views = assembler._views,
            Experts = assembler._views.Keys.Select(role => role.Expert + 1).Append(0).Max(),
            NotUnderstood = [.. tensors.Where(tensor => !assembler._placed.Contains(tensor.Name))],
            Findings = assembler._findings,
        };
    }

    private void Place(Claim claim)
    {
        var layer = claim.Layer < 0 ? -1 : _layers[claim.Layer];
        var placed = claim switch
        {
            _ when claim.Tensor.Count == 0 || !claim.Tensor.Type.IsFloating() => false,
            { IsBias: true } => PlaceBias(claim, layer),
            { Pattern.Layout: Layout.WidthVector } => claim.Tensor.Count == _width && Add(new Role(claim.Pattern.Part, layer), Vector(claim.Tensor)),
            { Pattern.Layout: Layout.OtherVector } => claim.Tensor.Count <= int.MaxValue && Add(new Role(claim.Pattern.Part, layer), Vector(claim.Tensor)),
            _ when Orientation.IsMatrix(claim) && _orientation.Fits(claim) => PlaceMatrix(claim, layer),
            // A gate with a single row is sometimes stored as a vector.
            { Pattern.Part: Part.SharedExpertGate } => claim.Tensor.Count == _width && Add(new Role(claim.Pattern.Part, layer, claim.Expert), Vector(claim.Tensor)),
            _ => false,
        };
        if (placed)
        {
            _placed.Add(claim.Tensor.Name);
        }
    }

    private bool PlaceMatrix(Claim claim, int layer)
    {
        var shape = claim.Tensor.Shape;
        if (shape.Any(size => size > int.MaxValue) || (claim.Pattern.Stacked && shape[0] > MostExperts))
        {
            return false;
        }

        var (rows, columns) = ((int)shape[^2], (int)shape[^1]);
        var experts = claim.Pattern.Stacked ? (int)shape[0] : 1;
        for (var expert = 0; expert < experts; expert++)
        {
            var stored = new TensorView(claim.Tensor, rows, columns, (long)expert * rows * columns, columns, 1);
            var view = _orientation.IsTransposed(claim) ? stored.Transposed() : stored;
            var parts = Split(claim.Pattern, view, layer);
            if (parts.Count == 0)
            {
                return false;
            }

            foreach (var (part, piece) in parts)
            {
                if (!Add(new Role(part, layer, claim.Pattern.Stacked ? expert : claim.Expert), piece))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private IReadOnlyList<(Part Part, TensorView View)> Split(TensorPattern pattern, TensorView view, int layer)
    {
        switch (pattern.Layout)
        {
            case Layout.FusedGateUp when view.Rows % 2 == 0:
                return [(Part.Gate, view.RowRange(0, view.Rows / 2)), (Part.Up, view.RowRange(view.Rows / 2, view.Rows / 2))];
            case Layout.InterleavedGateUp when view.Rows % 2 == 0:
                var even = view with { Rows = view.Rows / 2, RowStride = 2 * view.RowStride };
                return [(Part.Gate, even), (Part.Up, even with { Start = view.Start + view.RowStride })];
            case Layout.FusedQueryKeyValue:
                var query = _views.TryGetValue(new Role(Part.AttentionOutput, layer), out var output) ? output.Columns : view.Rows / 3;
                var rest = view.Rows - query;
                return rest < 2 || rest % 2 != 0 || query < 1 ? [] :
                [
                    (Part.Query, view.RowRange(0, query)),
                    (Part.Key, view.RowRange(query, rest / 2)),
                    (Part.Value, view.RowRange(query + (rest / 2), rest / 2)),
                ];
            case Layout.Reads or Layout.Writes:
                return [(pattern.Part, view)];
            default:
                return [];
        }
    }

    private bool PlaceBias(Claim claim, int layer)
    {
        var length = claim.Tensor.Count;
        var whole = Vector(claim.Tensor);
        switch (claim.Pattern.Layout)
        {
            case Layout.FusedQueryKeyValue:
                return PlacePieces(claim, layer, whole, [Part.Query, Part.Key, Part.Value]);
            case Layout.FusedGateUp when !claim.Pattern.Stacked:
                return PlacePieces(claim, layer, whole, [Part.Gate, Part.Up]);
            case Layout.Reads or Layout.Writes or Layout.WidthVector or Layout.OtherVector when !claim.Pattern.Stacked:
                return PlacePieces(claim, layer, whole, [claim.Pattern.Part]);
            case Layout.Reads or Layout.Writes when claim.Tensor.Shape.Length == 2:
                var (experts, columns) = ((int)claim.Tensor.Shape[0], (int)(length / claim.Tensor.Shape[0]));
                for (var expert = 0; expert < experts; expert++)
                {
                    if (!AddBias(claim.Pattern.Part, layer, expert, new TensorView(claim.Tensor, 1, columns, (long)expert * columns, columns, 1)))
                    {
                        return false;
                    }
                }

                return true;
            default:
                return false;
        }
    }

    private bool PlacePieces(Claim claim, int layer, TensorView whole, IReadOnlyList<Part> parts)
    {
        var lengths = parts.Select(part => _views.TryGetValue(new Role(part, layer, claim.Expert), out var weight) ? OutputsOf(claim, weight) : 0).ToArray();
        if (lengths.Contains(0) || lengths.Sum(length => (long)length) != whole.Columns)
        {
            return false;
        }

        var start = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            if (!AddBias(parts[i], layer, claim.Expert, whole with { Start = start, Columns = lengths[i] }))
            {
                return false;
            }

            start += lengths[i];
        }

        return true;
    }

    private static int OutputsOf(Claim claim, TensorView weight) =>
        claim.Pattern.Layout is Layout.WidthVector or Layout.OtherVector ? weight.Columns : weight.Rows;

    private bool AddBias(Part of, int layer, int expert, TensorView view) => Add(new Role(Part.Bias, layer, expert, of), view);

    private bool Add(Role role, TensorView view)
    {
        if (_views.TryAdd(role, view))
        {
            return true;
        }

        _findings.Add(new AnatomyFinding("two-tensors-one-role", $"`{view.Tensor.Name}` and `{_views[role].Tensor.Name}` both claim to be {role}; the first was kept."));
        return false;
    }

    private static TensorView Vector(StoredTensor tensor) => new(tensor, 1, (int)Math.Min(tensor.Count, int.MaxValue), 0, tensor.Count, 1);
}
