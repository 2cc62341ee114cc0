using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Lineage;
using Pedigree.Units;
using Pedigree.Zoo.Benching;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Storage;

namespace Pedigree.Zoo.Sweeping;

/// <summary>Random compositions of manipulations over freshly trained models of random shapes, and strangers put through the same, held against the truth.</summary>
/// <param name="say">Receives a line a comparison and the summary.</param>
internal sealed class Sweep(Action<string> say)
{
    private static readonly JsonSerializerOptions s_options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    /// <summary>Runs families one after another.</summary>
    /// <param name="seed">Seed of the first; each further one has the next.</param>
    /// <param name="families">How many.</param>
    /// <param name="file">Receives a JSON line a comparison, after those that are there; null for none.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The number of unrelated pairs that were accused.</returns>
    public int Run(ulong seed, int families, string? file, CancellationToken cancellation)
    {
        var results = new List<SweepResult>();
        using var lines = file is null ? null : new StreamWriter(file, append: true) { AutoFlush = true };
        for (var i = 0; i < families; i++)
        {
            var own = seed + (ulong)i;
            foreach (var suspect in new SweepFamily(own, cancellation).Suspects())
            {
                cancellation.ThrowIfCancellationRequested();
                var result = Compare(own, suspect, cancellation);
                results.Add(result);
                lines?.WriteLine(JsonSerializer.Serialize(result, s_options));
                say(Line(result));
            }
        }

        say(SweepTable.Markdown(seed, families, results));
        return results.Count(result => result.Outcome == Outcome.FalselyAccused);
    }

    /// <summary>Compares a suspect with its reference and judges the verdict.</summary>
    public static SweepResult Compare(ulong seed, SweepFamily.Suspect suspect, CancellationToken cancellation)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using var one = suspect.IsRenamed ? Renamed(suspect.Model) : ModelFiles.ToSource(suspect.Model, ElementType.BF16);
        using var two = ModelFiles.ToSource(suspect.Reference, ElementType.BF16);
        var measured = PairComparison.Measure(
            new ModelReader(one, AnatomyReader.Read(one)), new ModelReader(two, AnatomyReader.Read(two)), [], new ReadingPlan(seed, true, long.MaxValue / 4), 1, null, null, cancellation);
        var verdict = measured.Result(0, null);
        int[] map = [.. verdict.LayerMap.Select(link => link.ReferenceLayers.Count == 0 ? -1 : link.ReferenceLayers[0])];
        var wrong = suspect.Layers is { } truth && truth.Length == map.Length ? map.Zip(truth).Count(pair => pair.First >= 0 && pair.First != pair.Second) : 0;
        var relation = verdict.Verdict.Relation;
        var shape = suspect.Reference.Shape;
        return new SweepResult(
            seed,
            string.Create(CultureInfo.InvariantCulture, $"d {shape.Width}, {shape.Layers} layers, {shape.Neurons} neurons{(shape.Experts > 0 ? $" x {shape.Experts}" : "")}, heads {shape.QueryHeads}/{shape.KeyValueHeads}, {(shape.Gated ? "gated" : "plain")}{(shape.QueryKeyValueBias ? ", biases" : "")}{(shape.QueryKeyNorm ? ", head norms" : "")}{(shape.Tied ? ", tied" : "")}"),
            suspect.Kind, suspect.Composition, suspect.IsRenamed ? "renamed" : "usual", suspect.Tie, Expectation.Judge(suspect.Tie, relation), relation,
            measured.Alignment.Agreement?.QuarterShare, measured.Alignment.Agreement?.Threshold, measured.Start(0).Text, map, suspect.Layers, wrong, Math.Round(clock.Elapsed.TotalSeconds, 2));
    }

    // Other names, the same in every layer, and no description: what a thorough thief leaves.
    private static MemorySource Renamed(DecoderModel model)
    {
        using var usual = ModelFiles.ToSource(model, ElementType.BF16);
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        string Word(string word) => word.All(char.IsAsciiDigit) || word is "weight" or "bias" ? word
            : words.TryGetValue(word, out var known) ? known : words[word] = $"x{words.Count}";
        var renamed = new MemorySource();
        foreach (var tensor in usual.Tensors)
        {
            var bytes = new byte[tensor.Length];
            usual.Read(tensor, 0, bytes);
            renamed.Add(string.Join('.', tensor.Name.Split('.').Select(Word)), tensor.Type, bytes, [.. tensor.Shape]);
        }

        return usual.SideFiles.TryGetValue("vocab.json", out var vocabulary) ? renamed.With("vocab.json", vocabulary) : renamed;
    }

    /// <summary>A result for a person.</summary>
    public static string Line(SweepResult result) => string.Create(CultureInfo.InvariantCulture,
        $"{(result.Outcome == Outcome.Right && result.WrongLayers == 0 ? "ok  " : result.Outcome == Outcome.Right ? "MAP " : $"{result.Outcome} ")} {result.Seed} {result.Kind} [{result.Composition}] {result.Stored} ({result.Reference}) -> {result.Relation}; share {result.QuarterShare:0.000} of {result.Threshold:0.000}; layers {string.Join(",", result.LayerMap)}{(result.TrueMap is { } truth ? $", in truth {string.Join(",", truth)}" : "")}; {result.Start}; {result.Seconds:0.0} s");
}
