using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pedigree.Zoo.Building;

/// <summary>A zoo on disk and the truth about it: <c>manifest.json</c> beside the folders of the models. Immutable.</summary>
/// <param name="Zoo">Which zoo it is.</param>
/// <param name="Models">Its models, parents before children.</param>
internal sealed record Manifest(string Zoo, IReadOnlyList<ManifestModel> Models)
{
    public const string FileName = "manifest.json";

    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Reads a manifest.</summary>
    /// <param name="path">The file, or the folder that holds it.</param>
    /// <exception cref="FormatException">It is no manifest.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Manifest Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Manifest>(File.ReadAllText(FileOf(path)), s_options) is { Models: not null } manifest
                ? manifest : throw new FormatException($"{path} is no manifest");
        }
        catch (JsonException fault)
        {
            throw new FormatException($"{path} is no manifest: {fault.Message}", fault);
        }
    }

    /// <summary>Writes the manifest into a folder; a reader sees the old one or the new one, never a part.</summary>
    public void Write(string folder)
    {
        var path = Path.Combine(folder, FileName);
        File.WriteAllText($"{path}.new", JsonSerializer.Serialize(this, s_options) + "\n");
        File.Move($"{path}.new", path, overwrite: true);
    }

    /// <summary>The manifest's file, given it or its folder.</summary>
    public static string FileOf(string path) => Directory.Exists(path) ? Path.Combine(path, FileName) : path;
}

/// <summary>The truth about one model.</summary>
/// <param name="Name">Its name and its folder's.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Parents">Models whose trained parameters it has.</param>
/// <param name="Start">The random start of its training; null for children.</param>
/// <param name="Seed">Decides all random draws, 16 hexadecimal digits.</param>
/// <param name="Recipe">How it was made.</param>
/// <param name="Parameters">Number of parameters.</param>
/// <param name="Sha256">Digest of model.safetensors.</param>
/// <param name="Making">Digest of the recipe and of the inputs' digests: equal, if it need not be made again.</param>
/// <param name="IsReference">Whether models of its kind are compared with it although none descends from it.</param>
internal sealed record ManifestModel(
    string Name, string Kind, IReadOnlyList<string> Parents, string? Start, string Seed, string Recipe, long Parameters, string Sha256, string Making, bool IsReference)
{
    /// <summary>Manipulations, in order.</summary>
    public IReadOnlyList<string>? Steps { get; init; }

    /// <summary>Whether it computes what its first parent computes, but for rounding.</summary>
    public bool? KeepsFunction { get; init; }

    /// <summary>For each layer that of the first parent, -1 for none.</summary>
    public IReadOnlyList<int>? LayerMap { get; init; }

    /// <summary>For each layer, the weight of each parent of a merge.</summary>
    public IReadOnlyList<IReadOnlyList<double>>? MergeWeights { get; init; }

    /// <summary>Losses, tokens and other numbers.</summary>
    public IReadOnlyDictionary<string, double>? Figures { get; init; }

    /// <summary>The file with the maps of neurons, heads, experts, tokens and residual dimensions; null where all is where it was.</summary>
    public string? TruthFile { get; init; }
}
