using Pedigree.Evidence.Exact;
using Pedigree.Numerics;
using Pedigree.Units;
using Xunit;

namespace Pedigree.Tests.Evidence.Exact;

/// <summary>Ways in which two unrelated models can agree in order without lineage. None may convict.</summary>
public class ExactnessTrapTests
{
    private const int Layers = 4;
    private const int Width = 96;
    private const int Seats = 192;

    [Fact]
    public void Units_sorted_by_length_in_both_models_are_recognised_and_not_used() => Quiet((ref CounterRandom random, int layer) =>
    {
        var group = PlantedUnits.Layer(ref random, layer, Width, Seats, 0);
        foreach (var view in group.Views)
        {
            // A common profile of lengths and, with it, of content: the first column grows with importance in both.
            Profile(view.Suspect, view.Length);
            Profile(view.Reference, view.Length);
        }

        return group;
    }, mustBeStructured: true);

    [Fact]
    public void Units_sorted_by_their_largest_direction_in_both_models_are_recognised_and_not_used() => Quiet((ref CounterRandom random, int layer) =>
    {
        var group = PlantedUnits.Layer(ref random, layer, Width, Seats, 0);
        foreach (var rows in group.Views.SelectMany(view => new[] { view.Suspect, view.Reference }))
        {
            for (var seat = 0; seat < Seats; seat++)
            {
                rows[(seat * Width) + (seat * Width / Seats)] += 12;
            }
        }

        return group;
    }, mustBeStructured: true);

    [Fact]
    public void Identity_like_initialisation_in_both_models_is_recognised_and_not_used() => Quiet((ref CounterRandom random, int layer) =>
    {
        var group = PlantedUnits.Layer(ref random, layer, Width, Seats, 0);
        foreach (var rows in group.Views.SelectMany(view => new[] { view.Suspect, view.Reference }))
        {
            for (var seat = 0; seat < Seats; seat++)
            {
                rows[(seat * Width) + (seat % Width)] += 20;
            }
        }

        return group;
    }, mustBeStructured: true);

    [Fact]
    public void Zero_padding_and_dead_units_at_the_same_seats_are_left_out() => Quiet((ref CounterRandom random, int layer) =>
    {
        var group = PlantedUnits.Layer(ref random, layer, Width, Seats, 0);
        foreach (var rows in group.Views.SelectMany(view => new[] { view.Suspect, view.Reference }))
        {
            rows.AsSpan((Seats - 60) * Width).Clear();
        }

        return group;
    });

    [Fact]
    public void Units_that_are_all_equal_are_left_out() => Quiet((ref CounterRandom random, int layer) =>
    {
        var group = PlantedUnits.Layer(ref random, layer, Width, Seats, 0);
        foreach (var rows in group.Views.SelectMany(view => new[] { view.Suspect, view.Reference }))
        {
            for (var seat = 1; seat < Seats / 2; seat++)
            {
                rows.AsSpan(0, Width).CopyTo(rows.AsSpan(seat * Width));
            }
        }

        return group;
    });

    [Fact]
    public void Blocks_that_began_as_copies_of_each_other_count_once() => Quiet((ref CounterRandom random, int layer) =>
    {
        var group = PlantedUnits.Layer(ref random, layer, Width, Seats, 0);
        foreach (var rows in group.Views.SelectMany(view => new[] { view.Suspect, view.Reference }))
        {
            rows.AsSpan(0, Seats / 2 * Width).CopyTo(rows.AsSpan(Seats / 2 * Width));
        }

        return group;
    });

    [Fact]
    public void Hidden_values_that_are_not_finite_are_left_out() => Quiet((ref CounterRandom random, int layer) =>
    {
        var group = PlantedUnits.Layer(ref random, layer, Width, Seats, 0);
        foreach (var rows in group.Views.SelectMany(view => new[] { view.Suspect, view.Reference }))
        {
            for (var seat = 0; seat < Seats; seat += 3)
            {
                rows[(seat * Width) + 5] = seat % 2 == 0 ? float.NaN : float.PositiveInfinity;
            }
        }

        return group;
    });

    [Fact]
    public void Layers_of_the_reference_that_are_copies_count_once()
    {
        var seed = PlantedUnits.FreshSeed();
        var random = new CounterRandom(seed, 7);
        var first = PlantedUnits.Layer(ref random, 0, Width, Seats, 0);
        var groups = Enumerable.Range(0, 12).Select(layer => first with
        {
            SuspectLayer = layer,
            ReferenceLayer = layer,
            Views = [.. first.Views.Select(view => view with { Suspect = [.. view.Suspect], Reference = [.. view.Reference] })],
        }).ToArray();
        var run = PlantedUnits.Run(groups, seed);
        Assert.Single(run.Test!.Groups);
        Assert.Contains(run.Assumptions, assumption => assumption.Id.EndsWith("independent-groups", StringComparison.Ordinal) && assumption.Check.StartsWith("11 of 12", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void An_order_forged_by_matching_is_found_in_order_and_refused_by_content(int view)
    {
        var seed = PlantedUnits.FreshSeed();
        var random = new CounterRandom(seed, 8);
        var groups = new List<UnitGroup>();
        for (var layer = 0; layer < Layers; layer++)
        {
            var group = PlantedUnits.Layer(ref random, layer, Width, Seats, 0);
            // A naive forger fits one view, a careful one all of them.
            groups.Add(Forge(group, view == 0 ? [0] : [0, 1]));
        }

        var test = PlantedUnits.Run(groups, seed).Test!;
        TestContext.Current.TestOutputHelper?.WriteLine($"hits {test.Hits}, log10 p {test.Log10P:0.0}, content {test.Companion}");
        Assert.True(test.Log10P < -6, "the forger did not even reach the order");
        Assert.False(test.Companion!.Passed, $"forged order passed with {test.Companion}");
    }

    [Fact]
    public void A_true_child_of_a_model_with_dead_and_copied_units_is_still_found()
    {
        var seed = PlantedUnits.FreshSeed();
        var random = new CounterRandom(seed, 9);
        var groups = new List<UnitGroup>();
        for (var layer = 0; layer < Layers; layer++)
        {
            var group = PlantedUnits.Layer(ref random, layer, Width, Seats, 0.7);
            foreach (var rows in group.Views.SelectMany(view => new[] { view.Suspect, view.Reference }))
            {
                rows.AsSpan(0, 20 * Width).CopyTo(rows.AsSpan(40 * Width));
                rows.AsSpan((Seats - 30) * Width).Clear();
            }

            groups.Add(group);
        }

        var run = PlantedUnits.Run(groups, seed);
        Assert.True(run.Test is not null, run.Note);
        var test = run.Test;
        Assert.True(test.Log10P < -100 && test.Companion!.Passed);
    }

    private delegate UnitGroup Make(ref CounterRandom random, int layer);

    private static void Quiet(Make make, bool mustBeStructured = false)
    {
        var seed = PlantedUnits.FreshSeed();
        var random = new CounterRandom(seed, 3);
        for (var pair = 0; pair < 3; pair++)
        {
            var groups = new List<UnitGroup>();
            for (var layer = 0; layer < Layers; layer++)
            {
                groups.Add(make(ref random, layer));
            }

            var run = PlantedUnits.Run(groups, seed);
            TestContext.Current.TestOutputHelper?.WriteLine($"hits {run.Test?.Hits}, log10 p {run.Test?.Log10P:0.0}; {run.Note}");
            Assert.True(run.Test is null || run.Test.Log10P > -6 || run.Test.Companion is not { Passed: true }, $"accused: {run.Test?.Hits} hits");
            Assert.True(!mustBeStructured || run.OrderStructured, "the structure of the order went unnoticed");
        }
    }

    private static void Profile(float[] rows, int length)
    {
        for (var seat = 0; seat < Seats; seat++)
        {
            var scale = MathF.Exp(-2f * seat / Seats);
            for (var c = 0; c < length; c++)
            {
                rows[(seat * length) + c] = (rows[(seat * length) + c] + (c < 8 ? 1.5f * scale : 0)) * scale;
            }
        }
    }

    private static UnitGroup Forge(UnitGroup group, int[] fitted)
    {
        var similarity = new float[Seats * Seats];
        foreach (var v in fitted)
        {
            RowProducts.Multiply(group.Views[v].Reference, Seats, group.Views[v].Suspect, Seats, Width, similarity, accumulate: v != fitted[0]);
        }

        var match = new int[Seats];
        StableMatching.Match(similarity, Seats, Seats, match);
        return group with
        {
            Views = [.. group.Views.Select(view =>
            {
                var rows = new float[view.Suspect.Length];
                for (var seat = 0; seat < Seats; seat++)
                {
                    view.Suspect.AsSpan(match[seat] * Width, Width).CopyTo(rows.AsSpan(seat * Width));
                }

                return view with { Suspect = rows };
            })],
        };
    }
}
