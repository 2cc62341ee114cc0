using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Units;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Rows of one projection at the same seats of both models, with the norm gain before it multiplied in: what is left is free of the gains, and a rotation of the
/// residual basis multiplies it by an orthogonal matrix, which inner products and singular values do not see.</summary>
/// <param name="Role">The projection.</param>
/// <param name="Seats">Seats that were read.</param>
/// <param name="Whole">Whether these are all rows.</param>
/// <param name="ReferenceColumns">Columns of the reference.</param>
/// <param name="SuspectColumns">Columns of the suspect.</param>
/// <param name="Reference">Seats × columns of the reference.</param>
/// <param name="Suspect">Seats × columns of the suspect.</param>
/// <param name="BytesRead">Bytes read for it from both models.</param>
internal sealed record FoldedRows(
    Role Role, int[] Seats, bool Whole, int ReferenceColumns, int SuspectColumns, float[] Reference, float[] Suspect, long BytesRead)
{
    // A few layers tell what all would, and four give twelve pairs of different layers to read them against.
    private const int MostLayers = 4;

    /// <summary>Most units of a kernel and most singular values: more would take longer than everything else.</summary>
    public const int LargestSide = 128;

    // All rows of a narrow matrix still have few singular values.
    private const int MostWhole = 4096;

    /// <summary>Widest row that is compared: no known residual stream comes near it, and inner products of wider ones would take minutes.</summary>
    public const int WidestRow = 1 << 16;

    // Fewer rows say nothing about a spectrum.
    private const int Fewest = 16;

    private const ulong Stream = 0x666f6c646564;

    /// <summary>Whether the rows are neurons: the input of an MLP.</summary>
    public bool Neurons => Role.Part is Part.Gate or Part.Up;

    /// <summary>Reads the gate (or the up projection where there is no gate) of up to four layers, then query, key and value as far as the bytes reach. Compared are layers of
    /// the same number, of experts the first where there is no dense MLP.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="suspect">The suspect.</param>
    /// <param name="budgetBytes">Bytes that may be read from each model.</param>
    /// <param name="seed">Seed of the choice of seats.</param>
    public static IReadOnlyList<FoldedRows> Read(DescribedModel reference, DescribedModel suspect, long budgetBytes, ulong seed)
    {
        var read = new List<FoldedRows>();
        var left = budgetBytes;
        foreach (var part in (Part?[])[Neuron(reference, suspect), Part.Query, Part.Key, Part.Value])
        {
            var roles = part is { } known ? Roles(reference, suspect, known) : [];
            if (roles.Count == 0)
            {
                continue;
            }

            var each = roles.Sum(role => Math.Max(RowBytes(reference, role), RowBytes(suspect, role)));
            var rows = roles.Max(role => reference.Anatomy.Find(role)!.Rows);
            var afford = (int)Math.Min(int.MaxValue, left / each);
            var columns = roles.Max(role => Math.Max(reference.Anatomy.Find(role)!.Columns, suspect.Anatomy.Find(role)!.Columns));
            var whole = afford >= rows && rows <= (columns <= LargestSide ? MostWhole : LargestSide);
            if (!whole && afford < Fewest)
            {
                break;
            }

            var wanted = whole ? rows : Math.Min(LargestSide, afford / SeatSample.Run * SeatSample.Run);
            left -= Math.Min(rows, wanted) * each;
            read.AddRange(roles.Select(role => Read(reference, suspect, role, wanted, seed)).OfType<FoldedRows>());
        }

        return read;
    }

    private static Part? Neuron(DescribedModel reference, DescribedModel suspect)
    {
        bool Has(Part part) => reference.Anatomy.Views.Keys.Any(role => role.Part == part) && suspect.Anatomy.Views.Keys.Any(role => role.Part == part);
        return Has(Part.Gate) ? Part.Gate : Has(Part.Up) ? Part.Up : null;
    }

    private static List<Role> Roles(DescribedModel reference, DescribedModel suspect, Part part)
    {
        var layers = Enumerable.Range(0, Math.Min(reference.Anatomy.Layers, suspect.Anatomy.Layers))
            .Select(layer => new[] { Role.Dense, Role.Shared, 0 }.Select(expert => new Role(part, layer, expert)).FirstOrDefault(role => Comparable(reference, suspect, role), new Role(part)))
            .Where(role => role.Layer >= 0)
            .ToArray();
        return layers.Length <= MostLayers ? [.. layers] : [.. Enumerable.Range(0, MostLayers).Select(index => layers[((2 * index) + 1) * layers.Length / (2 * MostLayers)])];
    }

    private static bool Comparable(DescribedModel reference, DescribedModel suspect, Role role) =>
        reference.Anatomy.Find(role) is { } one && suspect.Anatomy.Find(role) is { } two && RowRuns.IsReadable(one) && RowRuns.IsReadable(two)
        && Math.Max(one.Columns, two.Columns) <= WidestRow && one.Rows == two.Rows && one.Rows >= Fewest;

    private static long RowBytes(DescribedModel model, Role role) => model.Anatomy.Find(role)!.Columns * (long)model.Anatomy.Find(role)!.Tensor.Type.Size();

    private static FoldedRows? Read(DescribedModel reference, DescribedModel suspect, Role role, int wanted, ulong seed)
    {
        var (one, two) = (reference.Anatomy.Find(role)!, suspect.Anatomy.Find(role)!);
        var seats = SeatSample.Draw(one.Rows, Math.Min(one.Rows, wanted), seed, Stream);
        var (first, second) = (Folded(reference, role, one, seats), Folded(suspect, role, two, seats));
        return Array.TrueForAll(first, float.IsFinite) && Array.TrueForAll(second, float.IsFinite)
            ? new FoldedRows(role, seats, seats.Length == one.Rows, one.Columns, two.Columns, first, second, seats.Length * (RowBytes(reference, role) + RowBytes(suspect, role)))
            : null;
    }

    private static float[] Folded(DescribedModel model, Role role, TensorView view, int[] seats)
    {
        var values = new float[checked(seats.Length * view.Columns)];
        foreach (var (first, count, at) in SeatSample.Runs(seats))
        {
            model.Reader.ReadRows(view, first, count, values.AsSpan(at * view.Columns, count * view.Columns));
        }

        if (Gain(model, role) is { } gain && gain.Length == view.Columns)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] *= gain[i % gain.Length];
            }
        }

        return values;
    }

    // The norm in front of the projection; the one before attention also feeds the MLP where both stand side by side.
    private static float[]? Gain(DescribedModel model, Role role)
    {
        var attention = model.Vectors.Find(model, new Role(Part.AttentionNorm, role.Layer));
        var stored = role.Part.IsAttention() ? attention
            : model.Vectors.Find(model, new Role(Part.MlpNorm, role.Layer)) ?? (model.Anatomy.Find(new Role(Part.AttentionOutputNorm, role.Layer)) is null ? attention : null);
        return stored is null ? null
            : ConstantStartVectors.StartOfGains(model.Anatomy.Family, [stored]) == 0 ? [.. stored.Select(value => 1 + value)] : stored;
    }
}
