using Pedigree.Evidence;

namespace Pedigree.Lineage;

/// <summary>The complete outcome of <c>pedigree compare</c>: what is written as JSON, drawn on the terminal and checked later.
/// Everything but <see cref="Run"/> is the same bytes for the same weights, options and seed, on any number of threads.</summary>
/// <param name="Schema">Identifier and version of this shape, <c>pedigree/compare/1</c>.</param>
/// <param name="ToolVersion">Version of the program.</param>
/// <param name="Options">What was asked for.</param>
/// <param name="Seed">The seed of all sampling, 16 hexadecimal digits.</param>
/// <param name="Suspect">The model examined.</param>
/// <param name="References">The models that may be its parent, in the order given.</param>
/// <param name="Results">One for each reference, in that order.</param>
/// <param name="Run">What differs from run to run: addresses, time, threads.</param>
public sealed record ComparisonReport(
    string Schema,
    string ToolVersion,
    ReportOptions Options,
    string Seed,
    ModelSummary Suspect,
    IReadOnlyList<ModelSummary> References,
    IReadOnlyList<ComparisonResult> Results,
    RunRecord Run)
{
    /// <summary>The schema that this version writes.</summary>
    public const string CurrentSchema = "pedigree/compare/1";
}

/// <summary>The options that change a result.</summary>
/// <param name="SeedGiven">Whether the user chose the seed.</param>
/// <param name="Full">Whether everything was read.</param>
/// <param name="BudgetBytes">Bytes of each model that may be read, each counted once.</param>
/// <param name="PublishedFirst"><c>suspect</c>, <c>reference</c> or null: the user's declaration.</param>
public sealed record ReportOptions(bool SeedGiven, bool Full, long BudgetBytes, string? PublishedFirst);

/// <summary>What a model is, in a few facts.</summary>
/// <param name="Family">Name of the description that its tensors matched.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="Width">Width of the residual stream.</param>
/// <param name="Neurons">MLP neurons of layer 0 (of one expert in a mixture); 0 if unknown.</param>
/// <param name="QueryHeads">Query heads; null if not established.</param>
/// <param name="KeyValueHeads">KV groups; null if not established.</param>
/// <param name="Experts">Routed experts; 0 for a dense model.</param>
/// <param name="Vocabulary">Rows of the embedding; 0 if unknown.</param>
/// <param name="Parameters">Floating-point parameters in all tensors but fixed tables.</param>
/// <param name="Digest">Digest of the content.</param>
/// <param name="Findings">What a reader should know about the files.</param>
public sealed record ModelSummary(
    string Family, int Layers, int Width, int Neurons, int? QueryHeads, int? KeyValueHeads, int Experts, int Vocabulary,
    long Parameters, ModelDigest Digest, IReadOnlyList<Finding> Findings);

/// <summary>A digest of a model's content.</summary>
/// <param name="Kind"><c>full</c>: SHA-256 over every value in canonical order; <c>sampled</c>: over shapes and a few values of every matrix.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
public sealed record ModelDigest(string Kind, string Sha256);

/// <summary>Something that a reader should know.</summary>
/// <param name="Id">Stable identifier in kebab case.</param>
/// <param name="Text">One sentence.</param>
public sealed record Finding(string Id, string Text);

/// <summary>What can differ between two runs on the same weights.</summary>
/// <param name="SuspectAddress">Path of the suspect.</param>
/// <param name="ReferenceAddresses">Paths of the references.</param>
/// <param name="StartedAt">UTC, ISO 8601.</param>
/// <param name="Seconds">Wall-clock seconds.</param>
/// <param name="Threads">Threads used.</param>
/// <param name="SuspectBytesRead">Bytes of tensor data read from the suspect, what was read again counted again.</param>
/// <param name="ReferenceBytesRead">Bytes of tensor data read from each reference.</param>
public sealed record RunRecord(
    string SuspectAddress, IReadOnlyList<string> ReferenceAddresses, string StartedAt, double Seconds, int Threads,
    long SuspectBytesRead, IReadOnlyList<long> ReferenceBytesRead);

/// <summary>The outcome for one reference.</summary>
/// <param name="Verdict">The relation, its strength and its limits.</param>
/// <param name="Kinds">In which ways parameters were inherited.</param>
/// <param name="LayerMap">Which layers of the reference each layer of the suspect comes from.</param>
/// <param name="InheritedShare">Share of the suspect's parameters that lie in units shown to be inherited; 0 to 1, null if no test could speak of any.</param>
/// <param name="Components">Agreement of embeddings, attention, MLPs, norms.</param>
/// <param name="Controls">Controls that error rates come from.</param>
/// <param name="Assumptions">What the verdict rests on.</param>
/// <param name="Evidence">Every observation, exact first, then calibrated, then descriptive.</param>
/// <param name="Curves">Series over layers, for drawing.</param>
/// <param name="Seats">At most 1,200 matched pairs of sampled seats, for drawing.</param>
public sealed record ComparisonResult(
    Verdict Verdict,
    IReadOnlyList<InheritanceKind> Kinds,
    IReadOnlyList<LayerLink> LayerMap,
    double? InheritedShare,
    IReadOnlyList<ComponentAgreement> Components,
    IReadOnlyList<Control> Controls,
    IReadOnlyList<Assumption> Assumptions,
    IReadOnlyList<EvidenceItem> Evidence,
    IReadOnlyList<Curve> Curves,
    IReadOnlyList<SeatPair> Seats);

/// <summary>What the evidence amounts to, for one reference. Values are the words of the report.</summary>
/// <param name="Relation">identical, derived, related, shared-initialisation, none-found or cannot-tell.</param>
/// <param name="Log10P">Family-wise decimal log of p after all corrections; of a calibrated verdict the conformal p, which has a floor; null when no test applied.</param>
/// <param name="Direction">suspect-from-reference, reference-from-suspect, siblings, undetermined or not-applicable.</param>
/// <param name="DetectionLimit">The smallest inheritance that would have been found; null when no test applied.</param>
/// <param name="Reason">Stable identifier of the reason for a qualified relation, such as <c>same-start-not-excluded</c>; null if there is none.</param>
/// <param name="Headline">The verdict in plain words with its conditions.</param>
/// <param name="Settles">After cannot-tell or a qualified verdict: what would settle it; empty otherwise.</param>
public sealed record Verdict(
    string Relation, double? Log10P, string Direction, DetectionLimit? DetectionLimit, string? Reason, string Headline,
    IReadOnlyList<string> Settles)
{
    /// <summary>The tier that the relation rests on, <c>exact</c> or <c>calibrated</c>; null when no test decided it.</summary>
    public string? Tier { get; init; }
}

/// <summary>The smallest inheritance that the whole rule, companion check included, would have found.</summary>
/// <param name="RowCosine">Cosine between a unit's row in the suspect and in the reference.</param>
/// <param name="Power">Probability of finding it.</param>
/// <param name="Level">Family-wise p that a positive needs.</param>
/// <param name="Conditions">Under which the figure holds, as phrases.</param>
public sealed record DetectionLimit(double RowCosine, double Power, double Level, IReadOnlyList<string> Conditions);

/// <summary>A way in which parameters were inherited.</summary>
/// <param name="Kind">Such as <c>unchanged-tensors</c> or <c>quantised</c>.</param>
/// <param name="Scope">What it concerns: the whole model, or components.</param>
/// <param name="Parameters">Figures that describe it, by name.</param>
/// <param name="Interval">Uncertainty of the main figure, lower and upper; null if there is none.</param>
/// <param name="Evidence">Tests that show it.</param>
public sealed record InheritanceKind(
    string Kind, string Scope, IReadOnlyDictionary<string, double> Parameters, IReadOnlyList<double>? Interval, IReadOnlyList<string> Evidence);

/// <summary>Where a layer comes from.</summary>
/// <param name="SuspectLayer">Layer of the suspect, from 0.</param>
/// <param name="ReferenceLayers">Layers of the reference that it shares units with; empty if none was shown.</param>
public sealed record LayerLink(int SuspectLayer, IReadOnlyList<int> ReferenceLayers)
{
    /// <summary>Where experts come from, as far as alignment shows it; empty without experts on either side.</summary>
    public IReadOnlyList<ExpertLink> Experts { get; init; } = [];
}

/// <summary>Where an expert comes from. An expert of -1 is the only MLP of its layer, others below 0 are shared experts.</summary>
/// <param name="SuspectExpert">Expert of the suspect.</param>
/// <param name="ReferenceLayer">Layer of the reference.</param>
/// <param name="ReferenceExpert">Expert of the reference that it agrees with most.</param>
/// <param name="Share">Share of its neurons on which two views agree, 0 to 1.</param>
public sealed record ExpertLink(int SuspectExpert, int ReferenceLayer, int ReferenceExpert, double Share);

/// <summary>A control: something known to be unrelated that was put through the same test.</summary>
/// <param name="Id">Such as <c>relabelled-pair</c>.</param>
/// <param name="Text">What it is.</param>
/// <param name="Statistic">What the test gave on it.</param>
public sealed record Control(string Id, string Text, double? Statistic);
