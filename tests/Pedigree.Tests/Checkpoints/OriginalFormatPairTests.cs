using Pedigree.Checkpoints;
using Pedigree.Lineage;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Checkpoints;

/// <summary>Trained models whose relation is known, compared in the formats that their makers chose.</summary>
public class OriginalFormatPairTests
{
    private const string Names = "data/models";

    // Independent pairs take a whole search each; every run draws others.
    private const int Strangers = 6;

    [Fact]
    public void Every_pair_comes_out_right()
    {
        var folder = SharedData.Find(Names);
        Assert.SkipWhen(folder is null, $"There is no folder ../shared/{Names} beside the repository.");
        var wrong = new List<string>();
        var pairs = 0;
        string[][] lines = [.. File.ReadLines(Path.Combine(folder!, "pairs.tsv")).Skip(1).Select(line => line.Split('\t'))];
        string[][] strangers = [.. lines.Where(cells => cells[2] == "independent")];
        var drawn = new CounterRandom(PlantedUnits.FreshSeed(), 14).Permutation(strangers.Length).Take(Strangers).Select(i => strangers[i]);
        foreach (var cells in lines.Except(strangers).Concat(drawn))
        {
            string[] right = cells[2] switch
            {
                "independent" => ["none-found", "cannot-tell"],
                _ when cells[2].StartsWith("same weights", StringComparison.Ordinal) => ["identical"],
                // Two runs from one seed on one data set follow one trajectory: nothing in the weights tells that from copying.
                _ => ["related", "shared-initialisation"],
            };
            var request = new ComparisonRequest(Path.Combine(folder!, cells[1]), [Path.Combine(folder!, cells[0])]);
            var relation = Comparison.Run(request, cancellation: TestContext.Current.CancellationToken).Results[0].Verdict.Relation;
            pairs++;
            if (!right.Contains(relation, StringComparer.Ordinal))
            {
                wrong.Add($"{cells[1]} from {cells[0]}: {relation}, but they are {cells[2]}");
            }
        }

        Assert.True(pairs > 50);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
