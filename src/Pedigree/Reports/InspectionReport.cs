using Pedigree.Evidence.Descriptive;
using Pedigree.Lineage;

namespace Pedigree.Reports;

/// <summary>The outcome of <c>pedigree inspect</c>: what a model consists of. Everything but <see cref="Address"/> is the same bytes for the same files.</summary>
/// <param name="Schema">Identifier and version of this shape, <c>pedigree/inspect/1</c>.</param>
/// <param name="ToolVersion">Version of the program.</param>
/// <param name="Family">Name of the description that the tensors matched; <c>unknown</c> when roles come from shapes alone.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="Width">Width of the residual stream; 0 if unknown.</param>
/// <param name="Heads">How attention splits into heads; null if not established.</param>
/// <param name="Experts">Routed experts a layer; 0 for a dense model.</param>
/// <param name="Parameters">Floating-point values in all tensors but fixed tables.</param>
/// <param name="TensorCount">Stored tensors.</param>
/// <param name="Bytes">Bytes of tensor data in all files.</param>
/// <param name="Types">Stored element types and encodings, the largest first.</param>
/// <param name="Shards">Names of the files that hold tensors, without their folder.</param>
/// <param name="Roles">What tensors are for, in canonical order.</param>
/// <param name="Interchangeable">Pairs of roles that shapes could not tell apart.</param>
/// <param name="FixedTables">Tensors that are equal in unrelated models by construction.</param>
/// <param name="NotUnderstood">Tensors without a role.</param>
/// <param name="Findings">What a reader should know.</param>
/// <param name="Address">The path that was opened.</param>
public sealed record InspectionReport(
    string Schema,
    string ToolVersion,
    string Family,
    int Layers,
    int Width,
    InspectedHeads? Heads,
    int Experts,
    long Parameters,
    int TensorCount,
    long Bytes,
    IReadOnlyList<InspectedType> Types,
    IReadOnlyList<string> Shards,
    IReadOnlyList<InspectedRole> Roles,
    IReadOnlyList<InspectedPair> Interchangeable,
    IReadOnlyList<InspectedTensor> FixedTables,
    IReadOnlyList<InspectedTensor> NotUnderstood,
    IReadOnlyList<Finding> Findings,
    string Address)
{
    /// <summary>The schema that this version writes.</summary>
    public const string CurrentSchema = "pedigree/inspect/1";

    /// <summary>Free text that the files carry, in ordinal order of its keys; long values are shortened. Never trusted.</summary>
    public IReadOnlyList<InspectedMetadata> Metadata { get; init; } = [];

    /// <summary>Digests of all values; null if they were not asked for.</summary>
    public InspectedDigest? Digest { get; init; }

    /// <summary>Tensors that the description of the family knows and no test uses: sinks, scales, relative positions, heads for tasks, projectors.</summary>
    public IReadOnlyList<InspectedTensor> Auxiliary { get; init; } = [];

    /// <summary>Towers beside the language model, with layers of their own; no test compares them.</summary>
    public IReadOnlyList<InspectedComponent> Components { get; init; } = [];

    /// <summary>What the files declare about licence and origin, unchecked.</summary>
    public IReadOnlyList<DeclaredField> Declared { get; init; } = [];

    /// <summary>Norm gains and biases of each layer.</summary>
    public IReadOnlyList<InspectedVector> Vectors { get; init; } = [];

    /// <summary>Norm gains and biases of each kind, over all layers.</summary>
    public IReadOnlyList<InspectedVectorKind> VectorKinds { get; init; } = [];

    /// <summary>The tensors that were asked for, with statistics if those were; empty otherwise.</summary>
    public IReadOnlyList<InspectedValues> Tensors { get; init; } = [];

    /// <summary>The same tensors, those of equal layers and experts together.</summary>
    public IReadOnlyList<FoldedTensor> Folded { get; init; } = [];

    /// <summary>Figures of each layer, if they were asked for; empty otherwise.</summary>
    public IReadOnlyList<LayerFigures> PerLayer { get; init; } = [];
}

/// <summary>Norm gains or biases of one kind in all layers.</summary>
/// <param name="Part">What they are, in kebab case.</param>
/// <param name="Layers">The layers that have one, ascending; empty outside the layers.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Mean">The means of each; null if no vector is finite.</param>
/// <param name="Largest">The largest absolute value of all; null if no vector is finite.</param>
/// <param name="Spike">The largest ratio of the largest absolute value of a vector to its root mean square; null without any.</param>
/// <param name="SpikeLayer">The layer of that vector, -1 outside the layers; null without any.</param>
public sealed record InspectedVectorKind(
    string Part, IReadOnlyList<int> Layers, int Count, FigureRange? Mean, double? Largest, double? Spike, int? SpikeLayer);

/// <summary>A part of a model with layers of its own, such as a vision tower.</summary>
/// <param name="Prefix">What the names of its tensors begin with.</param>
/// <param name="Family">Name of the description that its tensors matched.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="Width">Width of its residual stream; 0 if unknown.</param>
/// <param name="Heads">How its attention splits into heads; null if not established.</param>
/// <param name="Parameters">Floating-point values.</param>
/// <param name="NotUnderstood">Tensors without a role.</param>
public sealed record InspectedComponent(string Prefix, string Family, int Layers, int Width, InspectedHeads? Heads, long Parameters, IReadOnlyList<InspectedTensor> NotUnderstood);

/// <summary>A norm gain or a bias.</summary>
/// <param name="Part">What it is, in kebab case: <c>attention-norm</c>, <c>query-bias</c>.</param>
/// <param name="Layer">Layer from 0; -1 outside the layers.</param>
/// <param name="Mean">Mean of its values; null if one is not finite.</param>
/// <param name="Deviation">Population standard deviation; null if a value is not finite.</param>
/// <param name="Largest">Largest absolute value; null if a value is not finite.</param>
/// <param name="Spike">Largest absolute value over the root mean square: about 4 for normal values, far more where a few stand out; null without any.</param>
public sealed record InspectedVector(string Part, int Layer, double? Mean, double? Deviation, double? Largest, double? Spike);

/// <summary>One tensor, with statistics if asked for.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">Stored element type.</param>
/// <param name="Shape">Its dimensions, slowest first.</param>
/// <param name="Roles">What it holds, such as <c>layer 7 Query</c>; empty without a role.</param>
/// <param name="Statistics">One pass over its values; null if not asked for, for an empty tensor and for one that holds whole numbers.</param>
public sealed record InspectedValues(string Name, string Type, IReadOnlyList<long> Shape, IReadOnlyList<string> Roles, TensorStatistics? Statistics);

/// <summary>How attention splits into heads.</summary>
/// <param name="Query">Query heads.</param>
/// <param name="KeyValue">KV groups.</param>
/// <param name="Dimension">Rows of one head.</param>
/// <param name="Basis">How this is known, as a phrase.</param>
public sealed record InspectedHeads(int Query, int KeyValue, int Dimension, string Basis);

/// <summary>An element type and how much is stored in it.</summary>
/// <param name="Type">Name of the element type or encoding, such as <c>BF16</c>, <c>Q4_K</c> or <c>GPTQ 4-bit</c>.</param>
/// <param name="Tensors">Tensors of that type.</param>
/// <param name="Bytes">Bytes that they occupy.</param>
public sealed record InspectedType(string Type, int Tensors, long Bytes);

/// <summary>All matrices with the same part, place, shape and type.</summary>
/// <param name="Part">What they are for, in kebab case: <c>query</c>, <c>down</c>, <c>query-bias</c>.</param>
/// <param name="Place"><c>model</c>, <c>layer</c>, <c>routed-expert</c> or <c>shared-expert</c>.</param>
/// <param name="Rows">Rows of each.</param>
/// <param name="Columns">Columns of each.</param>
/// <param name="Type">Stored element type or encoding.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Layers">The layers that have one, ascending; empty outside the layers.</param>
public sealed record InspectedRole(string Part, string Place, int Rows, int Columns, string Type, int Count, IReadOnlyList<int> Layers);

/// <summary>Two parts that shapes could not tell apart.</summary>
/// <param name="First">The part that comes first by name.</param>
/// <param name="Second">The other.</param>
public sealed record InspectedPair(string First, string Second);

/// <summary>A stored tensor.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">Stored element type or encoding.</param>
/// <param name="Shape">Its dimensions, slowest first.</param>
public sealed record InspectedTensor(string Name, string Type, IReadOnlyList<long> Shape);

/// <summary>A piece of free text in the files.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">The text, as the file has it; control characters are not removed.</param>
public sealed record InspectedMetadata(string Key, string Value);

/// <summary>Digests of all values, as <see cref="Anatomy.ContentDigest"/> defines them.</summary>
/// <param name="Model">SHA-256 over the digests of all tensors.</param>
/// <param name="Tensors">The digest of each tensor or part of one.</param>
public sealed record InspectedDigest(string Model, IReadOnlyList<InspectedTensorDigest> Tensors);

/// <summary>The digest of one tensor or part of one.</summary>
/// <param name="Label">Its role, or its name if it has none.</param>
/// <param name="Tensor">The stored tensor.</param>
/// <param name="Type">Stored element type or encoding.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
/// <param name="NotFinite">Values that are infinite or not a number.</param>
/// <param name="IsFixed">Whether it is a table that is equal in unrelated models by construction, which the model's digest leaves out.</param>
public sealed record InspectedTensorDigest(string Label, string Tensor, string Type, string Sha256, long NotFinite, bool IsFixed);
