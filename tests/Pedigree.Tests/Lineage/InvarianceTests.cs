using System.Collections.Concurrent;
using Pedigree.Checkpoints;
using Pedigree.Evidence;
using Pedigree.Lineage;
using Pedigree.Reports;
using Pedigree.Tests.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Lineage;

/// <summary>How a model is stored changes nothing; nor does the number of threads.</summary>
public class InvarianceTests
{
    private static readonly string Reference = Repository.Sample("A1");
    private static readonly ConcurrentDictionary<string, Lazy<ComparisonResult>> Plain = new();

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    public void Shards_give_the_same_evidence(int shards) =>
        Same(folder => EditableModel.Sample("ft").Save(folder, ElementType.BF16, shards), everything: true);

    [Fact]
    public void Wider_elements_give_the_same_evidence() => Same(folder => EditableModel.Sample("ft").Save(folder, ElementType.F32), everything: false);

    [Fact]
    public void Fused_tensors_give_the_same_evidence() => Same(folder =>
    {
        var model = EditableModel.Sample("ft");
        for (var layer = 0; layer < 4; layer++)
        {
            Fuse(model, layer, "self_attn.qkv_proj", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj");
            Fuse(model, layer, "mlp.gate_up_proj", "mlp.gate_proj", "mlp.up_proj");
        }

        return model.Save(folder);
    }, everything: false);

    [Fact]
    public void Renamed_tensors_give_the_same_exact_evidence() =>
        Same(folder => EditableModel.Sample("ft").Save(folder, rename: name => "net." + name.Replace("proj", "matrix", StringComparison.Ordinal).Replace("mlp", "block", StringComparison.Ordinal)), everything: false);

    [Fact]
    public void Missing_config_gives_the_same_evidence() => Same(folder => EditableModel.Sample("ft").Save(folder), everything: true);

    [Fact]
    public void False_config_gives_the_same_evidence() => Same(folder =>
    {
        EditableModel.Sample("ft").Save(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), """
            {"model_type": "gpt2", "hidden_size": 128, "num_hidden_layers": 2, "num_attention_heads": 3, "num_key_value_heads": 1, "intermediate_size": 77, "n_routed_experts": 9, "head_dim": 5}
            """);
        return folder;
    }, everything: true);

    [Fact]
    public void Report_is_the_same_on_any_number_of_threads()
    {
        // A child by order, and a stranger that is searched through to the end, planted children included.
        foreach (var (suspect, stranger) in new[] { ("ft", false), ("A2", true) })
        {
            var reports = new[] { 1, 2, 3 }.Select(threads =>
            {
                var request = new ComparisonRequest(Repository.Sample(suspect), [Reference]) { Threads = threads };
                var report = Comparison.Run(request, null, TestContext.Current.CancellationToken);
                Assert.Equal(stranger, report.Results[0].Controls.Any(control => control.Id.Contains("planted", StringComparison.Ordinal)));
                using var stream = new MemoryStream();
                ReportJson.Write(stream, report with { Run = new RunRecord("", [], "", 0, 0, 0, []) });
                return Convert.ToHexString(stream.ToArray());
            }).Distinct();
            Assert.Single(reports);
        }
    }

    [Fact]
    public void Another_seed_redraws_the_seats_and_keeps_the_verdict()
    {
        foreach (var seed in new ulong[] { 1, 2, 3 })
        {
            var request = new ComparisonRequest(Repository.Sample("ft"), [Reference, Repository.Sample("A2")]) { Seed = seed, BudgetBytes = 300_000 };
            var report = Comparison.Run(request, null, TestContext.Current.CancellationToken);
            Assert.Equal(["related", "none-found"], report.Results.Select(result => result.Verdict.Relation));
        }
    }

    [Fact]
    public void Reading_everything_keeps_the_verdict()
    {
        var request = new ComparisonRequest(Repository.Sample("ft"), [Reference, Repository.Sample("A2")]) { Full = true };
        var report = Comparison.Run(request, null, TestContext.Current.CancellationToken);
        Assert.Equal(["related", "none-found"], report.Results.Select(result => result.Verdict.Relation));
    }

    private static void Same(Func<string, string> store, bool everything)
    {
        using var folder = new TemporaryFolder();
        foreach (var reference in new[] { "A1", "A2" })
        {
            var plain = Plain.GetOrAdd(reference, of => new(() => Run(Repository.Sample("ft"), Repository.Sample(of)))).Value;
            var copy = store(folder.Join("stored-" + reference));
            File.Copy(Path.Combine(Repository.Sample("ft"), "vocab.json"), Path.Combine(copy, "vocab.json"));
            var stored = Run(copy, Repository.Sample(reference));
            Assert.Equal(plain.Verdict.Relation, stored.Verdict.Relation);
            Assert.Equal(plain.Verdict.Log10P, stored.Verdict.Log10P);
            Assert.Equal(plain.Verdict.DetectionLimit?.RowCosine, stored.Verdict.DetectionLimit?.RowCosine);
            Assert.Equal(Exact(plain), Exact(stored));
            Assert.Equal(plain.LayerMap.Select(Text), stored.LayerMap.Select(Text));
            if (everything)
            {
                Assert.Equal(plain.Components, stored.Components);
                Assert.Equal(Figures(plain), Figures(stored));
            }
        }
    }

    private static string Text(LayerLink link) => $"{link.SuspectLayer}: {string.Join(',', link.ReferenceLayers)}";

    // The seed comes from the content; it is given here so that a change of storage that changed it would show.
    private static ComparisonResult Run(string suspect, string reference) => Disguise.Compare(suspect, reference);

    private static string Exact(ComparisonResult result) => string.Join(
        '\n', result.Evidence.Where(item => item.Tier == Tier.Exact).Select(item =>
            $"{item.Test} {item.Statistic} {item.Log10P} {item.Companion?.MeanCosine} {item.Companion?.Ceiling} {string.Join(' ', item.Views)} {string.Join(' ', item.PerLayer)}"));

    // What is read from config.json itself differs by intent.
    private static string Figures(ComparisonResult result) => string.Join(
        '\n', result.Evidence.Where(item => !item.Test.StartsWith("config", StringComparison.Ordinal))
            .Select(item => $"{item.Test} {item.StatisticName} {item.Statistic} {item.NullExpectation} {item.NullPercentile} {item.Log10P} {item.BytesRead}"));

    private static void Fuse(EditableModel model, int layer, string fused, params string[] parts)
    {
        var all = parts.Select(part => model[layer, part]).ToArray();
        model.Tensors[EditableModel.Name(layer, fused)] = (all.Sum(part => part.Rows), all[0].Columns, [.. all.SelectMany(part => part.Values)]);
        foreach (var part in parts)
        {
            model.Tensors.Remove(EditableModel.Name(layer, part));
        }
    }
}
