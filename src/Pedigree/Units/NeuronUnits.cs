using Pedigree.Anatomy;
using Pedigree.Numerics;

namespace Pedigree.Units;

/// <summary>MLP neurons as units: gate and up rows at sampled seats, and down columns at sampled residual coordinates.</summary>
internal static class NeuronUnits
{
    private const ulong SeatStream = 0x6e6575726f6e;
    private const ulong CoordinateStream = 0x646f776e;

    // Seats of a block that lie next to each other.
    private const int Stretch = 8 * SeatSample.Run;

    // Fewer coordinates than this give a view whose cosine is noise; the bytes are better spent on rows.
    private const int FewestCoordinates = 8;

    /// <summary>A group that will be read.</summary>
    /// <param name="Layer">Layer, the same index in both models.</param>
    /// <param name="Expert">Expert, as in <see cref="Role.Expert"/>.</param>
    /// <param name="TotalSeats">Neurons in both models.</param>
    /// <param name="Seats">Seats that will be read.</param>
    /// <param name="Block">Number of the block among the blocks of one MLP.</param>
    /// <param name="Coordinates">Residual coordinates at which down is read; empty for none.</param>
    public sealed record Plan(int Layer, int Expert, int TotalSeats, int[] Seats, int Block, int[] Coordinates);

    /// <summary>Plans what to read of both models.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="plan">Budget and seed.</param>
    /// <param name="note">Receives why nothing can be compared; empty otherwise.</param>
    public static IReadOnlyList<Plan> Choose(ModelReader suspect, ModelReader reference, ReadingPlan plan, out string note)
    {
        note = "";
        var layers = Math.Min(suspect.Anatomy.Layers, reference.Anatomy.Layers);
        var mlps = new List<(int Layer, int Expert, int Seats)>();
        for (var layer = 0; layer < layers; layer++)
        {
            mlps.AddRange(Comparable(suspect, reference, layer, plan.Seed).Select(mlp => (layer, mlp.Expert, mlp.Seats)));
        }

        if (mlps.Count == 0)
        {
            note = suspect.Anatomy.Width != reference.Anatomy.Width
                ? $"the residual streams differ in width ({suspect.Anatomy.Width} and {reference.Anatomy.Width}), so rows cannot be compared before alignment"
                : "no layer has an MLP of the same kind at the same index in both models";
            return [];
        }

        long bytesPerSeat = 0, downPerCoordinate = 0;
        foreach (var (layer, expert, _) in mlps)
        {
            bytesPerSeat += Math.Max(SeatBytes(suspect, layer, expert), SeatBytes(reference, layer, expert));
            downPerCoordinate += Math.Max(DownBytes(suspect, layer, expert), DownBytes(reference, layer, expert));
        }

        var most = mlps.Max(mlp => mlp.Seats);
        var seats = ReadingPlan.Fit(plan.NeuronBytes, bytesPerSeat, most);
        if (seats < Math.Min(most, ReadingPlan.FewestSeats))
        {
            // Too deep for the budget: whole layers are left out, evenly spread.
            var keep = Math.Max(1, (int)(mlps.Count * (double)seats / ReadingPlan.FewestSeats));
            mlps = [.. Enumerable.Range(0, keep).Select(i => mlps[(int)((i + 0.5) * mlps.Count / keep)])];
            downPerCoordinate = downPerCoordinate * keep / Math.Max(keep, layers);
            seats = ReadingPlan.FewestSeats;
        }
        else if (seats < most)
        {
            seats = Math.Max(SeatSample.Run, seats / SeatSample.Run * SeatSample.Run);
        }

        var width = reference.Anatomy.Width;
        var wanted = ReadingPlan.Fit(plan.DownBytes, Math.Max(1, downPerCoordinate), width);
        var coordinates = wanted >= width ? [.. Enumerable.Range(0, width)]
            : wanted < FewestCoordinates ? []
            : Coordinates(width, wanted, plan.Seed);
        return [.. mlps.SelectMany(mlp => Blocks(mlp.Layer, mlp.Expert, mlp.Seats, seats, coordinates, plan.Seed))];
    }

    /// <summary>Reads one planned group.</summary>
    public static UnitGroup Read(ModelReader suspect, ModelReader reference, Plan plan)
    {
        var gated = suspect.Find(new Role(Part.Gate, plan.Layer, plan.Expert)) is not null && reference.Find(new Role(Part.Gate, plan.Layer, plan.Expert)) is not null;
        var views = new List<UnitView>(3);
        foreach (var part in gated ? new[] { Part.Gate, Part.Up } : [Part.Up])
        {
            var role = new Role(part, plan.Layer, plan.Expert);
            var one = suspect.Find(role)!;
            views.Add(new UnitView(Name(part), one.Columns, suspect.Rows(one, plan.Seats), reference.Rows(reference.Find(role)!, plan.Seats), gated && part == Part.Up));
        }

        var down = new Role(Part.Down, plan.Layer, plan.Expert);
        if (plan.Coordinates.Length > 0 && suspect.Find(down) is { } suspectDown && reference.Find(down) is { } referenceDown)
        {
            views.Add(new UnitView(
                "down", plan.Coordinates.Length, suspect.Columns(suspectDown, plan.Coordinates, plan.Seats), reference.Columns(referenceDown, plan.Coordinates, plan.Seats), gated));
        }

        return new UnitGroup(plan.Layer, plan.Layer, plan.Expert, plan.TotalSeats, plan.Seats, views, StandardiseColumns: true, plan.Block);
    }

    // One dense MLP, the shared expert, or a routed expert drawn by seed: with hundreds of experts a few are enough.
    private static IEnumerable<(int Expert, int Seats)> Comparable(ModelReader suspect, ModelReader reference, int layer, ulong seed)
    {
        int Common(int expert)
        {
            var role = new Role(Part.Up, layer, expert);
            return suspect.Find(role) is { } one && reference.Find(role) is { } two && one.Columns == two.Columns ? Math.Min(one.Rows, two.Rows) : 0;
        }

        foreach (var expert in new[] { Role.Dense, Role.Shared })
        {
            if (Common(expert) is > 1 and var seats)
            {
                yield return (expert, seats);
            }
        }

        var experts = Math.Min(suspect.Anatomy.Experts, reference.Anatomy.Experts);
        if (experts > 0)
        {
            var drawn = new CounterRandom(seed, CounterRandom.Mix(0x657870657274, (ulong)layer)).NextInt(experts);
            if (Common(drawn) is > 1 and var seats)
            {
                yield return (drawn, seats);
            }
        }
    }

    private static IEnumerable<Plan> Blocks(int layer, int expert, int total, int wanted, int[] coordinates, ulong seed)
    {
        var seats = SeatSample.Draw(total, Math.Min(total, wanted), seed, SeatStream);
        const int largest = UnitGroup.LargestBlock;
        var blocks = (seats.Length + largest - 1) / largest;
        for (var block = 0; block < blocks; block++)
        {
            // Every blocks-th stretch, so that no block is one end of the model and columns are still read in stretches.
            int[] own = blocks == 1 ? seats : [.. seats.Where((_, i) => i / Stretch % blocks == block)];
            yield return new Plan(layer, expert, total, own, block, coordinates);
        }
    }

    private static int[] Coordinates(int width, int wanted, ulong seed)
    {
        var chosen = new CounterRandom(seed, CoordinateStream).Permutation(width).AsSpan(0, wanted).ToArray();
        Array.Sort(chosen);
        return chosen;
    }

    private static long SeatBytes(ModelReader model, int layer, int expert) =>
        (model.Find(new Role(Part.Gate, layer, expert)) is { } gate ? ReadingPlan.RowBytes(gate) : 0)
        + (model.Find(new Role(Part.Up, layer, expert)) is { } up ? ReadingPlan.RowBytes(up) : 0);

    private static long DownBytes(ModelReader model, int layer, int expert) =>
        model.Find(new Role(Part.Down, layer, expert)) is { } down ? ReadingPlan.RowBytes(down) : 0;

    private static string Name(Part part) => part == Part.Gate ? "gate" : "up";
}
