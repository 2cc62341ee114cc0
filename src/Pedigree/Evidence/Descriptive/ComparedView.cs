using Pedigree.Anatomy;
using Pedigree.Checkpoints;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Two matrices with the same role and the same size, and the rows of them that are compared.</summary>
/// <param name="Role">The role in both models.</param>
/// <param name="Reference">The matrix of the reference.</param>
/// <param name="Suspect">The matrix of the suspect.</param>
/// <param name="Runs">Rows that are read; the same in both.</param>
internal sealed record ComparedView(Role Role, TensorView Reference, TensorView Suspect, IReadOnlyList<RowRun> Runs)
{
    /// <summary>Bytes that both reads take together.</summary>
    public long Bytes =>
        RowRuns.Rows(Runs) * Reference.Columns * (Reference.Tensor.Type.Size() + Suspect.Tensor.Type.Size());
}
