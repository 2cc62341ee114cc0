using Pedigree.Anatomy;

namespace Pedigree.Units;

/// <summary>Routed experts as units, told apart by their router rows. A constant added to all rows changes nothing (softmax, methods S10), so columns are centred.</summary>
internal static class ExpertUnits
{
    /// <summary>Layers in which both models route over as many experts.</summary>
    public static IReadOnlyList<int> Layers(ModelReader suspect, ModelReader reference, ReadingPlan plan)
    {
        var layers = new List<int>();
        long bytes = 0;
        for (var layer = 0; layer < Math.Min(suspect.Anatomy.Layers, reference.Anatomy.Layers); layer++)
        {
            var role = new Role(Part.Router, layer);
            if (suspect.Find(role) is { } one && reference.Find(role) is { } two && one.Rows == two.Rows && one.Columns == two.Columns && one.Rows > 1)
            {
                layers.Add(layer);
                bytes += one.Rows * Math.Max(ReadingPlan.RowBytes(one), ReadingPlan.RowBytes(two));
            }
        }

        if (layers.Count == 0 || bytes <= plan.RouterBytes)
        {
            return layers;
        }

        var keep = ReadingPlan.Fit(plan.RouterBytes, bytes / layers.Count, layers.Count);
        return [.. Enumerable.Range(0, keep).Select(i => layers[(int)((i + 0.5) * layers.Count / keep)])];
    }

    /// <summary>The experts of one layer.</summary>
    public static UnitGroup Read(ModelReader suspect, ModelReader reference, int layer)
    {
        var role = new Role(Part.Router, layer);
        var one = suspect.Find(role)!;
        int[] seats = [.. Enumerable.Range(0, one.Rows)];
        var view = new UnitView("router", one.Columns, suspect.Rows(one, seats), reference.Rows(reference.Find(role)!, seats));
        return new UnitGroup(layer, layer, Role.Dense, seats.Length, seats, [view], StandardiseColumns: true);
    }
}
