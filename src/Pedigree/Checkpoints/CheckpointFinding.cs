namespace Pedigree.Checkpoints;

/// <summary>Something in the files of a checkpoint that a reader should know: what was skipped, what is suspicious.</summary>
/// <param name="Id">Stable identifier in kebab case, such as <c>one-part-of-several</c>.</param>
/// <param name="Text">One sentence; text that a file supplied is quoted and escaped in it.</param>
public sealed record CheckpointFinding(string Id, string Text);
