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

    /// <summary>Tensors that the description of the family knows and no test uses: attention sinks, scales of routers and of quantised blocks,
    /// relative positions, heads for tasks, projectors between towers.</summary>
    public IReadOnlyList<StoredTensor> Auxiliary { get; init; } = [];

    /// <summary>Tensors without a role.</summary>
    public IReadOnlyList<StoredTensor> NotUnderstood { get; init; } = [];

    /// <summary>Parts of the model with layers of their own, such as a vision tower, each with its own anatomy; the roles of this anatomy are not theirs.</summary>
    public IReadOnlyList<ModelComponent> Components { get; init; } = [];

    /// <summary>What a reader should know: contradictions with config.json, untrained weights, padding, unusual layouts.</summary>
    public IReadOnlyList<AnatomyFinding> Findings { get; init; } = [];

    /// <summary>All tensors but the fixed tables, each once.</summary>
    public IEnumerable<StoredTensor> Tensors => Views.Values.Select(view => view.Tensor)
        .Concat(Auxiliary).Concat(NotUnderstood).Concat(Components.SelectMany(component => component.Anatomy.Tensors))
        .DistinctBy(tensor => tensor.Name, StringComparer.Ordinal);

    /// <summary>Number of parameters: elements of all floating-point tensors but the fixed tables, each tensor counted once.</summary>
    public long ParameterCount => Tensors.Where(tensor => tensor.Type.IsFloating()).Sum(tensor => tensor.Count);

    /// <summary>Whether models of this family start training with values that depend on the index of residual dimensions and heads, such as the mixing and decay vectors of
    /// RWKV: then their order is not uniformly random before training, and says nothing.</summary>
    public bool OrderedStart { get; init; }

    /// <summary>The view of a role, or null.</summary>
    public TensorView? Find(Role role) => Views.GetValueOrDefault(role);
}

/// <summary>How an attention layer splits into heads. Query rows are grouped by KV group: query heads g·(Query/KeyValue) … belong to KV group g.</summary>
/// <param name="Query">Query heads.</param>
/// <param name="KeyValue">KV groups (key/value heads); divides <paramref name="Query"/>.</param>
/// <param name="Dimension">Rows of one head.</param>
/// <param name="Basis">How this is known, as a phrase for the report; never config.json alone.</param>
public sealed record HeadLayout(int Query, int KeyValue, int Dimension, string Basis);

/// <summary>A part of a model with layers of its own.</summary>
/// <param name="Prefix">What the names of its tensors begin with, such as <c>model.visual</c>.</param>
/// <param name="Anatomy">What its tensors are for.</param>
public sealed record ModelComponent(string Prefix, ModelAnatomy Anatomy);

/// <summary>Something about a model that a reader should know.</summary>
/// <param name="Id">Stable identifier in kebab case, such as <c>config-contradicts-shapes</c>.</param>
/// <param name="Text">One sentence.</param>
public sealed record AnatomyFinding(string Id, string Text);
