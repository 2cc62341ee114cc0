using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Evidence.Exact;

/// <summary>An order test with everything that was checked on the way, or the reason why it did not run.</summary>
internal sealed record OrderTestRun
{
    /// <summary>Stable identifier of the test.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the units, plural.</summary>
    public required string Units { get; init; }

    /// <summary>The test; null when it did not run.</summary>
    public OrderTest? Test { get; init; }

    /// <summary>Why it did not run, or what was left out; may be empty.</summary>
    public string Note { get; init; } = "";

    /// <summary>Whether the order of both models' units is structured, so that the test must not be used.</summary>
    public bool OrderStructured { get; init; }

    /// <summary>Whether the order of either model's units is structured: its start may have been no random draw.</summary>
    public bool StructureSeen { get; init; }

    /// <summary>What the test rests on.</summary>
    public IReadOnlyList<Assumption> Assumptions { get; init; } = [];

    /// <summary>Bytes read from both models for this test.</summary>
    public long BytesRead { get; init; }

    /// <summary>Smallest row cosine that the rule would have found, given the level; null when none.</summary>
    public double? Limit(double log10Level)
    {
        if (Test is not { Tail: { } tail, Groups.Count: > 0 } test)
        {
            return null;
        }

        // Groups differ in size only between kinds of experts; the smallest speaks for all, which errs on the side of a larger limit.
        var smallest = test.Groups.MinBy(group => group.Valid.Length)!;
        return DetectionLimitFormula.RowCosine(tail, test.Groups.Count, smallest.Valid.Length, smallest.Group.TotalSeats, log10Level, smallest.Group.Allowance);
    }

    /// <summary>A test that did not run.</summary>
    public static OrderTestRun NotRun(string id, string units, string why) => new() { Id = id, Units = units, Note = why };

    /// <summary>Reads, checks and matches groups on several threads, then evaluates them in order.</summary>
    /// <param name="id">Stable identifier.</param>
    /// <param name="units">Name of the units, plural.</param>
    /// <param name="count">Number of groups planned.</param>
    /// <param name="read">Reads one group; null when it does not exist.</param>
    /// <param name="context">Seed, threads, progress, cancellation.</param>
    public static OrderTestRun Of(string id, string units, int count, Func<int, UnitGroup?> read, ExactContext context) =>
        OfSeveral(id, units, count, i => read(i) is { } group ? [group] : [], context);

    /// <summary>Does the same where several groups are read together.</summary>
    /// <param name="id">Stable identifier.</param>
    /// <param name="units">Name of the units, plural.</param>
    /// <param name="count">Number of reads planned.</param>
    /// <param name="read">Reads some groups; they are let go before the next are read on that thread.</param>
    /// <param name="context">Seed, threads, progress, cancellation.</param>
    public static OrderTestRun OfSeveral(string id, string units, int count, Func<int, IReadOnlyList<UnitGroup>> read, ExactContext context)
    {
        var before = context.BytesRead();
        var prepared = new PreparedGroup[count][];
        Parallel.For(0, count, SharedThreads.Options(context.Threads, context.Cancellation), i =>
        {
            prepared[i] = [.. read(i).Select(group => PreparedGroup.From(group, context.Seed))];
            context.Step($"matching {units}");
        });
        var groups = prepared.SelectMany(group => group).ToArray();
        var bytes = context.BytesRead() - before;
        if (!Array.Exists(groups, group => group.Match is not null))
        {
            return NotRun(id, units, $"no {units} are comparable: rows are zero, not finite or missing") with { BytesRead = bytes };
        }

        var counts = GroupDependence.Representatives([.. groups.Select(group => group.ReferenceSketch)], context.Threads, context.Cancellation);
        var distinct = GroupDependence.Representatives([.. groups.Select(group => group.SuspectSketch)], context.Threads, context.Cancellation);
        // Copies of one order would show its accidents as often as there are copies, so each order is checked once.
        var reference = OrderCheckSummary.Of([.. groups.Where((_, i) => counts[i]).Select(group => group.ReferenceOrder)]);
        var suspect = OrderCheckSummary.Of([.. groups.Where((_, i) => distinct[i]).Select(group => group.SuspectOrder)]);
        GroupMatch[] counted = [.. groups.Where((group, i) => counts[i] && group.Match is not null).Select(group => group.Match!)];
        // One random order is enough: whatever structure the other has, agreement with it is chance.
        var structured = !reference.Held && !suspect.Held;
        return new OrderTestRun
        {
            Id = id,
            Units = units,
            Test = structured ? null : OrderTest.Evaluate(id, units, counted),
            OrderStructured = structured,
            StructureSeen = !reference.Held || !suspect.Held,
            Note = structured
                ? $"not used: the order of the {units} follows from their content in both models (reference: {reference.Worst}; suspect: {suspect.Worst})"
                : "",
            BytesRead = bytes,
            Assumptions = ExactAssumptions.Of(id, groups, counts, reference, suspect),
        };
    }
}

/// <summary>What every exact test needs to know about the comparison it is part of.</summary>
/// <param name="Seed">Seed of all sampling.</param>
/// <param name="Threads">Threads to use.</param>
/// <param name="BytesRead">Bytes read from both models so far.</param>
/// <param name="Step">Called after each group, with the stage.</param>
/// <param name="Cancellation">Stops the work.</param>
internal sealed record ExactContext(ulong Seed, int Threads, Func<long> BytesRead, Action<string> Step, CancellationToken Cancellation)
{
    /// <summary>Receives bytes, and the least and most multiply-adds, of a search that turns out to be needed, before it begins; null when nobody asks.</summary>
    public Action<long, double, double>? Estimate { get; init; }
}

/// <summary>One group after reading: checks, match and a sketch of either side's rows; the rows themselves are let go.</summary>
internal sealed record PreparedGroup(
    GroupMatch? Match, OrderCheck ReferenceOrder, OrderCheck SuspectOrder, int Copies, int Empty, GroupSketch? ReferenceSketch, GroupSketch? SuspectSketch)
{
    /// <summary>Standardises, checks and matches a group.</summary>
    public static PreparedGroup From(UnitGroup group, ulong seed)
    {
        var units = StandardUnits.From(group);
        var reference = OrderCheck.Of(units.Reference, units.ReferenceLengths, group, units.Valid, CounterRandom.Mix(seed, 1));
        var suspect = OrderCheck.Of(units.Suspect, units.SuspectLengths, group, units.Valid, CounterRandom.Mix(seed, 2));
        return new PreparedGroup(
            units.Valid.Length > 1 ? GroupMatching.Match(units, seed) : null, reference, suspect, units.Copies, units.Empty,
            GroupSketch.Of(group, units.Reference[0], units.Valid), GroupSketch.Of(group, units.Suspect[0], units.Valid));
    }
}
