using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Recipes;
using Pedigree.Zoo.Storage;

namespace Pedigree.Zoo.Building;

/// <summary>Makes the models of a zoo on disk. What is there already, made in the same way and unchanged since, is kept.</summary>
/// <param name="folder">The zoo's folder.</param>
/// <param name="threads">Threads that may work at once.</param>
/// <param name="say">Receives a line for each model.</param>
internal sealed class ZooBuilder(string folder, int threads, Action<string> say)
{
    /// <summary>Makes all models that are not there yet.</summary>
    /// <param name="zoo">Name of the zoo.</param>
    /// <param name="entries">Its models, inputs before those that need them.</param>
    /// <param name="cancellation">Stops the work; what is done stays done.</param>
    public Manifest Build(string zoo, IReadOnlyList<ZooEntry> entries, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(folder);
        var before = Existing();
        var done = new List<ManifestModel>();
        foreach (var entry in entries)
        {
            cancellation.ThrowIfCancellationRequested();
            var digests = entry.Inputs.Select(input => done.Find(model => model.Name == input)?.Sha256
                ?? throw new InvalidOperationException($"{entry.Name} comes before {input}, which it is made from"));
            var making = Making(entry, digests);
            if (before.TryGetValue(entry.Name, out var old) && old.Making == making && IsThere(old))
            {
                done.Add(old);
                continue;
            }

            var clock = System.Diagnostics.Stopwatch.StartNew();
            var last = (Step: 0, Loss: double.NaN);
            var made = entry.Make(new MakingContext(name => ModelFiles.Read(Path.Combine(folder, name)), threads, (step, loss) => last = (step, loss), cancellation));
            done.Add(Store(entry, made, making));
            // Models that are still to come keep their old lines, so that an interrupted build resumes where it was.
            new Manifest(zoo, [.. done, .. before.Values.Where(model => done.TrueForAll(other => other.Name != model.Name))]).Write(folder);
            say(string.Create(CultureInfo.InvariantCulture, $"{entry.Name}: {made.Model.Shape.Parameters:n0} parameters{(double.IsNaN(last.Loss) ? "" : $", loss {last.Loss:f3}")}, {clock.Elapsed.TotalSeconds:f1} s"));
        }

        var manifest = new Manifest(zoo, done);
        manifest.Write(folder);
        return manifest;
    }

    private Dictionary<string, ManifestModel> Existing() => File.Exists(Path.Combine(folder, Manifest.FileName))
        ? Manifest.Read(folder).Models.ToDictionary(model => model.Name, StringComparer.Ordinal)
        : new(StringComparer.Ordinal);

    private bool IsThere(ManifestModel model)
    {
        var path = Path.Combine(folder, model.Name);
        return File.Exists(Path.Combine(path, "model.safetensors")) && File.Exists(Path.Combine(path, "config.json"))
            && File.Exists(Path.Combine(path, "vocab.json")) && ModelFiles.Digest(path) == model.Sha256;
    }

    private ManifestModel Store(ZooEntry entry, Made made, string making)
    {
        var path = Path.Combine(folder, entry.Name);
        var digest = ModelFiles.Write(made.Model, path, entry.Storage, entry.Style);
        var model = new ManifestModel(
            entry.Name, entry.Kind, entry.Parents, entry.Start, entry.Seed.ToString("x16", CultureInfo.InvariantCulture), entry.Recipe, made.Model.Shape.Parameters, digest, making, entry.IsReference)
        {
            MergeWeights = made.MergeWeights,
            Figures = made.Figures.Count == 0 ? null : made.Figures,
        };
        if (made.Truth is not { } truth)
        {
            return model;
        }

        var isPlain = IsIdentity(truth, made.Model.Shape);
        if (!isPlain)
        {
            TruthFile.Write(path, truth);
        }

        return model with { Steps = truth.Steps, KeepsFunction = truth.KeepsFunction, LayerMap = truth.Layers, TruthFile = isPlain ? null : $"{entry.Name}/{TruthFile.Name}" };
    }

    private static bool IsIdentity(Truth truth, DecoderShape shape)
    {
        static bool IsRange(int[] map) => map.SequenceEqual(Truth.Range(map.Length));
        return IsRange(truth.Layers) && truth.Layers.Length == shape.Layers && truth.Experts.All(IsRange) && truth.Neurons.All(layer => layer.All(IsRange))
            && truth.QueryHeads.All(IsRange) && truth.KeyValueHeads.All(IsRange) && IsRange(truth.Tokens)
            && truth.Residual is { Sources: { } sources, Signs: { } signs } && IsRange(sources) && Array.TrueForAll(signs, sign => sign == 1);
    }

    private static string Making(ZooEntry entry, IEnumerable<string> inputDigests) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', [entry.Name, entry.Recipe, entry.Seed.ToString(CultureInfo.InvariantCulture), entry.Storage.ToString(), entry.Style?.ToString() ?? "", .. inputDigests]))));
}
