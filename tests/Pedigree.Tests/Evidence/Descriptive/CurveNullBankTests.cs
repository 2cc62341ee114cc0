using System.Globalization;
using System.IO.Compression;
using Pedigree.Evidence.Descriptive;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

public class CurveNullBankTests
{
    public static TheoryData<string> Banks => ["Mlp", "Gains", "Biases"];

    [Theory]
    [MemberData(nameof(Banks))]
    public void Quantiles_ascend_and_all_relations_are_there(string bank)
    {
        var groups = Groups(bank);

        Assert.All(groups, group => Assert.Equal(SigmaNullBank.Probabilities.Count, group.Quantiles.Count));
        Assert.All(groups, group => Assert.Equal(group.Quantiles.Where(value => !double.IsNaN(value)).Order(), group.Quantiles.Where(value => !double.IsNaN(value))));
        foreach (var kind in Enum.GetValues<SigmaNullKind>())
        {
            Assert.NotEmpty(SigmaNullBank.Nearest(groups, kind, 28, 28));
            Assert.NotEmpty(SigmaNullBank.Nearest(groups, kind, 28, 48));
        }
    }

    /// <summary>The figures of one group, computed again from the captures with the program's own correlation.</summary>
    [Fact]
    public void Figures_of_separately_trained_translation_models_come_out_again()
    {
        var folder = SharedData.Find(Path.Combine("data", "sigma-null"));
        Assert.SkipUnless(folder is not null, "the statistics of captured models are not beside the repository");
        var big = File.ReadLines(Path.Combine(folder, "models.tsv")).Select(line => line.Split('\t'))
            .Where(cells => cells.Length > 10 && cells[10] == "opus-transformer-big").Select(cells => cells[0]).ToHashSet(StringComparer.Ordinal);
        var curves = new Dictionary<(string Sample, string Role), SortedList<int, double>>();
        using (var text = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, "layers.tsv.gz")), CompressionMode.Decompress)))
        {
            while (text.ReadLine() is { } line)
            {
                var cells = line.Split('\t');
                if (big.Contains(cells[0]) && cells[1] == "model.encoder.layers" && cells[5] is "mlp_in" or "mlp_out")
                {
                    var key = (cells[0], cells[5]);
                    curves.TryAdd(key, []);
                    curves[key][int.Parse(cells[6], CultureInfo.InvariantCulture)] = double.Parse(cells[9], CultureInfo.InvariantCulture);
                }
            }
        }

        var models = big.Order(StringComparer.Ordinal).ToArray();
        double[] scores = [.. from i in Enumerable.Range(0, models.Length)
                              from j in Enumerable.Range(0, i)
                              let each = new[] { "mlp_in", "mlp_out" }.Select(role => DepthCurve.Correlate([.. curves[(models[i], role)].Values], [.. curves[(models[j], role)].Values])).OfType<double>().ToArray()
                              where each.Length > 0
                              select each.Average()];
        var group = CurveNullBank.Mlp.Single(group => group.Name == "Transformer-big translation models, encoder");

        Assert.Equal(group.Pairs, scores.Length);
        Array.Sort(scores);
        Assert.Equal(group.Median, scores[scores.Length / 2], 1e-3);
        Assert.Equal(group.Largest, scores[^1], 1e-4);
        Assert.Equal(scores.Count(score => score >= 0.927) / (double)scores.Length, 1 - group.ShareBelow(0.927), 0.01);
    }

    private static IReadOnlyList<SigmaNullGroup> Groups(string bank) => bank switch
    {
        "Mlp" => CurveNullBank.Mlp,
        "Gains" => CurveNullBank.Gains,
        _ => CurveNullBank.Biases,
    };
}
