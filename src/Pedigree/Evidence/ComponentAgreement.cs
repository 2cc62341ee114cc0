namespace Pedigree.Evidence;

/// <summary>How closely one component agrees, over the values that were read.</summary>
/// <param name="Component">embedding, attention, mlp, norms, unembedding, router, bias.</param>
/// <param name="Compared">Values compared.</param>
/// <param name="Cosine">Cosine of the values, seat by seat; null if nothing was comparable.</param>
/// <param name="BitEqualShare">Share of values that are equal bit for bit once decoded.</param>
/// <param name="NullCosine">The same cosine with one side's units shifted by one seat: what no lineage gives.</param>
public sealed record ComponentAgreement(string Component, long Compared, double? Cosine, double? BitEqualShare, double? NullCosine);
