namespace Pedigree.Tests.Lineage;

/// <summary>Small models that other people trained and published, with the labels of data/models/pairs.tsv.</summary>
internal static class PublishedModels
{
    /// <summary>One model of each family; no two of them share weights.</summary>
    public static readonly string[] OnePerFamily =
    [
        "llama2c/stories260K", "llama2xs/llama2xs_model", "makemore/manal", "makemore/vkerem0_turkish", "makemore/jayesh_indian", "makemore/eddy_anime",
        "nanoebm/sdan_tiny_gpt", "nanoebm/sdan_tiny_ebm", "own_gpt/own_gpt_pretrained", "rwkv/tiny-rwkv-4v0-660K-FP32", "rwkv/tiny-rwkv-5v1-730K-FP32",
        "rwkv/tiny-rwkv-5v2-730K-FP32", "slm4096/kunal_ckpt",
    ];

    /// <summary>The file of a model; skips the test where the data is absent.</summary>
    public static string Address(string name) => Path.Combine(Repository.RequireShared("data", "models"), name + ".safetensors");

    /// <summary>Labelled pairs of two models that both exist as safetensors, without the extension.</summary>
    /// <param name="relation">How the label begins.</param>
    public static IReadOnlyList<(string One, string Two)> Pairs(string relation)
    {
        var folder = Repository.RequireShared("data", "models");
        bool Exists(string name) => File.Exists(Path.Combine(folder, name + ".safetensors"));
        return
        [
            .. File.ReadLines(Path.Combine(folder, "pairs.tsv")).Skip(1).Select(line => line.Split('\t'))
                .Where(fields => fields[2].StartsWith(relation, StringComparison.Ordinal))
                .Select(fields => (One: Path.ChangeExtension(fields[0], null), Two: Path.ChangeExtension(fields[1], null)))
                .Where(pair => pair.One != pair.Two && Exists(pair.One) && Exists(pair.Two)).Distinct(),
        ];
    }
}
