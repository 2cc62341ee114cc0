using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Lineage;
using Pedigree.Reports;

namespace Pedigree.Cli;

/// <summary>The work that commands ask the library for; tests put something small in its place.</summary>
/// <param name="Compare">Compares a suspect with references.</param>
/// <param name="Inspect">Says what a model consists of; with digests of all values if the second argument says so.</param>
internal sealed record Engine(
    Func<ComparisonRequest, IProgressSink, CancellationToken, ComparisonReport> Compare,
    Func<string, bool, CancellationToken, InspectionReport> Inspect)
{
    public static Engine Library { get; } = new(Comparison.Run, InspectModel);

    private static InspectionReport InspectModel(string path, bool withDigests, CancellationToken cancellation)
    {
        using var source = Checkpoint.Open(path);
        var anatomy = AnatomyReader.Read(source);
        return Inspection.Of(
            source, anatomy, Product.Version, ModelMeasurement.Of(source, anatomy, options: null, cancellation),
            withDigests ? ContentDigest.Compute(source, anatomy, Environment.ProcessorCount, cancellation) : null);
    }
}
