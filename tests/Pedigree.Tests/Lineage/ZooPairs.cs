using Pedigree.Tests.Evidence.Exact;

namespace Pedigree.Tests.Lineage;

/// <summary>The trained models of the zoo by what became of them (zoo/truth.tsv), and the pairs that the tests ask about.</summary>
public sealed class ZooPairs
{
    /// <summary>Children of A1 that kept unit order and residual basis, wholly or in some layers.</summary>
    public static readonly string[] OrderKept =
    [
        "ft", "ft2", "copy", "quant4", "noise", "lora", "scaled", "cpt", "fused", "vocab", "merge", "mergeunrelated", "newtokenizer", "transplant",
        "upcycled", "upcycledfresh", "depthpruned", "depthup",
    ];

    /// <summary>Children of A1 whose order, basis or width was changed.</summary>
    public static readonly string[] Disguised = ["permuted", "rotated", "disguised", "cptdisguised", "widthpruned"];

    /// <summary>Models that share no weights with A1, its children or each other.</summary>
    public static readonly string[] Unrelated = ["A2", "A3", "A4", "W1", "distilled"];

    // A search to the end takes seconds, and there are 114 such pairs: of a child and a model that it does not come from, every third is compared, others in every run. Nothing else is drawn,
    // so a pair that fails, which is named, fails again.
    private const int ChildrenPart = 3;
    private static readonly int Draw = (int)(PlantedUnits.FreshSeed() % ChildrenPart);

    /// <summary>Makes all comparisons at once where the zoo is present.</summary>
    public ZooPairs()
    {
        if (Repository.Shared("zoo") is { } zoo)
        {
            Comparisons.Prepare(All().Distinct().Select(pair => (Path.Combine(zoo, pair.Suspect), Path.Combine(zoo, pair.Reference))));
        }
    }

    /// <summary>Pairs without any tie: the unrelated models with A1, with each other both ways round, and with some of the children, drawn.</summary>
    public static IEnumerable<(string Suspect, string Reference)> WithoutTie()
    {
        foreach (var one in Unrelated)
        {
            foreach (var other in Unrelated.Where(other => other != one).Append("A1").Append("S1"))
            {
                yield return (one, other);
            }

            yield return ("A1", one);
            var number = Array.IndexOf(Unrelated, one);
            foreach (var child in OrderKept.Concat(Disguised).Where(child => (child, one) is not ("mergeunrelated", "A2")))
            {
                if (number++ % ChildrenPart == Draw)
                {
                    yield return (child, one);
                }
            }
        }
    }

    private static IEnumerable<(string Suspect, string Reference)> All()
    {
        foreach (var child in OrderKept.Concat(Disguised))
        {
            yield return (child, "A1");
            yield return ("A1", child);
            yield return (child, "S1");
        }

        yield return ("mergeunrelated", "A2");
        yield return ("A2", "mergeunrelated");
        yield return ("A1", "S1");
        yield return ("S1", "A1");
        foreach (var pair in WithoutTie())
        {
            yield return pair;
        }
    }
}
