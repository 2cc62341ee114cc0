namespace Pedigree.Zoo.Benching;

/// <summary>A pair, the truth and the verdict.</summary>
/// <param name="Suspect">The model examined.</param>
/// <param name="Reference">The model that may be its parent.</param>
/// <param name="Kind">Kind of the suspect.</param>
/// <param name="Tie">The truth.</param>
/// <param name="Outcome">What the verdict is worth.</param>
/// <param name="Relation">What was said.</param>
/// <param name="Log10P">How surely.</param>
/// <param name="Direction">Which came first, as said.</param>
/// <param name="Kinds">Ways of inheritance, as said.</param>
/// <param name="LayersRight">Layers whose origin was given rightly; null where no truth or no map is at hand.</param>
/// <param name="Layers">Layers that were asked for.</param>
/// <param name="Seconds">Wall-clock time.</param>
/// <param name="Key">Digest of both models and of the program: equal, if the verdict need not be found again.</param>
internal sealed record PairResult(
    string Suspect, string Reference, string Kind, Tie Tie, Outcome Outcome, string Relation, double? Log10P, string Direction, IReadOnlyList<string> Kinds,
    int? LayersRight, int Layers, double Seconds, string Key);
