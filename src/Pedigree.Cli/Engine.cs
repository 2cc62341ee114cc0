using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Cli.Parsing;
using Pedigree.Cli.Terminals;
using Pedigree.Lineage;
using Pedigree.Reports;

namespace Pedigree.Cli;

/// <summary>The work that commands ask the library for; tests put something small in its place.</summary>
/// <param name="Compare">Compares a suspect with references.</param>
/// <param name="Inspect">Says what a model consists of.</param>
internal sealed record Engine(
    Func<ComparisonRequest, IProgressSink, CancellationToken, ComparisonReport> Compare,
    Func<InspectionRequest, IProgressSink, CancellationToken, InspectionReport> Inspect)
{
    public static Engine Library { get; } = new(Comparison.Run, InspectModel);

    private static InspectionReport InspectModel(InspectionRequest request, IProgressSink progress, CancellationToken cancellation)
    {
        progress.Report("Finding out what the tensors are for", 0);
        var options = request.Measurement;
        // Plain reads keep a model that is read whole out of this process's memory, where a map would count every page of it.
        var mode = options.Statistics || request.Digests ? ReadMode.Stream : ReadMode.Auto;
        using var source = Checkpoint.Open(request.Model, new CheckpointOptions { ReadMode = mode });
        if (options.Listed || options.Statistics)
        {
            TensorPattern.Require(options.Tensors, [.. source.Tensors.Select(tensor => tensor.Name)]);
        }

        var anatomy = AnatomyReader.Read(source);
        cancellation.ThrowIfCancellationRequested();
        return Inspection.Of(source, anatomy, Product.Version, Measure(), request.Digests ? Digest() : null);

        ModelMeasurement Measure()
        {
            var bytes = options.Statistics ? source.Tensors.Where(tensor => NamePattern.Matches(options.Tensors, tensor.Name)).Sum(tensor => tensor.StoredLength) : 0;
            using var reading = new ReadingProgress(source, bytes, "Measuring the tensors", progress);
            return ModelMeasurement.Of(source, anatomy, options, cancellation);
        }

        ContentDigest Digest()
        {
            using var reading = new ReadingProgress(source, source.TotalBytes, "Computing digests", progress);
            return ContentDigest.Compute(source, anatomy, options.Threads, cancellation);
        }
    }
}
