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
            suspectLengths[v] = Prepare(view.Suspect, seats, view.Length, group.StandardiseColumns, usable);
            referenceLengths[v] = Prepare(view.Reference, seats, view.Length, group.StandardiseColumns, usable);
        }

        var empty = usable.Count(ok => !ok);
        var copies = UnitCopies.Strike(suspect, group, usable, CopyCosine) + UnitCopies.Strike(reference, group, usable, CopyCosine);
        int[] valid = [.. Enumerable.Range(0, seats).Where(i => usable[i])];
        return new StandardUnits(group, suspect, reference, suspectLengths, referenceLengths, valid, copies, empty);
    }

    private static double[] Prepare(float[] rows, int seats, int length, bool columns, bool[] usable)
    {
        var raw = Standardisation.Lengths(rows, seats, length);
        if (columns)
        {
            Standardisation.Columns(rows, seats, length, centre: true);
        }

        var lengths = new double[seats];
        Standardisation.Rows(rows, seats, length, lengths);
        for (var i = 0; i < seats; i++)
        {
            // A zero row becomes the negative column mean after centring: judge it by its length as stored.
            usable[i] &= raw[i] > 0 && !double.IsNaN(lengths[i]);
        }

        return raw;
    }
}
