using Pedigree.Anatomy;
using Pedigree.Numerics;

namespace Pedigree.Units;

/// <summary>Dimensions of the compressed query and of the compressed key and value (latent attention, MLA) as units.</summary>
/// <remarks>Dimension i is a row of the down-projection, a gain, and a column of the up-projection. Permuting all three changes nothing, and a random start draws
/// the rows alike, so their order is exchangeable. A norm stands between the projections: once its gains are folded into the up-projection any rotation of the
/// dimensions is free as well, so this test finds models that kept the basis, like the tests on neurons and residual dimensions as stored.</remarks>
internal static class LatentUnits
{
    private const ulong SeatStream = 0x6c6174656e74;
    private const ulong RowStream = 0x6c6174757001;

    // Rows of the up-projection read; a column then has as many values. With fewer than eight a view is noise, and the bytes are better spent on rows.
    private const int MostUpRows = 128;
    private const int FewestUpRows = 8;

    /// <summary>A group that will be read.</summary>
    /// <param name="Layer">Layer, the same index in both models.</param>
    /// <param name="Down">The down-projection.</param>
    /// <param name="Up">The up-projection.</param>
    /// <param name="Seats">Seats that will be read.</param>
    /// <param name="UpRows">Rows of the up-projection that will be read at those seats.</param>
    public sealed record Plan(int Layer, Part Down, Part Up, int[] Seats, int UpRows);

    /// <summary>Plans what to read of both models; empty where they have no such dimensions in common.</summary>
    public static IReadOnlyList<Plan> Choose(ModelReader suspect, ModelReader reference, ReadingPlan plan)
    {
        var found = new List<(int Layer, Part Down, Part Up, int Seats, long RowBytes, long UpBytes)>();
        for (var layer = 0; layer < Math.Min(suspect.Anatomy.Layers, reference.Anatomy.Layers); layer++)
        {
            foreach (var (down, up) in new[] { (Part.LatentQuery, Part.QueryFromLatent), (Part.LatentKeyValue, Part.KeyFromLatent) })
            {
                if (suspect.Find(new Role(down, layer)) is { } one && reference.Find(new Role(down, layer)) is { } two
                    && one.Rows == two.Rows && one.Columns == two.Columns && one.Rows > 1)
                {
                    var latent = new Role(up, layer);
                    found.Add((layer, down, up, one.Rows, Math.Max(ReadingPlan.RowBytes(one), ReadingPlan.RowBytes(two)), Math.Max(UpBytes(suspect, latent), UpBytes(reference, latent))));
                }
            }
        }

        if (found.Count == 0)
        {
            return [];
        }

        // The heads have half of the budget of attention; of the rest, down-projections have three quarters.
        var bytes = plan.AttentionBytes / 8 * 3;
        var most = found.Max(group => group.Seats);
        var seats = ReadingPlan.Fit(bytes, found.Sum(group => group.RowBytes), most);
        if (seats < Math.Min(most, ReadingPlan.FewestSeats))
        {
            var keep = ReadingPlan.Fit(bytes, ReadingPlan.FewestSeats * found.Max(group => group.RowBytes), found.Count);
            found = [.. Enumerable.Range(0, keep).Select(i => found[(int)((i + 0.5) * found.Count / keep)])];
            seats = ReadingPlan.FewestSeats;
        }

        var upRows = ReadingPlan.Fit(bytes / 3, found.Sum(group => group.UpBytes), MostUpRows);
        return [.. found.Select(group => new Plan(
            group.Layer, group.Down, group.Up,
            SeatSample.Draw(group.Seats, Math.Min(group.Seats, Math.Min(seats, UnitGroup.LargestBlock)), plan.Seed, SeatStream),
            upRows < FewestUpRows ? 0 : upRows))];
    }

    private static long UpBytes(ModelReader model, Role up) => model.Find(up) is { } view ? ReadingPlan.RowBytes(view) : 0;

    /// <summary>Reads one planned group.</summary>
    public static UnitGroup Read(ModelReader suspect, ModelReader reference, Plan plan, ulong seed)
    {
        var one = suspect.Find(new Role(plan.Down, plan.Layer))!;
        var views = new List<UnitView>
        {
            new("down-projection", one.Columns, suspect.Rows(one, plan.Seats), reference.Rows(reference.Find(new Role(plan.Down, plan.Layer))!, plan.Seats), SignFree: true),
        };
        var up = new Role(plan.Up, plan.Layer);
        if (plan.UpRows > 0 && suspect.Find(up) is { } suspectUp && reference.Find(up) is { } referenceUp && suspectUp.Rows == referenceUp.Rows && suspectUp.Columns == referenceUp.Columns)
        {
            int[] rows = [.. new CounterRandom(seed, RowStream).Permutation(suspectUp.Rows).Take(plan.UpRows).Order()];
            views.Add(new UnitView("up-projection", rows.Length, suspect.Columns(suspectUp, rows, plan.Seats), reference.Columns(referenceUp, rows, plan.Seats), SignFree: true));
        }

        return new UnitGroup(
            plan.Layer, plan.Layer, Role.Dense, one.Rows, plan.Seats, views, StandardiseColumns: true, Block: plan.Down == Part.LatentQuery ? 0 : 1);
    }
}
