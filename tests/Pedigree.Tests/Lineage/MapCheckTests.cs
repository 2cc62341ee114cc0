using Pedigree.Checkpoints;
using Pedigree.Lineage;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Lineage;

/// <summary>Maps as files: written by a comparison, checked against the models, damaged by strangers.</summary>
public sealed class MapCheckTests : IDisposable
{
    private static readonly string Samples = Path.Combine(Repository.Root, "samples");
    private static readonly Lazy<byte[]> Written = new(Write);
    private readonly string path = Path.Combine(Path.GetTempPath(), $"pedigree-map-{Guid.NewGuid():N}.safetensors");

    public void Dispose() => File.Delete(path);

    [Fact]
    public void A_map_holds_on_the_models_that_it_was_made_for()
    {
        var report = Check(Written.Value, "cptdisguised", "A1");
        Assert.True(report.Holds);
        Assert.Equal("orthogonal", report.Stream);
        Assert.NotEmpty(report.Layers);
        // Unrelated rows give √2; a child trained on for as long as its parent keeps cosines of 0.6 and more.
        Assert.InRange(report.Residual!.Value, 0, 0.95);
        Assert.InRange(report.ShiftedResidual!.Value, 1.3, 1.5);
        Assert.All(report.Layers, layer => Assert.InRange(layer.ShiftedCosine!.Value, -0.1, 0.1));
        Assert.Equal(["keys", "queries", "values", "attention-outputs", "tokens"], report.Kinds.Select(kind => kind.Kind));
        Assert.All(report.Kinds, kind => Assert.InRange(kind.Residual, 0, 0.95));
        Assert.All(report.Kinds, kind => Assert.InRange(kind.ShiftedResidual, 1.2, 1.5));
    }

    [Fact]
    public void A_map_whose_heads_were_exchanged_does_not_hold()
    {
        // Little-endian integers of one tensor, found by the name in the header.
        var bytes = Written.Value.ToArray();
        var header = (int)BitConverter.ToInt64(bytes);
        using var document = System.Text.Json.JsonDocument.Parse(bytes.AsMemory(8, header));
        var range = document.RootElement.GetProperty("attention.1.reference_groups").GetProperty("data_offsets");
        var (first, last) = (8 + header + range[0].GetInt32(), 8 + header + range[1].GetInt32() - 4);
        Assert.NotEqual(first, last);
        var (one, two) = (bytes[first..(first + 4)], bytes[last..(last + 4)]);
        two.CopyTo(bytes, first);
        one.CopyTo(bytes, last);
        Assert.False(Check(bytes, "cptdisguised", "A1").Holds);
    }

    [Fact]
    public void A_map_holds_on_no_other_models()
    {
        Assert.False(Check(Written.Value, "cpt", "A1").Holds);
        Assert.False(Check(Written.Value, "cptdisguised", "ft").Holds);
    }

    [Fact]
    public void Nothing_is_written_where_nothing_was_hidden()
    {
        Comparison.Run(new ComparisonRequest(Path.Combine(Samples, "A2"), [Path.Combine(Samples, "A1")]) { MapFile = path }, null, TestContext.Current.CancellationToken);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_damaged_map_is_refused_or_does_not_hold_and_harms_nothing()
    {
        var seed = PlantedUnits.FreshSeed();
        var random = new Random((int)(seed & int.MaxValue));
        for (var draw = 0; draw < 200; draw++)
        {
            var bytes = Written.Value.ToArray();
            // Most of the faults hit the header, where there is something to break.
            for (var fault = random.Next(1, 4); fault > 0; fault--)
            {
                bytes[random.Next(3) == 0 ? random.Next(bytes.Length) : random.Next(Math.Min(bytes.Length, 1500))] = (byte)random.Next(256);
            }

            if (random.Next(4) == 0)
            {
                bytes = bytes[..random.Next(bytes.Length)];
            }

            try
            {
                Check(bytes, "cptdisguised", "A1");
            }
            catch (CheckpointException exception)
            {
                Assert.NotEmpty(exception.Message);
            }
        }
    }

    [Theory]
    [InlineData("A1")]
    [InlineData("cptdisguised")]
    public void A_model_is_no_map(string model) => Assert.Throws<CheckpointException>(() =>
        MapCheck.Run(Path.Combine(Samples, model), Path.Combine(Samples, "cptdisguised"), Path.Combine(Samples, "A1"), 1, null, TestContext.Current.CancellationToken));

    private static byte[] Write()
    {
        var file = Path.Combine(Path.GetTempPath(), $"pedigree-map-{Guid.NewGuid():N}.safetensors");
        try
        {
            Comparison.Run(new ComparisonRequest(Path.Combine(Samples, "cptdisguised"), [Path.Combine(Samples, "A1")]) { MapFile = file, Threads = 1 });
            return File.ReadAllBytes(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private MapCheckReport Check(byte[] map, string suspect, string reference)
    {
        File.WriteAllBytes(path, map);
        return MapCheck.Run(path, Path.Combine(Samples, suspect), Path.Combine(Samples, reference), 1, null, TestContext.Current.CancellationToken);
    }
}
