using Pedigree.Anatomy.Inference;
using Pedigree.Checkpoints;

namespace Pedigree.Anatomy;

/// <summary>Finds out what each tensor of a checkpoint is for, from names, shapes and a few values. config.json is only checked against the result.</summary>
public static class AnatomyReader
{
    // A family whose names leave more of the matrices unexplained than shapes alone do was the wrong guess.
    private const double EnoughExplained = 0.9;

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
        var anatomy = Named(source);
        if (anatomy is null || Explained(anatomy) < EnoughExplained)
        {
            var unnamed = UnknownArchitecture.Read(source, reader);
            anatomy = anatomy is null || Explained(unnamed) > Explained(anatomy) ? unnamed : anatomy;
        }

        var rest = anatomy.NotUnderstood.ToLookup(tensor => FixedTables.IsFixed(reader, tensor));
        anatomy = anatomy with { Fixed = [.. rest[true]], NotUnderstood = [.. rest[false]] };
        anatomy = anatomy with { Heads = HeadLayoutInference.Infer(reader, anatomy) };
        return anatomy with { Findings = [.. anatomy.Findings, .. Findings(source, reader, anatomy)] };
    }

    private static ModelAnatomy? Named(ITensorSource source)
    {
        if (FamilyMatch.Best(source.Tensors) is not { } match)
        {
            return null;
        }

        var anatomy = ViewAssembler.Assemble(match.Claims, source.Tensors, match.Family.Id);
        return match.OtherStacks.Count == 0 ? anatomy : anatomy with
        {
            Findings = [.. anatomy.Findings, new AnatomyFinding("several-stacks", $"Further layers were left alone, at: {string.Join(", ", match.OtherStacks.Take(8))}.")],
        };
    }

    private static IEnumerable<AnatomyFinding> Findings(ITensorSource source, WeightReader reader, ModelAnatomy anatomy)
    {
        foreach (var finding in ConfigClaims.Check(source.SideFiles, anatomy))
        {
            yield return finding;
        }

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
                Part.Query => anatomy.Find(role with { Part = Part.AttentionOutput }) is not { } output || output.Columns == view.Rows,
                Part.Key => anatomy.Find(role with { Part = Part.Value }) is not { } value || value.Rows == view.Rows,
                _ => true,
            };
            if (!fits)
            {
                return role.Layer;
            }
        }

        return null;
    }

    // Share of the matrix entries that have a role.
    private static double Explained(ModelAnatomy anatomy)
    {
        var understood = anatomy.Views.Values.Where(view => view.Rows > 1).Sum(view => (double)view.Count);
        var left = anatomy.NotUnderstood.Where(tensor => tensor.Shape.Length > 1).Sum(tensor => (double)tensor.Count);
        return understood + left > 0 ? understood / (understood + left) : 0;
    }
}
