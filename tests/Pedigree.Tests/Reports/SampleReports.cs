using Pedigree.Evidence;
using Pedigree.Lineage;

namespace Pedigree.Tests.Reports;

/// <summary>Reports made by hand for the tests. No figure in them was measured.</summary>
internal static class SampleReports
{
    public static ComparisonReport Related() => Report(
        [Harbour(), Summary("llama", 24, 2048, 5632, 16, 4, 32_000, 1_100_048_384, 'b')],
        [RelatedResult()],
        ["models/test-parent"]);

    public static ComparisonReport NoneFound() => Report(
        [Harbour(), Summary("llama", 24, 2048, 5632, 16, 4, 32_000, 1_100_048_384, 'c')],
        [NoneFoundResult()],
        ["models/test-stranger"]);

    public static ComparisonReport CannotTell() => Report(
        [Harbour(), Summary("gpt2", 12, 768, 3072, 12, 12, 50_257, 124_439_808, 'd')],
        [CannotTellResult()],
        ["models/test-other-width"]);

    public static ComparisonReport TwoReferences() => Report(
        [
            Harbour(),
            Summary("llama", 24, 2048, 5632, 16, 4, 32_000, 1_100_048_384, 'b'),
            Summary("gpt2", 12, 768, 3072, 12, 12, 50_257, 124_439_808, 'd'),
        ],
        [RelatedResult(), CannotTellResult()],
        ["models/test-parent", "models/test-other-width"]);

    private static ComparisonReport Report(IReadOnlyList<ModelSummary> models, IReadOnlyList<ComparisonResult> results, IReadOnlyList<string> addresses) => new(
        ComparisonReport.CurrentSchema,
        "0.1.0",
        new ReportOptions(SeedGiven: false, Full: false, BudgetBytes: 64L << 20, PublishedFirst: null),
        "5eed000000c0ffee",
        models[0],
        [.. models.Skip(1)],
        results,
        new RunRecord("models/test-child", addresses, "2026-01-02T03:04:05Z", 0.8125, 2, 41_943_040, [.. addresses.Select(_ => 41_943_040L)]));

    private static ModelSummary Harbour() => Summary("llama", 24, 2048, 5632, 16, 4, 32_000, 1_100_048_384, 'a') with
    {
        Findings = [new Finding("config-contradicts-shapes", "`config.json` declares 32 layers, and the tensors have 24.")],
    };

    private static ModelSummary Summary(
        string family, int layers, int width, int neurons, int heads, int groups, int vocabulary, long parameters, char digest) => new(
        family, layers, width, neurons, heads, groups, 0, vocabulary, parameters, new ModelDigest("sampled", new string(digest, 64)), []);

    private static ComparisonResult RelatedResult() => new(
        new Verdict(
            "related",
            -1187.25,
            "undetermined",
            new DetectionLimit(0.14, 0.999, 1e-6, ["unit order and residual basis kept"]),
            null,
            "The two models share trained parameters: in 22 of 24 layers the hidden units stand in the same order and agree in content. "
            + "Parent, child and sibling cannot be told apart from these two models alone.",
            ["A declaration of which model was published first (`--published-first`).", "A third model that both are suspected to come from."]),
        [
            new InheritanceKind("fine-tuned", "22 of 24 layers", new SortedDictionary<string, double> { ["meanRowCosine"] = 0.9874 }, [0.9869, 0.9878], ["mlp-neuron-order"]),
            new InheritanceKind("unchanged-tensors", "embedding", new SortedDictionary<string, double> { ["bitEqualShare"] = 1 }, null, ["component-agreement"]),
        ],
        [.. Enumerable.Range(0, 24).Select(layer => new LayerLink(layer, layer is 11 or 12 ? [] : [layer]))],
        0.9138,
        [
            new ComponentAgreement("embedding", 4_194_304, 1, 1, 0.0012),
            new ComponentAgreement("attention", 9_437_184, 0.9911, 0.0312, -0.0004),
            new ComponentAgreement("mlp", 25_165_824, 0.9874, 0.0297, 0.0008),
            new ComponentAgreement("norms", 100_352, 0.9998, 0.4121, 0.9731),
        ],
        [new Control("relabelled-pair", "The same units of the suspect under random new labels.", 1.08)],
        Assumptions(),
        [
            NeuronOrder(layer => layer is 11 or 12 ? 1 : layer is 10 or 13 ? 61 + layer : 126 + (layer % 3), 0.9874, -1190.5),
            new EvidenceItem
            {
                Test = "key-value-group-order",
                Tier = Tier.Exact,
                Statistic = 88,
                StatisticName = "hits among 96 KV groups",
                Null = "one hit a layer, whatever its size",
                NullExpectation = 24,
                Log10P = -24.06,
                PerLayer = [.. Enumerable.Range(0, 24).Select(layer => new LayerEvidence(layer, layer, 4, layer is 11 or 12 ? 0 : 4, layer is 11 or 12 ? null : 0.991))],
                Views = [new ViewEvidence("key", 88, 96), new ViewEvidence("value", 86, 96)],
                Companion = new CompanionCheck(0.9911, 0.0402, 0.0057, true, "all 96 groups, measured on relabelled pairs"),
                BytesRead = 9_437_184,
            },
            new EvidenceItem
            {
                Test = "residual-order",
                Tier = Tier.Exact,
                StatisticName = "hits among 2,048 residual dimensions",
                Null = "one hit in the whole model",
                NullExpectation = 1,
                Note = "Left out: the bytes allowed were spent on the neurons.",
            },
            .. Descriptive(0.9981, 0.991, 0.9984, 0.42),
        ],
        [new Curve("query-deviation", [0.021, 0.022], [0.021, double.NaN])],
        [new SeatPair("mlp-neuron-order", 0, 17, 17, 0.991)]);

    private static ComparisonResult NoneFoundResult() => new(
        new Verdict(
            "none-found",
            -0.2147,
            "not-applicable",
            new DetectionLimit(0.14, 0.999, 1e-6, ["unit order and residual basis kept", "at least 4 layers inherited"]),
            null,
            "No inheritance was found, provided that the order of units and the residual basis were kept. "
            + "Inherited rows closer than cosine 0.14 would have been found; a copy that was reordered and rotated would not.",
            []),
        [],
        [.. Enumerable.Range(0, 24).Select(layer => new LayerLink(layer, []))],
        null,
        [new ComponentAgreement("mlp", 25_165_824, 0.0003, 0.0001, 0.0002), new ComponentAgreement("norms", 100_352, 0.9714, 0.0214, 0.9702)],
        [new Control("relabelled-pair", "The same units of the suspect under random new labels.", 1.08)],
        Assumptions(),
        [NeuronOrder(layer => layer % 5 == 0 ? 2 : layer % 2, 0.031, -0.6918), .. Descriptive(0.9251, 0.991, 0.9716, 0.51)],
        [],
        []);

    private static ComparisonResult CannotTellResult() => new(
        new Verdict(
            "cannot-tell",
            null,
            "not-applicable",
            null,
            "no-common-width",
            "Whether anything was inherited cannot be told: the models have residual widths of 2,048 and 768, and no test of this version compares units of different width.",
            ["Both models at an earlier stage, with the same width.", "Training records of either model."]),
        [],
        [],
        null,
        [],
        [],
        [new Assumption("common-width", AssumptionStatus.Failed, "Both models have the same residual width.", "The widths are 2,048 and 768.")],
        [.. Descriptive(0.3313, 0.991, 0.1200, 0.08)],
        [],
        []);

    private static Assumption[] Assumptions() =>
    [
        new("exchangeable-start", AssumptionStatus.NotChecked, "The reference was trained from a random start by a procedure that treats units alike.",
            "This cannot be seen in the files; its publisher can show it with the training code."),
        new("not-published-sorted", AssumptionStatus.Held, "The reference does not store its units in an order made from their content.",
            "The rank correlation of seat and norm is at most 0.03 in every layer."),
        new("gate-and-up-known", AssumptionStatus.Held, "The gate and the up projection are told apart.", "Their names follow the family `llama`."),
    ];

    private static EvidenceItem NeuronOrder(Func<int, int> hits, double cosine, double log10P)
    {
        var layers = Enumerable.Range(0, 24)
            .Select(layer => new LayerEvidence(layer, layer, 128, hits(layer), hits(layer) > 0 ? cosine : null))
            .ToArray();
        var total = layers.Sum(layer => layer.Hits);
        return new EvidenceItem
        {
            Test = "mlp-neuron-order",
            Tier = Tier.Exact,
            Statistic = total,
            StatisticName = "hits among 3,072 sampled seats",
            Null = "one hit a layer, whatever its size",
            NullExpectation = 24,
            Log10P = log10P,
            PerLayer = layers,
            Views = [new ViewEvidence("gate", total, 3072), new ViewEvidence("up", Math.Max(0, total - 3), 3072), new ViewEvidence("down", Math.Max(0, total - 9), 3072)],
            Companion = new CompanionCheck(cosine, 0.0713, 0.0041, cosine > 0.0754, "all 5,632 seats of layer 0, measured on relabelled pairs"),
            BytesRead = 75_497_472,
            Note = "128 seats a layer were chosen from the seed, without looking at content.",
        };
    }

    private static EvidenceItem[] Descriptive(double deviation, double deviationPercentile, double norms, double normsPercentile) =>
    [
        Description("deviation-curve", "correlation of query and key deviations over layers", deviation, deviationPercentile,
            "median 0.71, 99 % below 0.93, among 1,770 unrelated pairs", 0.71),
        Description("norm-cosine", "cosine of norm gains", norms, normsPercentile, "0.9731 with one side shuffled", 0.9731),
        Description("tokenizer-overlap", "share of common tokens", null, null, "not computed: one model came without `tokenizer.json`", null),
    ];

    private static EvidenceItem Description(string test, string name, double? value, double? percentile, string nullPhrase, double? expectation) => new()
    {
        Test = test,
        Tier = Tier.Descriptive,
        Statistic = value,
        StatisticName = name,
        Null = nullPhrase,
        NullExpectation = expectation,
        NullPercentile = value is null ? null : percentile,
    };

}
