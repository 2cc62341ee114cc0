using Pedigree.Units;

namespace Pedigree.Evidence.Exact;

/// <summary>A group in standard form: rows of unit length, and which seats may take part.</summary>
internal sealed class StandardUnits
{
    // Two units of one model with more than half of their squared length in common count as one unit and a copy.
    private const double CopyCosine = 0.70710678;

    private StandardUnits(UnitGroup group, float[][] suspect, float[][] reference, double[][] suspectLengths, double[][] referenceLengths, int[] valid, int copies, int empty)
    {
        Group = group;
        Suspect = suspect;
        Reference = reference;
        SuspectLengths = suspectLengths;
        ReferenceLengths = referenceLengths;
        Valid = valid;
        Copies = copies;
        Empty = empty;
        // A view's cosine has variance 1/length under the null: weights by length give the mean of smallest variance.
        double total = group.Views.Sum(view => view.Length);
        Weights = [.. group.Views.Select(view => view.Length / total)];
    }

    /// <summary>The group.</summary>
    public UnitGroup Group { get; }

    /// <summary>Rows of unit length, one array a view.</summary>
    public float[][] Suspect { get; }

    /// <summary>Rows of unit length, one array a view.</summary>
    public float[][] Reference { get; }

    /// <summary>Lengths of the rows as stored, one array a view.</summary>
    public double[][] SuspectLengths { get; }

    /// <summary>Lengths of the rows as stored, one array a view.</summary>
    public double[][] ReferenceLengths { get; }

    /// <summary>Positions in the seats that may take part.</summary>
    public int[] Valid { get; }

    /// <summary>Seats left out as copies of another unit of the same model.</summary>
    public int Copies { get; }

    /// <summary>Seats left out because a row is zero or not finite in either model.</summary>
    public int Empty { get; }

    /// <summary>Weights of the views; they sum to 1.</summary>
    public double[] Weights { get; }

    /// <summary>Standardises a group; its arrays are changed in place.</summary>
    public static StandardUnits From(UnitGroup group)
    {
        var seats = group.Seats.Length;
        var suspect = new float[group.Views.Count][];
        var reference = new float[group.Views.Count][];
        var suspectLengths = new double[group.Views.Count][];
        var referenceLengths = new double[group.Views.Count][];
        var usable = Enumerable.Repeat(element: true, seats).ToArray();
        for (var v = 0; v < group.Views.Count; v++)
        {
            var view = group.Views[v];
            suspect[v] = view.Suspect;
            reference[v] = view.Reference;
            // A zero row becomes the negative column mean after centring: judge it by its length as stored.
            suspectLengths[v] = Measure(view.Suspect, seats, view.Length, usable);
            referenceLengths[v] = Measure(view.Reference, seats, view.Length, usable);
        }

        Standardise(suspect, group, usable);
        Standardise(reference, group, usable);
        var empty = usable.Count(ok => !ok);
        var copies = UnitCopies.Strike(suspect, group, usable, CopyCosine) + UnitCopies.Strike(reference, group, usable, CopyCosine);
        if (copies > 0)
        {
            Standardise(suspect, group, usable);
            Standardise(reference, group, usable);
        }

        int[] valid = [.. Enumerable.Range(0, seats).Where(i => usable[i])];
        return new StandardUnits(group, suspect, reference, suspectLengths, referenceLengths, valid, copies, empty);
    }

    /// <summary>The rows at the given positions; the rows themselves, without a copy, where the positions are all from the first on.</summary>
    /// <param name="rows">Rows of <paramref name="length"/> values.</param>
    /// <param name="length">Values in a row.</param>
    /// <param name="positions">Ascending positions.</param>
    public static ReadOnlySpan<float> Gather(float[] rows, int length, ReadOnlySpan<int> positions)
    {
        if (positions.Length == 0 || positions[^1] == positions.Length - 1)
        {
            return rows.AsSpan(0, positions.Length * length);
        }

        var gathered = new float[checked(positions.Length * length)];
        for (var i = 0; i < positions.Length; i++)
        {
            rows.AsSpan(positions[i] * length, length).CopyTo(gathered.AsSpan(i * length, length));
        }

        return gathered;
    }

    private static double[] Measure(float[] rows, int seats, int length, bool[] usable)
    {
        var lengths = Standardisation.Lengths(rows, seats, length);
        for (var i = 0; i < seats; i++)
        {
            usable[i] &= lengths[i] > 0;
        }

        return lengths;
    }

    private static void Standardise(float[][] rows, UnitGroup group, bool[] usable)
    {
        var lengths = new double[usable.Length];
        for (var v = 0; v < rows.Length; v++)
        {
            if (group.StandardiseColumns)
            {
                Standardisation.Columns(rows[v], usable.Length, group.Views[v].Length, centre: true, usable);
            }

            Standardisation.Rows(rows[v], usable.Length, group.Views[v].Length, lengths);
            for (var i = 0; i < lengths.Length; i++)
            {
                usable[i] &= !double.IsNaN(lengths[i]);
            }
        }
    }
}
