namespace Pedigree.Checkpoints.Pickles;

/// <summary>What a pickle asks for, as values and calls that nobody has carried out.</summary>
/// <param name="Value">Its value.</param>
/// <param name="Persistent">Everything outside the pickle that it refers to, in the order in which it does.</param>
internal sealed record PickleDocument(object? Value, IReadOnlyList<PicklePersistent> Persistent);
