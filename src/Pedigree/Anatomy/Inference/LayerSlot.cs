using System.Collections.Immutable;
using Pedigree.Checkpoints;

namespace Pedigree.Anatomy.Inference;

/// <summary>Tensors that differ only in the number of their layer.</summary>
/// <param name="Key">The name with <c>{layer}</c> for the number.</param>
/// <param name="Shape">The shape they share.</param>
/// <param name="Tensors">One tensor a layer, in the order of the stack's layers.</param>
internal sealed record LayerSlot(string Key, ImmutableArray<long> Shape, IReadOnlyList<StoredTensor> Tensors)
{
    /// <summary>The name up to its last dot: a weight and its bias have it in common.</summary>
    public string Module => Key.LastIndexOf('.') is var dot and > 0 ? Key[..dot] : "";

    /// <summary>The module that this module is part of.</summary>
    public string Parent => Module.LastIndexOf('.') is var dot and > 0 ? Module[..dot] : "";

    public bool IsMatrix => Shape.Length == 2;

    public bool IsStack => Shape.Length == 3;

    public bool IsVector => Shape.Length == 1;
}

/// <summary>Layers that are built alike.</summary>
/// <param name="Layers">Their numbers, ascending.</param>
/// <param name="Slots">What each of them has, sorted by key.</param>
internal sealed record LayerStack(IReadOnlyList<int> Layers, IReadOnlyList<LayerSlot> Slots);
