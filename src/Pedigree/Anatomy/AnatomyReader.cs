using Pedigree.Anatomy.Families;
using Pedigree.Anatomy.Inference;
using Pedigree.Checkpoints;

namespace Pedigree.Anatomy;

/// <summary>Finds out what each tensor of a checkpoint is for, from names, shapes and a few values. config.json is only checked against the result.</summary>
public static class AnatomyReader
{
    // A family whose names leave more of the matrices unexplained than shapes alone do was the wrong guess.
    private const double EnoughExplained = 0.9;

    // Towers stand beside the language model, their parts beside them; names could nest them without end.
    private const int DeepestTower = 3;

    private static readonly AnatomyFinding HeadsNotTested = new(
        "heads-not-tested", "Models of this family set apart or tie their heads by number, or do not tell which rows are whose: their order says nothing, and no test runs on it.");

    /// <summary>Reads the anatomy of a model. Reads a few megabytes at most, whatever the size of the model.</summary>
    /// <param name="source">The checkpoint; it must stay open as long as the views are used.</param>
    /// <exception cref="CheckpointException">The checkpoint can no longer be read.</exception>
    public static ModelAnatomy Read(ITensorSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.HoldsDifferences)
        {
            // The order of an adapter's rows is that of its base: it must not be tested as if the rows were weights.
            return new ModelAnatomy { Family = "adapter", Width = 0, Layers = 0, Views = new Dictionary<Role, TensorView>(), NotUnderstood = source.Tensors };
        }

        var reader = new WeightReader(source);
        var anatomy = Read(source.Tensors, reader, depth: 0);
        return anatomy with { Findings = [.. anatomy.Findings, .. ConfigClaims.Check(source.SideFiles, anatomy)] };
    }

    private static ModelAnatomy Read(IReadOnlyList<StoredTensor> all, WeightReader reader, int depth)
    {
        var scales = QuantisationScales.Of(all);
        IReadOnlyList<StoredTensor> tensors = scales.Count == 0 ? all : [.. all.Where(tensor => !scales.Contains(tensor))];
        var match = FamilyMatch.Best(tensors);
        var towers = match is null || depth >= DeepestTower ? [] : Towers.Of(tensors, match);
        IReadOnlyList<StoredTensor> own = towers.Count == 0 ? tensors : [.. tensors.Except(towers.SelectMany(tower => tower.Tensors))];
        var anatomy = match is null ? null : ViewAssembler.Assemble(match.Claims, own, match.Family.Id);
        if (anatomy is null || Explained(anatomy, towers) < EnoughExplained)
        {
            var unnamed = UnknownArchitecture.Read(own, reader);
            anatomy = anatomy is null || Explained(unnamed, towers) > Explained(anatomy, towers) ? unnamed : anatomy;
        }

        var unknown = string.Equals(anatomy.Family, UnknownArchitecture.Family, StringComparison.Ordinal);
        anatomy = FusedHeads.Split(reader, anatomy, mayBeOneAfterAnother: unknown);
        var rest = anatomy.NotUnderstood.ToLookup(tensor => FixedTables.IsFixed(reader, tensor));
        var connectors = rest[false].ToLookup(tensor => towers.Count > 0 && Towers.IsConnector(tensor.Name));
        anatomy = anatomy with
        {
            OrderedStart = match is not null && !unknown && match.Family.OrderedStart,
            Fixed = [.. rest[true]],
            NotUnderstood = [.. connectors[false]],
            Auxiliary = [.. anatomy.Auxiliary, .. connectors[true], .. scales],
            Components = [.. towers.Select(tower => new ModelComponent(tower.Prefix, Read(tower.Tensors, reader, depth + 1)))],
        };
        var untestedHeads = match is not null && !unknown && match.Family.UntestedHeads;
        anatomy = anatomy with { Heads = untestedHeads ? null : anatomy.Heads ?? LatentHeads.Of(anatomy) ?? HeadLayoutInference.Infer(reader, anatomy) };
        return anatomy with { Findings = [.. anatomy.Findings, .. untestedHeads ? [HeadsNotTested] : Array.Empty<AnatomyFinding>(), .. Findings(reader, anatomy)] };
    }

    private static IEnumerable<AnatomyFinding> Findings(WeightReader reader, ModelAnatomy anatomy)
    {
        if (UnrelatedShapes(anatomy) is { } layer)
        {
            yield return new AnatomyFinding("shapes-disagree", $"In layer {layer} the shapes of the MLP or of attention do not fit each other.");
        }

        if (UntrainedWeights.Show(reader, anatomy))
        {
            yield return new AnatomyFinding("looks-untrained", "The gains are constant and the matrices look independently drawn: nothing suggests training.");
        }
    }

    private static int? UnrelatedShapes(ModelAnatomy anatomy)
    {
        foreach (var (role, view) in anatomy.Views)
        {
            var fits = role.Part switch
            {
                Part.Gate => anatomy.Find(role with { Part = Part.Up }) is not { } up || up.Rows == view.Rows,
                Part.Up => anatomy.Find(role with { Part = Part.Down }) is not { } down || down.Columns == view.Rows,
                // Values may be shorter than queries and keys, in every head alike.
                Part.Query => anatomy.Find(role with { Part = Part.AttentionOutput }) is not { } output
                    || anatomy.Find(role with { Part = Part.Key }) is not { } key || anatomy.Find(role with { Part = Part.Value }) is not { } value
                    || (long)output.Columns * key.Rows == (long)view.Rows * value.Rows,
                _ => true,
            };
            if (!fits)
            {
                return role.Layer;
            }
        }

        return null;
    }

    // Share of the matrix entries that have a role or are known to have none; what joins towers to the model is known by its names.
    private static double Explained(ModelAnatomy anatomy, IReadOnlyList<Tower> towers)
    {
        var understood = anatomy.Views.Where(entry => entry.Value.Rows > 1).Sum(entry => (double)entry.Value.Count)
            + anatomy.Auxiliary.Where(tensor => tensor.Shape.Length > 1).Sum(tensor => (double)tensor.Count);
        var left = anatomy.NotUnderstood.Where(tensor => tensor.Shape.Length > 1 && !(towers.Count > 0 && Towers.IsConnector(tensor.Name))).Sum(tensor => (double)tensor.Count);
        return understood + left > 0 ? understood / (understood + left) : 0;
    }
}
