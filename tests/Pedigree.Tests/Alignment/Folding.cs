using Pedigree.Alignment;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Units;

namespace Pedigree.Tests.Alignment;

/// <summary>Models in the normal form that an alignment reads.</summary>
internal static class Folding
{
    /// <summary>The normal form of a model.</summary>
    public static FoldedModel Of(ITensorSource source) => new(new ModelReader(source, AnatomyReader.Read(source)));
}
