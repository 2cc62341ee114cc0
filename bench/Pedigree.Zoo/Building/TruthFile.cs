using System.Runtime.InteropServices;
using System.Text.Json;
using Pedigree.Zoo.Manipulations;

namespace Pedigree.Zoo.Building;

/// <summary>Writes the maps of a <see cref="Truth"/> as <c>truth.json</c> beside a model.</summary>
internal static class TruthFile
{
    public const string Name = "truth.json";

    /// <summary>Writes the maps. A rotation is written as base64 of little-endian doubles, row by row, from x to.</summary>
    public static void Write(string folder, Truth truth)
    {
        var residual = truth.Residual;
        var content = new
        {
            layers = truth.Layers,
            experts = truth.Experts,
            neurons = truth.Neurons,
            queryHeads = truth.QueryHeads,
            keyValueHeads = truth.KeyValueHeads,
            tokens = truth.Tokens,
            residual = residual.Sources is null
                ? (object)new { from = residual.From, to = residual.To, matrix = Convert.ToBase64String(MemoryMarshal.AsBytes(residual.ToMatrix().AsSpan())) }
                : new { from = residual.From, to = residual.To, sources = residual.Sources, signs = residual.Signs },
        };
        File.WriteAllText(Path.Combine(folder, Name), JsonSerializer.Serialize(content) + "\n");
    }
}
