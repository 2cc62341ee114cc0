using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Pedigree.Lineage;
using Pedigree.Reports;
using Pedigree.Zoo.Building;

namespace Pedigree.Zoo.Benching;

/// <summary>Compares the models of a zoo with each other through the product's own verdict.</summary>
internal sealed class ZooBench
{
    private static readonly JsonSerializerOptions s_options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    private static readonly JsonSerializerOptions s_indented = new(s_options) { WriteIndented = true };

    private readonly Manifest _manifest;
    private readonly string _zoo;
    private readonly string _results;
    private readonly int _threads;
    private readonly Action<string> _say;

    /// <summary>A bench over a zoo.</summary>
    /// <param name="manifest">The manifest, or its folder.</param>
    /// <param name="results">Where results are written.</param>
    /// <param name="threads">Pairs that are compared at once.</param>
    /// <param name="say">Receives progress and the summary.</param>
    public ZooBench(string manifest, string results, int threads, Action<string> say)
    {
        (_manifest, _results, _threads, _say) = (Manifest.Read(manifest), results, threads, say);
        _zoo = Path.GetDirectoryName(Path.GetFullPath(Manifest.FileOf(manifest)))!;
        Directory.CreateDirectory(results);
    }

    /// <summary>Compares all pairs that were not compared by this program before and writes the tables.</summary>
    /// <param name="without">A model to leave out, as if it were not known; null for none.</param>
    /// <param name="cancellation">Stops the work; pairs done stay done.</param>
    /// <returns>The number of unrelated pairs that were accused.</returns>
    public int Run(string? without, CancellationToken cancellation)
    {
        var expectation = new Expectation(_manifest);
        var known = Known();
        var pairs = Pairs(without).ToArray();
        var results = new PairResult[pairs.Length];
        var done = 0;
        using (var journal = new StreamWriter(Journal, append: true))
        {
            // Pairs side by side, each on one thread: small models have little to share out.
            var gate = new Lock();
            Parallel.For(0, pairs.Length, new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellation }, i =>
            {
                var (suspect, reference) = pairs[i];
                var key = KeyOf(suspect, reference);
                var isKnown = known.TryGetValue(key, out var result);
                result ??= Compare(expectation, suspect, reference, key, cancellation);
                results[i] = Judged(expectation, result, suspect, reference);
                lock (gate)
                {
                    if (!isKnown)
                    {
                        journal.WriteLine(JsonSerializer.Serialize(result, s_options));
                        journal.Flush();
                    }

                    if (++done % 100 == 0)
                    {
                        _say($"{done} of {pairs.Length} pairs");
                    }
                }
            });
        }

        var table = BenchTable.Markdown(_manifest.Zoo, results);
        File.WriteAllText(Path.Combine(_results, "bench.md"), table);
        File.WriteAllText(Path.Combine(_results, "bench.json"), JsonSerializer.Serialize(results, s_indented) + "\n");
        _say(table);
        return results.Count(result => result.Outcome == Outcome.FalselyAccused);
    }

    private string Journal => Path.Combine(_results, "bench.journal.jsonl");

    // Every model against every other that others descend from or that has no parents; traps against those of their kind.
    private IEnumerable<(ManifestModel Suspect, ManifestModel Reference)> Pairs(string? without)
    {
        var models = _manifest.Models.Where(model => model.Name != without).ToArray();
        if (without is not null && models.Length == _manifest.Models.Count)
        {
            throw new ArgumentException($"the zoo has no model {without}", nameof(without));
        }

        var parents = models.SelectMany(model => model.Parents).ToHashSet(StringComparer.Ordinal);
        return from suspect in models
               from reference in models
               where suspect != reference && ((reference.IsReference && reference.Kind == suspect.Kind) || reference.Parents.Count == 0 || parents.Contains(reference.Name))
               select (suspect, reference);
    }

    private PairResult Compare(Expectation expectation, ManifestModel suspect, ManifestModel reference, string key, CancellationToken cancellation)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var request = new ComparisonRequest(Path.Combine(_zoo, suspect.Name), [Path.Combine(_zoo, reference.Name)]) { Threads = 1 };
        var result = Comparison.Run(request, cancellation: cancellation).Results[0];
        var verdict = result.Verdict;
        var map = expectation.LayerMap(suspect.Name, reference.Name);
        var right = map is null || result.LayerMap.Count == 0 ? (int?)null
            : result.LayerMap.Count(link => link.SuspectLayer < map.Length && (map[link.SuspectLayer] < 0 ? link.ReferenceLayers.Count == 0 : link.ReferenceLayers.SequenceEqual([map[link.SuspectLayer]])));
        return new PairResult(
            suspect.Name, reference.Name, suspect.Kind, Tie.Unrelated, Outcome.Right, verdict.Relation, verdict.Log10P, verdict.Direction,
            [.. result.Kinds.Select(kind => kind.Kind)], right, map?.Length ?? 0, Math.Round(clock.Elapsed.TotalSeconds, 3), key);
    }

    // The truth comes from the manifest of today, whatever the journal says.
    private static PairResult Judged(Expectation expectation, PairResult result, ManifestModel suspect, ManifestModel reference)
    {
        var tie = expectation.TieOf(suspect.Name, reference.Name);
        return result with
        {
            Suspect = suspect.Name,
            Reference = reference.Name,
            Kind = suspect.Kind,
            Tie = tie,
            Outcome = Expectation.Judge(tie, result.Relation),
            LayersRight = Relations.IsFound(result.Relation) ? result.LayersRight : null,
        };
    }

    private Dictionary<string, PairResult> Known()
    {
        var known = new Dictionary<string, PairResult>(StringComparer.Ordinal);
        foreach (var line in File.Exists(Journal) ? File.ReadLines(Journal) : [])
        {
            try
            {
                if (JsonSerializer.Deserialize<PairResult>(line, s_options) is { Key: not null } result)
                {
                    known[result.Key] = result;
                }
            }
            catch (JsonException)
            {
                // The last line of an interrupted run may be cut off; its pair is compared again.
            }
        }

        return known;
    }

    private static string KeyOf(ManifestModel suspect, ManifestModel reference)
    {
        var program = typeof(Comparison).Assembly.ManifestModule.ModuleVersionId;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{suspect.Name} {suspect.Sha256} {reference.Name} {reference.Sha256} {program}")));
    }
}
