using Pedigree.Evidence.Descriptive;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

/// <summary>What the descriptive figures say about trained models whose relation is known.</summary>
public class ZooTests
{
    [Theory]
    [InlineData("A2", 0.802)]
    [InlineData("A4", 0.902)]
    [InlineData("ft", 0.996)]
    [InlineData("cpt", 0.949)]
    [InlineData("scaled", -0.046)]
    [InlineData("disguised", 0.173)]
    public void Depth_curve_score_is_high_for_the_innocent_and_low_for_the_hidden(string suspect, double score)
    {
        var result = DepthCurveScore.Compute(ZooModel.Open("A1"), ZooModel.Open(suspect), long.MaxValue);

        Assert.Equal(score, result.Item.Statistic!.Value, 0.002);
        Assert.Equal(4, result.Curves.Count);
        Assert.Contains("4 layers lie outside the bank", result.Item.Null, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A1", "A2")]
    [InlineData("A1", "A3")]
    [InlineData("A1", "A4")]
    [InlineData("A2", "A3")]
    [InlineData("A1", "distilled")]
    [InlineData("A1", "S1")]
    [InlineData("S1", "ft")]
    [InlineData("S1", "cpt")]
    public void Gains_of_the_layers_do_not_correlate_without_shared_training(string reference, string suspect)
    {
        var agreement = NormGainCosine.MeasureLayerGains(ZooModel.Open(reference), ZooModel.Open(suspect), 1)!;

        Assert.InRange(agreement.RawCosine!.Value, 0.97, 1);
        Assert.InRange(agreement.CentredCorrelation!.Value, -0.15, 0.15);
        Assert.InRange(agreement.DriftRatio!.Value / agreement.ShuffledDriftRatio!.Value, 0.9, 1.1);
    }

    [Theory]
    [InlineData("A1", "ft", 0.99)]
    [InlineData("A1", "noise", 0.98)]
    [InlineData("A1", "lora", 0.999)]
    [InlineData("A1", "newtokenizer", 0.94)]
    [InlineData("A1", "mergeunrelated", 0.91)]
    [InlineData("A1", "cpt", 0.7)]
    [InlineData("ft", "cpt", 0.7)]
    [InlineData("A1", "transplant", 0.6)]
    [InlineData("A1", "depthpruned", 0.55)]
    public void Gains_of_the_layers_correlate_after_shared_training(string reference, string suspect, double atLeast)
    {
        var agreement = NormGainCosine.MeasureLayerGains(ZooModel.Open(reference), ZooModel.Open(suspect), 1)!;

        Assert.InRange(agreement.CentredCorrelation!.Value, atLeast, 1);
        Assert.InRange(agreement.DriftRatio!.Value / agreement.ShuffledDriftRatio!.Value, 0, 0.9);
    }

    [Fact]
    public void Transplanted_layers_are_those_whose_gains_correlate()
    {
        var layers = NormGainCosine.MeasureLayerGains(ZooModel.Open("A1"), ZooModel.Open("transplant"), 1)!.PerLayer;

        Assert.Equal([1, 2], layers.Where(layer => layer.Value > 0.5).Select(layer => layer.SuspectLayer));
        Assert.All(layers.Where(layer => layer.SuspectLayer is 0 or 3), layer => Assert.InRange(layer.Value!.Value, -0.3, 0.3));
    }

    [Theory]
    [InlineData("ft", 0.99, 1)]
    [InlineData("quant4", 0.98, 1)]
    [InlineData("cpt", 0.65, 0.75)]
    [InlineData("S1", 0.1, 0.25)]
    [InlineData("A2", -0.02, 0.02)]
    [InlineData("A4", -0.02, 0.02)]
    [InlineData("distilled", -0.02, 0.02)]
    public void Cosines_of_attention_and_neurons_rank_the_relations(string suspect, double from, double to)
    {
        var components = ComponentCosines.Compare(ZooModel.Open("A1"), ZooModel.Open(suspect), long.MaxValue).Components;

        foreach (var component in components.Where(component => component.Component is "attention" or "mlp"))
        {
            Assert.InRange(component.Cosine!.Value, from, to);
            Assert.InRange(component.NullCosine!.Value, -0.05, 0.05);
        }
    }

    [Fact]
    public void Update_of_low_rank_leaves_all_other_values_bit_equal()
    {
        var components = ComponentCosines.Compare(ZooModel.Open("A1"), ZooModel.Open("lora"), long.MaxValue).Components
            .ToDictionary(component => component.Component, component => component.BitEqualShare, StringComparer.Ordinal);

        Assert.Equal((1, 1, 1), (components["embedding"], components["norms"], components["unembedding"]));
        Assert.InRange(components["attention"]!.Value, 0, 0.1);
    }

    [Fact]
    public void Reordered_vocabulary_is_undone_by_the_join()
    {
        var (reference, suspect) = (ZooModel.Open("ft"), ZooModel.Open("vocab"));
        var (a, b) = TokenJoin.ByToken(reference.Source, suspect.Source, 1024, 1152)!.Value;
        var (first, second) = (Embedding(reference), Embedding(suspect));

        var sums = default(ValueAgreement);
        foreach (var (one, other) in a.Zip(b))
        {
            sums.AddRow(first.AsSpan(96 * one, 96), second.AsSpan(96 * other, 96));
        }

        Assert.Equal(1024, a.Length);
        Assert.Equal(1, sums.Cosine!.Value, 1e-6);
        Assert.InRange(TokenizerOverlap.Compare(reference, suspect)[0].Statistic!.Value, 0, 0.01);
    }

    private static float[] Embedding(DescribedModel model)
    {
        var view = model.Anatomy.Views[new(Pedigree.Anatomy.Part.Embedding)];
        var values = new float[view.Count];
        model.Reader.ReadRows(view, 0, view.Rows, values);
        return values;
    }
}
