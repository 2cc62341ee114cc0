using Pedigree.Evidence.Exact;
using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Tests.Evidence.Exact;

/// <summary>Groups of Gaussian units whose relation is known: rows of the suspect are c·a + √(1-c²)·b of the reference's rows a.</summary>
internal static class PlantedUnits
{
    /// <summary>One layer of a gated MLP.</summary>
    /// <param name="random">Source of values.</param>
    /// <param name="layer">Layer.</param>
    /// <param name="width">Residual width d.</param>
    /// <param name="seats">Units.</param>
    /// <param name="cosine">Planted row cosine c; 0 for independent.</param>
    /// <param name="gated">Gate and up, or up alone.</param>
    public static UnitGroup Layer(ref CounterRandom random, int layer, int width, int seats, double cosine, bool gated = true, int? totalSeats = null)
    {
        var views = new List<UnitView>();
        foreach (var name in gated ? new[] { "gate", "up" } : ["up"])
        {
            var reference = Gaussian(ref random, seats * width);
            var suspect = Mixed(ref random, reference, cosine);
            views.Add(new UnitView(name, width, suspect, reference, gated && name == "up"));
        }

        return new UnitGroup(layer, layer, 0, totalSeats ?? seats, [.. Enumerable.Range(0, seats)], views, StandardiseColumns: true);
    }

    /// <summary>Standard normal values.</summary>
    public static float[] Gaussian(ref CounterRandom random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (float)random.NextGaussian();
        }

        return values;
    }

    /// <summary>c·a + √(1-c²)·b with fresh normal b.</summary>
    public static float[] Mixed(ref CounterRandom random, float[] from, double cosine)
    {
        var rest = Math.Sqrt(1 - (cosine * cosine));
        var values = new float[from.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)((cosine * from[i]) + (rest * random.NextGaussian()));
        }

        return values;
    }

    /// <summary>Runs an order test on groups in memory.</summary>
    public static OrderTestRun Run(IReadOnlyList<UnitGroup> groups, ulong seed) => OrderTestRun.Of(
        "mlp-neuron-order", "MLP neurons", groups.Count, i => groups[i], new ExactContext(seed, 2, () => 0, _ => { }, CancellationToken.None));

    /// <summary>A fresh seed, printed so that a failure can be replayed with PEDIGREE_SEED.</summary>
    public static ulong FreshSeed()
    {
        var seed = Environment.GetEnvironmentVariable("PEDIGREE_SEED") is { Length: > 0 } given
            ? ulong.Parse(given, System.Globalization.CultureInfo.InvariantCulture)
            : BitConverter.ToUInt64(Guid.NewGuid().ToByteArray());
        Xunit.TestContext.Current.TestOutputHelper?.WriteLine($"replay with PEDIGREE_SEED={seed}");
        return seed;
    }
}
