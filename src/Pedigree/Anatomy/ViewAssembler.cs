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
    private readonly HashSet<string> _auxiliary = new(StringComparer.Ordinal);
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
        foreach (var claim in claims.OrderBy(Turn))
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
            Auxiliary = [.. tensors.Where(tensor => assembler._auxiliary.Contains(tensor.Name))],
            NotUnderstood = [.. tensors.Where(tensor => !assembler._placed.Contains(tensor.Name) && !assembler._auxiliary.Contains(tensor.Name))],
            Findings = assembler._findings,
        };
    }

    // A fused tensor is split by the rows of its partner, a bias like its matrix: whole matrices first, biases last.
    private static int Turn(Claim claim) => claim switch
    {
        { IsBias: true } => 3,
        { Pattern.Layout: Layout.LatentKeyValue } => 2,
        { Pattern.Joined: true } => 1,
        { Pattern.Layout: Layout.Reads or Layout.Writes or Layout.WidthVector or Layout.OtherVector } => 0,
        _ => 1,
    };

    private void Place(Claim claim)
    {
        var layer = claim.Layer < 0 ? -1 : _layers[claim.Layer];
        if (claim.Pattern.Layout == Layout.NoRole)
        {
            _auxiliary.Add(claim.Tensor.Name);
            return;
        }

        var placed = claim switch
        {
            _ when claim.Tensor.Count == 0 || !claim.Tensor.Type.IsFloating() => false,
            { IsBias: true } => PlaceBias(claim, layer),
            { Pattern.Layout: Layout.WidthVector } => claim.Tensor.Count == _width && Add(new Role(claim.Pattern.Part, layer), Vector(claim.Tensor)),
            { Pattern.Layout: Layout.OtherVector } => claim.Tensor.Count <= int.MaxValue && Add(new Role(claim.Pattern.Part, layer), Vector(claim.Tensor)),
            { Pattern.Layout: Layout.ReadsLatent or Layout.LatentKeyValue, Tensor.Shape.Length: 2 } => PlaceMatrix(claim, layer),
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
        var experts = claim.Pattern.Stacked ? (int)shape[0]
            : claim.Pattern.Joined ? _views.GetValueOrDefault(new Role(Part.Router, layer))?.Rows ?? 0
            : 1;
        if (experts == 0 || (claim.Pattern.Joined && rows % experts != 0))
        {
            return false;
        }

        rows = claim.Pattern.Joined ? rows / experts : rows;
        for (var expert = 0; expert < experts; expert++)
        {
            var of = claim.Pattern.Stacked || claim.Pattern.Joined ? expert : claim.Expert;
            var stored = new TensorView(claim.Tensor, rows, columns, (long)expert * rows * columns, columns, 1);
            var view = claim.Pattern.Layout is not (Layout.ReadsLatent or Layout.LatentKeyValue) && _orientation.IsTransposed(claim) ? stored.Transposed() : stored;
            var parts = FusedRows.Split(claim.Pattern.Layout, claim.Pattern.Part, view, part => _views.GetValueOrDefault(new Role(part, layer, of)));
            if (parts.Count == 0)
            {
                return false;
            }

            foreach (var (part, piece) in parts)
            {
                if (!Add(new Role(part, layer, of), piece))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool PlaceBias(Claim claim, int layer)
    {
        var experts = claim.Pattern.Stacked ? claim.Tensor.Shape[0] : 1;
        if (experts is < 1 or > MostExperts || claim.Tensor.Count % experts != 0 || claim.Tensor.Count / experts > int.MaxValue
            || (claim.Pattern.Stacked && claim.Tensor.Shape.Length != 2))
        {
            return false;
        }

        var length = (int)(claim.Tensor.Count / experts);
        for (var expert = 0; expert < experts; expert++)
        {
            var of = claim.Pattern.Stacked ? expert : claim.Expert;
            var whole = new TensorView(claim.Tensor, 1, length, (long)expert * length, length, 1);
            var parts = claim.Pattern.Layout is Layout.Reads or Layout.Writes or Layout.WidthVector or Layout.OtherVector or Layout.ReadsLatent
                ? [(claim.Pattern.Part, whole)]
                : FusedRows.Split(claim.Pattern.Layout, claim.Pattern.Part, whole.Transposed(), part => _views.GetValueOrDefault(new Role(part, layer, of)))
                    .Select(part => (part.Part, View: part.View.Transposed())).ToArray();
            if (parts.Length == 0 || parts.Any(part => OutputsOf(claim, new Role(part.Item1, layer, of)) != part.Item2.Columns))
            {
                return false;
            }

            foreach (var (part, view) in parts)
            {
                if (!Add(new Role(Part.Bias, layer, of, part), view))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private int OutputsOf(Claim claim, Role weight) =>
        !_views.TryGetValue(weight, out var view) ? 0
        : claim.Pattern.Layout is Layout.WidthVector or Layout.OtherVector ? view.Columns
        : view.Rows;

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
