using System.Globalization;
using Pedigree.Alignment;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;

namespace Pedigree.Lineage;

/// <content>Heads, experts and tokens of a map.</content>
internal static partial class MapFile
{
    private const string SuspectTokens = "tokens.suspect";
    private const string ReferenceTokens = "tokens.reference";

    private static string Attention(int layer) => string.Create(CultureInfo.InvariantCulture, $"attention.{layer}.");

    private static string Routers(int layer) => string.Create(CultureInfo.InvariantCulture, $"routers.{layer}.");

    private static void AddParts(List<(string, ElementType, long[], ReadOnlyMemory<byte>)> tensors, RecoveredMap map)
    {
        void Integer(string name, int[] values) => tensors.Add((name, ElementType.I32, [values.Length], Bytes(values)));

        foreach (var heads in map.Heads)
        {
            var prefix = Attention(heads.SuspectLayer);
            long groups = heads.SuspectGroups.Length;
            Integer(prefix + "reference_layer", [heads.ReferenceLayer]);
            Integer(prefix + "suspect_heads", heads.SuspectHeads);
            Integer(prefix + "reference_heads", heads.ReferenceHeads);
            Integer(prefix + "suspect_groups", heads.SuspectGroups);
            Integer(prefix + "reference_groups", heads.ReferenceGroups);
            var (size, values) = ((long)Math.Sqrt(heads.KeyMaps.Length / groups), (long)Math.Sqrt(heads.ValueMaps.Length / groups));
            tensors.Add((prefix + "key_maps", ElementType.F32, [groups, size, size], Bytes(heads.KeyMaps)));
            tensors.Add((prefix + "value_maps", ElementType.F32, [groups, values, values], Bytes(heads.ValueMaps)));
        }

        foreach (var experts in map.Experts)
        {
            var prefix = Routers(experts.SuspectLayer);
            Integer(prefix + "reference_layer", [experts.ReferenceLayer]);
            Integer(prefix + "suspect_experts", experts.Suspect);
            Integer(prefix + "reference_experts", experts.Reference);
        }

        if (map.Tokens is var (own, other))
        {
            Integer(SuspectTokens, own);
            Integer(ReferenceTokens, other);
        }
    }

    private static RecoveredHeads HeadsOf(ITensorSource file, string path, int layer, FoldedModel suspect, FoldedModel reference)
    {
        var prefix = Attention(layer);
        var other = LayerOf(file, path, prefix, reference);
        if (AttentionRows.Read(suspect, layer) is not { } one || AttentionRows.Read(reference, other) is not { } two
            || one.Heads.Dimension != two.Heads.Dimension || one.ValueRows != two.ValueRows)
        {
            throw new CheckpointException($"`{path}`: `{prefix}*` maps heads, and those of layer {layer} and of layer {other} of the reference are not of one known size.", path);
        }

        var (heads, groups) = (Pairs(file, path, prefix, "heads", one.Heads.Query, two.Heads.Query), Pairs(file, path, prefix, "groups", one.Heads.KeyValue, two.Heads.KeyValue));
        var (keys, values) = (one.Heads.Dimension * one.Heads.Dimension, one.ValueRows * one.ValueRows);
        var result = new RecoveredHeads(
            layer, other, heads.Suspect, heads.Reference, groups.Suspect, groups.Reference,
            Floats(file, path, prefix + "key_maps", checked(groups.Suspect.Length * keys)), Floats(file, path, prefix + "value_maps", checked(groups.Suspect.Length * values)));
        return Array.TrueForAll(result.KeyMaps, float.IsFinite) && Array.TrueForAll(result.ValueMaps, float.IsFinite) ? result
            : throw new CheckpointException($"`{path}`: `{prefix}*` holds values that are not finite.", path);
    }

    private static RecoveredExperts ExpertsOf(ITensorSource file, string path, int layer, FoldedModel suspect, FoldedModel reference)
    {
        var prefix = Routers(layer);
        var other = LayerOf(file, path, prefix, reference);
        var (own, theirs) = Pairs(
            file, path, prefix, "experts", suspect.Stored.Find(new Role(Part.Router, layer))?.Rows ?? 0, reference.Stored.Find(new Role(Part.Router, other))?.Rows ?? 0);
        return new RecoveredExperts(layer, other, own, theirs);
    }

    private static (int[] Suspect, int[] Reference) TokensOf(ITensorSource file, string path, FoldedModel suspect, FoldedModel reference)
    {
        var own = Integers(file, path, SuspectTokens, null);
        var other = Integers(file, path, ReferenceTokens, own.Length);
        var (rows, theirs) = (suspect.Stored.Find(new Role(Part.Embedding))?.Rows ?? 0, reference.Stored.Find(new Role(Part.Embedding))?.Rows ?? 0);
        return own.All(token => token >= 0 && token < rows) && other.All(token => token >= 0 && token < theirs) ? (own, other)
            : throw new CheckpointException($"`{path}`: `tokens.*` names tokens beyond the {rows} and {theirs} that the models have.", path);
    }

    // One-to-one and ascending in the suspect.
    private static (int[] Suspect, int[] Reference) Pairs(ITensorSource file, string path, string prefix, string what, int most, int mostOther)
    {
        var own = Integers(file, path, $"{prefix}suspect_{what}", null);
        var other = Integers(file, path, $"{prefix}reference_{what}", own.Length);
        var valid = own.All(unit => unit >= 0 && unit < most) && other.All(unit => unit >= 0 && unit < mostOther)
            && own.Zip(own.Skip(1)).All(pair => pair.First < pair.Second) && other.Distinct().Count() == other.Length;
        return valid ? (own, other)
            : throw new CheckpointException($"`{path}`: `{prefix}*_{what}` is no one-to-one map between {most} and {mostOther} {what}, ascending in the suspect.", path);
    }
}
