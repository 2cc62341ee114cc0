using Pedigree.Anatomy;
using Pedigree.Units;

namespace Pedigree.Lineage;

/// <summary>States what a model is, for the report.</summary>
internal static class ModelDescription
{
    /// <summary>The summary of an opened model.</summary>
    public static ModelSummary Of(ModelReader model, byte[] digest)
    {
        var anatomy = model.Anatomy;
        var neurons = anatomy.Views.Where(pair => pair.Key.Part == Part.Up && pair.Key.Layer == 0).Select(pair => pair.Value.Rows).FirstOrDefault();
        return new ModelSummary(
            anatomy.Family, anatomy.Layers, anatomy.Width, neurons, anatomy.Heads?.Query, anatomy.Heads?.KeyValue, anatomy.Experts,
            anatomy.Find(new Role(Part.Embedding))?.Rows ?? 0, anatomy.ParameterCount, new ModelDigest("sampled", Convert.ToHexStringLower(digest)),
            [.. model.Source.Findings.Select(finding => new Finding(finding.Id, finding.Text)), .. anatomy.Findings.Select(finding => new Finding(finding.Id, finding.Text))]);
    }
}
