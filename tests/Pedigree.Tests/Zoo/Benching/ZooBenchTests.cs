using System.Text.Json;
using Pedigree.Tests.Checkpoints;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Benching;
using Pedigree.Zoo.Building;
using Pedigree.Zoo.Models;
using Xunit;

namespace Pedigree.Tests.Zoo.Benching;

public sealed class ZooBenchTests
{
    [Fact]
    public void PairsAreComparedOnceAndLeavingARootOutChangesNoOther()
    {
        using var folder = new TemporaryFolder();
        WriteZoo(folder.Path);
        Run(folder.Path, null);
        var all = Results(folder.Path);
        Assert.Equal(9, all.Count);
        Assert.Equal(("unrelated", "right"), all["b a"]);
        Assert.Equal("lineage", all["child a"].Tie);
        var journal = File.ReadAllLines(folder.Join("bench.journal.jsonl"));
        Assert.Equal(9, journal.Length);

        Run(folder.Path, "b");
        var rest = Results(folder.Path);
        Assert.Equal(journal, File.ReadAllLines(folder.Join("bench.journal.jsonl")));
        Assert.Equal(["a c", "c a", "child a", "child c"], rest.Keys.Order(StringComparer.Ordinal));
        Assert.All(rest, pair => Assert.Equal(all[pair.Key], pair.Value));
    }

    [Fact]
    public void AFalseAccusationIsCountedAndNamed()
    {
        using var folder = new TemporaryFolder();
        WriteZoo(folder.Path);
        // The manifest lies: it no longer says that the child has a parent.
        var manifest = Manifest.Read(folder.Path);
        new Manifest("lying", [.. manifest.Models.Select(model => model with { Parents = [] })]).Write(folder.Path);
        var said = new List<string>();
        Assert.Equal(2, new ZooBench(folder.Path, folder.Path, 2, said.Add).Run(null, TestContext.Current.CancellationToken));
        Assert.Contains("2 UNRELATED PAIRS WERE ACCUSED", said[^1], StringComparison.Ordinal);
        Assert.Contains("child against a", said[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownNameIsRefused()
    {
        using var folder = new TemporaryFolder();
        WriteZoo(folder.Path);
        Assert.Throws<ArgumentException>(() => Run(folder.Path, "nobody"));
    }

    // Three unrelated models and a child whose matrices are its parent's with a little noise.
    private static void WriteZoo(string folder)
    {
        var seed = PlantedUnits.FreshSeed();
        var shape = new DecoderShape { Layers = 3, Width = 64, QueryHeads = 4, KeyValueHeads = 2, HeadWidth = 16, Neurons = 128, Vocabulary = 100 };
        var models = new List<ManifestModel>();
        foreach (var (name, offset) in new[] { ("a", 0UL), ("b", 1UL), ("c", 2UL) })
        {
            Add(name, RandomDecoder.Create(shape, unchecked(seed + offset)));
        }

        Add("child", Pedigree.Zoo.Manipulations.Perturbations.Noise(0.95).Apply(RandomDecoder.Create(shape, seed), seed).Model, "a");
        new Manifest("test", models).Write(folder);

        void Add(string name, DecoderModel model, params string[] parents) => models.Add(new ManifestModel(
            name, parents.Length == 0 ? "root" : "noise", parents, parents.Length == 0 ? name : null, "0", "", shape.Parameters, ModelFiles.Write(model, Path.Combine(folder, name)), "", false));
    }

    private static void Run(string folder, string? without) => new ZooBench(folder, folder, 2, _ => { }).Run(without, TestContext.Current.CancellationToken);

    private static Dictionary<string, (string Tie, string Outcome)> Results(string folder)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "bench.json")));
        return document.RootElement.EnumerateArray().ToDictionary(
            pair => $"{pair.GetProperty("suspect").GetString()} {pair.GetProperty("reference").GetString()}",
            pair => (pair.GetProperty("tie").GetString()!, pair.GetProperty("outcome").GetString()!));
    }
}
