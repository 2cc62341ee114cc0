using Pedigree.Evidence;
using Pedigree.Lineage;
using Pedigree.Tests.Reports;

namespace Pedigree.Tests.Cli.Html;

/// <summary>Reports made by hand for every kind of verdict and shape that a page must show. No figure in them was measured.</summary>
internal static class PageSamples
{
    public static readonly string[] Names =
        ["related", "none-found", "cannot-tell", "two", "identical", "derived", "derived-reversed", "siblings", "shared-initialisation", "calibrated", "order-without-content", "one-layer", "deep", "experts", "bare"];

    public static ComparisonReport Of(string name)
    {
        var (related, none) = (SampleReports.Related(), SampleReports.NoneFound());
        var result = related.Results[0];
        return name switch
        {
            "identical" => With(related, result with { Verdict = result.Verdict with { Relation = "identical", Headline = "The two models are identical: all 1,100,048,384 values are equal bit for bit.", Direction = "not-applicable" } }),
            "derived" => Declared(related, "reference", "suspect-from-reference"),
            "derived-reversed" => Declared(related, "suspect", "reference-from-suspect"),
            "siblings" => With(related, result with { Verdict = result.Verdict with { Direction = "siblings" } }),
            "shared-initialisation" => With(related, result with { Verdict = result.Verdict with { Relation = "shared-initialisation", Reason = "same-start-not-excluded", Direction = "not-applicable" } }),
            "calibrated" => With(none, Calibrated(none.Results[0])),
            "order-without-content" => With(none, OrderWithoutContent(none.Results[0])),
            "one-layer" => Layers(related, 1),
            "deep" => Layers(related, 94),
            "experts" => With(related with { Suspect = related.Suspect with { Experts = 4 } }, result with
            {
                LayerMap = [.. result.LayerMap.Select(link => link.ReferenceLayers.Count == 0 ? link : link with { Experts = [.. Enumerable.Range(0, 4).Select(expert => new ExpertLink(expert, link.SuspectLayer, -1, 0.9))] })],
            }),
            "bare" => With(SampleReports.CannotTell(), SampleReports.CannotTell().Results[0] with { Evidence = [], Assumptions = [] }),
            _ => ReportJsonTests.Sample(name),
        };
    }

    /// <summary>Samples of <see cref="Names"/> whose shape no page of the gallery has.</summary>
    public static readonly string[] ForBrowser = ["two", "calibrated", "deep", "experts", "bare"];

    /// <summary>Leaves a page in the folder that the environment variable PEDIGREE_PAGES names, for the tests in a browser; does nothing without it.</summary>
    public static void Leave(string name, WrittenPage page)
    {
        if (Environment.GetEnvironmentVariable("PEDIGREE_PAGES") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, $"{name}.html"), page.Bytes);
        }
    }

    /// <summary>A report that says the same hostile thing wherever a file can make it say something.</summary>
    public static ComparisonReport WithText(string text)
    {
        var sample = SampleReports.Related();
        var result = sample.Results[0];
        return sample with
        {
            Suspect = sample.Suspect with { Family = text, Findings = [new Finding(text, text)] },
            Run = sample.Run with { SuspectAddress = text, ReferenceAddresses = [$"{text}2"], StartedAt = text },
            Results =
            [
                result with
                {
                    Verdict = result.Verdict with { Headline = text, Reason = text, Settles = [text] },
                    Kinds = [new InheritanceKind(text, text, new Dictionary<string, double> { [text] = 1 }, null, [text])],
                    Assumptions = [new Assumption(text, AssumptionStatus.NotChecked, text, text)],
                    Controls = [new Control(text, text, 1)],
                    Evidence = [.. result.Evidence.Select(item => item with { Test = text, StatisticName = text, Null = text, Note = text })],
                    Curves = [new Curve(text, [1, 2], [2, 1])],
                },
            ],
        };
    }

    private static ComparisonReport With(ComparisonReport report, ComparisonResult result) => report with { Results = [result] };

    private static ComparisonReport Declared(ComparisonReport report, string first, string direction) => With(report, report.Results[0] with
    {
        Verdict = report.Results[0].Verdict with { Relation = "derived", Direction = direction, Reason = "same-start-not-excluded" },
    }) with
    {
        Options = report.Options with { PublishedFirst = first },
    };

    private static ComparisonResult Calibrated(ComparisonResult result) => CalibratedSample.AddTo(result) with
    {
        Verdict = result.Verdict with { Relation = "related", Tier = "calibrated", Direction = "undetermined", Log10P = -1.2 },
        Kinds = [new InheritanceKind("neurons-reordered", "MLP neurons", new Dictionary<string, double> { ["keptSeatShare"] = 0.01 }, null, ["two-view-agreement"])],
        Evidence =
        [
            .. result.Evidence.Where(item => item.Tier == Tier.Exact),
            new EvidenceItem
            {
                Test = "two-view-agreement",
                Tier = Tier.Calibrated,
                Statistic = 0.94,
                StatisticName = "share of neurons on which two views agree, reached in a quarter of the layers",
                Null = "15 pairs of unrelated models reach at most 5.0 %",
                NullExpectation = 0.05,
                Log10P = -1.2,
                PerLayer = [.. Enumerable.Range(0, 24).Select(layer => new LayerEvidence(layer, 23 - layer, 128, 121, 0.97))],
            },
            .. Scores(result),
        ],
        Seats = [.. Enumerable.Range(0, 400).SelectMany(i => new[] { new SeatPair("mlp-neuron-order", 0, i * 7 % 400, i, 0.03), new SeatPair("two-view-agreement", 0, i, i, 0.9) })],
        Curves = [new Curve("query-deviation", [1, 2, double.NaN, 4], [4, 3, 2]) { NullBand = [new BandPoint(-2, -1, 1, 2), new BandPoint(-2, -1, 1, 2)], NullBandSource = "no models, made by hand" }],
    };

    private static IEnumerable<EvidenceItem> Scores(ComparisonResult result) => result.Evidence.Where(item => item.Tier == Tier.Descriptive).Select((item, index) => index > 0 ? item : item with
    {
        NullGroups = [new NullGroup("pairs made by hand", "unrelated-same-recipe", 100, 0.9, [new NullPoint(0.05, 0.2), new NullPoint(0.5, 0.7), new NullPoint(1, 0.99)]), new NullGroup("one point", "related", 1, 0, [new NullPoint(1, 1)])],
    });

    private static ComparisonResult OrderWithoutContent(ComparisonResult result) => result with
    {
        Verdict = result.Verdict with { Relation = "cannot-tell", Reason = "order-without-content", Log10P = -320.5, Settles = ["An earlier checkpoint of either model."] },
        Seats = [.. Enumerable.Range(0, 300).Select(i => new SeatPair("mlp-neuron-order", 0, i, i, 0.02))],
    };

    private static ComparisonReport Layers(ComparisonReport report, int layers) => With(report with { Suspect = report.Suspect with { Layers = layers }, References = [report.References[0] with { Layers = layers }] }, report.Results[0] with
    {
        LayerMap = [.. Enumerable.Range(0, layers).Select(layer => new LayerLink(layer, layer % 9 == 8 ? [] : [layer]))],
        Evidence = [.. report.Results[0].Evidence.Select(item => item.PerLayer.Count == 0 ? item : item with
        {
            PerLayer = [.. Enumerable.Range(0, layers).Select(layer => new LayerEvidence(layer, layer, 128, layer % 9 == 8 ? 1 : 128, 0.9))],
        })],
        Curves = [new Curve("query-deviation", [.. Enumerable.Range(0, layers).Select(layer => 0.1 + (0.01 * layer))], [.. Enumerable.Range(0, layers).Select(layer => 0.1 + (0.02 * layer))])],
    });
}
