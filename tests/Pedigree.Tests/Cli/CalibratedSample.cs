using Pedigree.Evidence;
using Pedigree.Lineage;

namespace Pedigree.Tests.Cli;

/// <summary>A calibrated test made by hand, as a comparison after alignment will report one. No figure in it was measured.</summary>
internal static class CalibratedSample
{
    public static ComparisonResult AddTo(ComparisonResult result) => result with
    {
        Evidence =
        [
            .. result.Evidence.Where(item => item.Tier == Tier.Exact),
            new EvidenceItem
            {
                Test = "aligned-neuron-agreement",
                Tier = Tier.Calibrated,
                Statistic = 2904,
                StatisticName = "neurons on which the matches by gate and by up and down agree, of 3,072",
                Null = "the largest of 552 pairs of different layers of the same two models",
                NullExpectation = 31,
                Log10P = -2.74,
                PerLayer = [.. Enumerable.Range(0, 24).Select(layer => new LayerEvidence(layer, layer, 128, 121, 0.97))],
                Note = "Aligned on the even layers, counted on the odd ones, and the other way round.",
            },
            .. result.Evidence.Where(item => item.Tier == Tier.Descriptive),
        ],
        Controls =
        [
            .. result.Controls,
            .. Enumerable.Range(1, 8).Select(number => new Control($"unrelated-{number}", $"Unrelated model {number} in the place of the suspect.", 20 + number)),
        ],
    };
}
