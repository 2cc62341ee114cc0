using Pedigree.Anatomy;
using Pedigree.Numerics;

namespace Pedigree.Units;

/// <summary>Residual dimensions as units: one group for the whole model. A dimension is described by its column in rows that read the stream, either
/// embedding rows of shared tokens or rows of the layers' matrices.</summary>
internal static class ResidualUnits
{
    private const ulong SeatStream = 0x7265736964;
    private const ulong TokenStream = 0x746f6b656e;
    private const int MostTokens = 1024;
    private const int MostDimensions = 1024;
    private const int MostRows = 4096;

    /// <summary>Dimensions described by the embeddings of tokens that both models have.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="join">Ids of shared tokens in either model; null to assume equal ids.</param>
    /// <param name="plan">Budget and seed.</param>
    /// <returns>The group, or null when there is no embedding or the widths differ.</returns>
    public static UnitGroup? FromEmbedding(ModelReader suspect, ModelReader reference, (int[] Suspect, int[] Reference)? join, ReadingPlan plan)
    {
        if (suspect.Find(new Role(Part.Embedding)) is not { } one || reference.Find(new Role(Part.Embedding)) is not { } two || one.Columns != two.Columns)
        {
            return null;
        }

        var shared = join?.Suspect.Length ?? Math.Min(one.Rows, two.Rows);
        var tokens = Math.Min(ReadingPlan.Fit(plan.EmbeddingBytes, Math.Max(ReadingPlan.RowBytes(one), ReadingPlan.RowBytes(two)), Math.Max(1, shared)), plan.Full ? MostRows : MostTokens);
        if (shared < 2)
        {
            return null;
        }

        var drawn = SeatSample.Draw(shared, tokens, plan.Seed, TokenStream);
        int[] suspectIds = join is { } a ? [.. drawn.Select(i => a.Suspect[i])] : drawn;
        int[] referenceIds = join is { } b ? [.. drawn.Select(i => b.Reference[i])] : drawn;
        var seats = Seats(one.Columns, plan);
        return new UnitGroup(
            -1, -1, 0, one.Columns, seats,
            [new UnitView("embedding", drawn.Length, Transposed(suspect.Rows(one, suspectIds), one.Columns, seats), Transposed(reference.Rows(two, referenceIds), one.Columns, seats))],
            StandardiseColumns: true)
        {
            // Tokens that are joined by their text stand where they stand; ids alone can be dealt anew.
            Allowance = join is null ? RowCeiling(Math.Min(one.Rows, two.Rows), one.Columns) : 0,
        };
    }

    /// <summary>Dimensions described by rows of the layers' query, key, value, gate and up projections at equal seats.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="plan">Budget and seed.</param>
    /// <param name="threads">Threads to use.</param>
    /// <returns>The group, or null when no such matrices are comparable.</returns>
    public static UnitGroup? FromLayers(ModelReader suspect, ModelReader reference, ReadingPlan plan, int threads)
    {
        var width = reference.Anatomy.Width;
        if (width == 0 || suspect.Anatomy.Width != width)
        {
            return null;
        }

        var roles = reference.Anatomy.Views.Keys
            .Where(role => role.Part is Part.Query or Part.Key or Part.Value or Part.QueryKeyValue or Part.LatentQuery or Part.LatentKeyValue or Part.Gate or Part.Up
                && role.Expert is Role.Dense or Role.Shared)
            .Where(role => reference.Find(role)!.Columns == width && suspect.Find(role) is { } view && view.Columns == width && view.Rows == reference.Find(role)!.Rows)
            .Order().ToArray();
        if (roles.Length == 0)
        {
            return null;
        }

        var rowBytes = roles.Sum(role => Math.Max(ReadingPlan.RowBytes(suspect.Find(role)!), ReadingPlan.RowBytes(reference.Find(role)!)));
        var rows = Math.Max(1, Math.Min(ReadingPlan.Fit(plan.ResidualBytes, rowBytes, MostRows), MostRows / roles.Length));
        var seats = Seats(width, plan);
        int[][] drawn = [.. roles.Select(Drawn)];
        var (suspectRows, referenceRows) = (new float[roles.Length][], new float[roles.Length][]);
        Parallel.For(0, roles.Length, SharedThreads.Options(threads), i =>
        {
            suspectRows[i] = Block(suspect, i);
            referenceRows[i] = Block(reference, i);
        });
        var length = drawn.Sum(block => block.Length);

        int[] Drawn(Role role)
        {
            var total = suspect.Find(role)!.Rows;
            var first = total <= rows ? 0 : new CounterRandom(plan.Seed, CounterRandom.Mix(SeatStream, (ulong)role.Part)).NextInt(total - rows + 1);
            return [.. Enumerable.Range(first, Math.Min(rows, total))];
        }

        // Each matrix is brought to columns of unit length by itself, so that gains folded into some layers weigh nothing.
        float[] Block(ModelReader model, int i)
        {
            var block = Transposed(model.Rows(model.Find(roles[i])!, drawn[i]), width, seats);
            Standardisation.Columns(block, seats.Length, drawn[i].Length, centre: true);
            Standardisation.Rows(block, seats.Length, drawn[i].Length, new double[seats.Length]);
            return block;
        }

        return new UnitGroup(
            -1, -1, 1, width, seats, [new UnitView("layers", length, Joined(suspectRows, seats.Length, length), Joined(referenceRows, seats.Length, length))],
            StandardiseColumns: false)
        {
            Allowance = roles.Average(role => RowCeiling(reference.Find(role)!.Rows, width)),
        };
    }

    // Rows that were reordered to match agree at most at the mean maximum of n unrelated rows, about sqrt(2 ln n / d). Their products are the products of the
    // columns as well, so the columns then agree as much on average, whichever order the dimensions have.
    private static double RowCeiling(int rows, int width) => Math.Sqrt(2 * Math.Log(Math.Max(2, rows)) / width);

    private static int[] Seats(int width, ReadingPlan plan) => SeatSample.Draw(width, Math.Min(width, MostDimensions), plan.Seed, SeatStream);

    private static float[] Transposed(float[] rows, int columns, int[] seats)
    {
        var count = rows.Length / columns;
        var result = new float[seats.Length * count];
        for (var s = 0; s < seats.Length; s++)
        {
            for (var r = 0; r < count; r++)
            {
                result[(s * count) + r] = rows[(r * columns) + seats[s]];
            }
        }

        return result;
    }

    private static float[] Joined(float[][] blocks, int seats, int length)
    {
        var result = new float[seats * length];
        var at = 0;
        foreach (var block in blocks)
        {
            var own = block.Length / seats;
            for (var s = 0; s < seats; s++)
            {
                block.AsSpan(s * own, own).CopyTo(result.AsSpan((s * length) + at, own));
            }

            at += own;
        }

        return result;
    }
}
