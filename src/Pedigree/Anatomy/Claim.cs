using Pedigree.Anatomy.Families;
using Pedigree.Checkpoints;

namespace Pedigree.Anatomy;

/// <summary>What somebody holds a tensor to be, by name or by shape; the shapes have yet to agree.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Pattern">What it is held to be.</param>
/// <param name="Layer">Layer from 0; -1 outside the layers.</param>
/// <param name="Expert">Expert from 0, or <see cref="Role.Dense"/> or <see cref="Role.Shared"/>.</param>
/// <param name="IsBias">Whether it is the bias that goes with the pattern.</param>
internal sealed record Claim(StoredTensor Tensor, TensorPattern Pattern, int Layer, int Expert, bool IsBias);
