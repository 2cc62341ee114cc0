using Pedigree.Lineage;
using Pedigree.Tests.Checkpoints;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Lineage;

/// <summary>The same model gets the same verdict from every encoding, as suspect and as reference.</summary>
public sealed class EncodingTests : IDisposable
{
    private static readonly Lazy<IReadOnlyList<Verdict>> AsStored = new(() => Verdicts(SampleModel.Path("ft"), SampleModel.Path("A1"), SampleModel.Path("A2")));

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Encodings => [.. EncodedCopies.Exact, .. EncodedCopies.Lossy];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Encodings))]
    public void A_fine_tune_is_found_and_a_stranger_is_not(string encoding)
    {
        var child = EncodedCopies.Write(SampleModel.Path("ft"), encoding, folder.Join("child"));
        var parent = EncodedCopies.Write(SampleModel.Path("A1"), encoding, folder.Join("parent"));

        Assert.Equal(["related", "none-found"], AsStored.Value.Select(verdict => verdict.Relation));
        // The stranger is searched to the end, which takes most of the time: under a third of the encodings, drawn anew in each run.
        string[] references = PlantedUnits.FreshSeed() % 3 == 0 ? [SampleModel.Path("A1"), SampleModel.Path("A2")] : [SampleModel.Path("A1")];
        Assert.Equal(AsStored.Value.Take(references.Length).Select(verdict => verdict.Relation), Verdicts(child, references).Select(verdict => verdict.Relation));
        Assert.Equal("related", Assert.Single(Verdicts(child, parent)).Relation);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void A_sibling_is_found(string encoding)
    {
        var zoo = SharedData.Find("zoo");
        Assert.SkipWhen(zoo is null, "There is no folder ../shared/zoo beside the repository.");
        var sibling = EncodedCopies.Write(Path.Combine(zoo!, "ft2"), encoding, folder.Join("sibling"));

        Assert.Equal(
            Verdicts(Path.Combine(zoo, "ft2"), SampleModel.Path("ft")).Select(verdict => verdict.Relation),
            Verdicts(sibling, SampleModel.Path("ft")).Select(verdict => verdict.Relation));
    }

    [Fact]
    public void An_exact_copy_is_the_same_model_and_a_rounded_one_is_not()
    {
        foreach (var encoding in EncodedCopies.Exact)
        {
            var copy = EncodedCopies.Write(SampleModel.Path("ft"), encoding, folder.Join(encoding));
            Assert.Equal("identical", Verdicts(copy, SampleModel.Path("ft"))[0].Relation);
        }

        Assert.Equal("related", Verdicts(EncodedCopies.Write(SampleModel.Path("ft"), "GGUF F16", folder.Join("rounded")), SampleModel.Path("ft"))[0].Relation);
    }

    private static IReadOnlyList<Verdict> Verdicts(string suspect, params string[] references) =>
        [.. Comparison.Run(new ComparisonRequest(suspect, references) { Threads = 2 }).Results.Select(result => result.Verdict)];
}
