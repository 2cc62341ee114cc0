using Pedigree.Checkpoints;

namespace Pedigree.Anatomy;

/// <summary>What was found out about a model from names, shapes and a few values: the role of every tensor, as views without copies.</summary>
public sealed record ModelAnatomy
{
    /// <summary>Name of the description that matched, such as <c>llama</c>; <c>unknown</c> when roles come from shapes alone.</summary>
    public required string Family { get; init; }

    /// <summary>Width d of the residual stream; 0 if it could not be determined.</summary>
    public required int Width { get; init; }

    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Every tensor whose role is known, in canonical order.</summary>
    public required IReadOnlyDictionary<Role, TensorView> Views { get; init; }

    /// <summary>How attention splits into heads; null when it could not be established from shapes and weights.</summary>
    public HeadLayout? Heads { get; init; }

    /// <summary>Routed experts a layer (the largest count over the layers); 0 for a dense model.</summary>
    public int Experts { get; init; }

    /// <summary>Pairs of parts that shapes could not tell apart (gate and up, key and value, query and output transposed)
    /// and that were assigned by content, not reliably; a test may exchange them, by a rule that does not look at seats.</summary>
    public IReadOnlyList<(Part First, Part Second)> Interchangeable { get; init; } = [];

    /// <summary>Tables that are fixed by construction and equal in unrelated models: causal masks, rotary tables.</summary>
    public IReadOnlyList<StoredTensor> Fixed { get; init; } = [];

    /// <summary>Tensors without a role.</summary>
    public IReadOnlyList<StoredTensor> NotUnderstood { get; init; } = [];

    /// <summary>What a reader should know: contradictions with config.json, untrained weights, padding, unusual layouts.</summary>
    public IReadOnlyList<AnatomyFinding> Findings { get; init; } = [];

    /// <summary>Number of parameters: elements of all floating-point tensors but the fixed tables, each tensor counted once.</summary>
    public long ParameterCount => Views.Values.Select(view => view.Tensor)
        .Concat(NotUnderstood.Where(tensor => tensor.Type.IsFloating()))
        .DistinctBy(tensor => tensor.Name, StringComparer.Ordinal)
        .Sum(tensor => tensor.Count);

    /// <summary>The view of a role, or null.</summary>
    public TensorView? Find(Role role) => Views.GetValueOrDefault(role);
}

/// <summary>How an attention layer splits into heads. Query rows are grouped by KV group: query heads g·(Query/KeyValue) … belong to KV group g.</summary>
/// <param name="Query">Query heads.</param>
/// <param name="KeyValue">KV groups (key/value heads); divides <paramref name="Query"/>.</param>
/// <param name="Dimension">Rows of one head.</param>
/// <param name="Basis">How this is known, as a phrase for the report; never config.json alone.</param>
public sealed record HeadLayout(int Query, int KeyValue, int Dimension, string Basis);

/// <summary>Something about a model that a reader should know.</summary>
/// <param name="Id">Stable identifier in kebab case, such as <c>config-contradicts-shapes</c>.</param>
/// <param name="Text">One sentence.</param>
public sealed record AnatomyFinding(string Id, string Text);
