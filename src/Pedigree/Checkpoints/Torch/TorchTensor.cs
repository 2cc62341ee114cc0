using System.Collections.Immutable;
using Pedigree.Checkpoints.Pickles;

namespace Pedigree.Checkpoints.Torch;

/// <summary>A tensor as a pickle describes it; nothing of it has been checked against the file.</summary>
/// <param name="Storage">Where its values lie.</param>
/// <param name="Type">Element type, or null if it is none that is read.</param>
/// <param name="TypeName">Its name, for messages.</param>
/// <param name="Start">First element.</param>
/// <param name="Shape">Dimensions.</param>
/// <param name="Strides">Elements from one index to the next.</param>
internal sealed record TorchTensor(
    TorchStorageReference Storage, ElementType? Type, string TypeName, long Start, ImmutableArray<long> Shape, ImmutableArray<long> Strides)
{
    private const int DeepestWrapping = 4;
    private const int MostDimensions = 64;

    /// <summary>Whether a call is meant to make a tensor, in a way that is read or not.</summary>
    public static bool IsMadeBy(PickleCall call) =>
        call.Callable is { } made
        && ((made.Module is "torch._utils" && made.Name.StartsWith("_rebuild_", StringComparison.Ordinal)) || made.FullName is "torch._tensor._rebuild_from_type_v2" or "torch._tensor._rebuild_from_type");

    /// <summary>Reads the description of a tensor, or returns null if the call is none that is known or lacks an argument.</summary>
    public static TorchTensor? Of(PickleCall call) => Of(call.Callable, call.Arguments, 0);

    // The functions and their arguments: torch/_utils.py and torch/_tensor.py.
    private static TorchTensor? Of(PickleGlobal? made, IReadOnlyList<object?> arguments, int depth) => (made?.FullName, arguments) switch
    {
        ("torch._utils._rebuild_tensor_v2" or "torch._utils._rebuild_tensor", [PicklePersistent storage, long start, PickleTuple shape, PickleTuple strides, ..]) =>
            Of(storage, start, shape, strides, null),
        ("torch._utils._rebuild_tensor_v3", [PicklePersistent storage, long start, PickleTuple shape, PickleTuple strides, _, _, PickleGlobal type, ..]) =>
            Of(storage, start, shape, strides, type),
        ("torch._utils._rebuild_parameter" or "torch._utils._rebuild_parameter_with_state", [PickleCall inner, ..]) when depth < DeepestWrapping =>
            Of(inner.Callable, inner.Arguments, depth + 1),
        ("torch._tensor._rebuild_from_type_v2" or "torch._tensor._rebuild_from_type", [PickleGlobal inner, _, PickleTuple given, ..]) when depth < DeepestWrapping =>
            Of(inner, given.Items, depth + 1),
        _ => null,
    };

    private static TorchTensor? Of(PicklePersistent persistent, long start, PickleTuple shape, PickleTuple strides, PickleGlobal? type)
    {
        if (TorchStorageReference.Of(persistent) is not { } storage || Numbers(shape) is not { } dimensions || Numbers(strides) is not { } steps)
        {
            return null;
        }

        return type is null
            ? new TorchTensor(storage, storage.Type, storage.Class, start, dimensions, steps)
            : new TorchTensor(storage, TorchTypes.OfNumberType(type.Name), type.Name, start, dimensions, steps);
    }

    private static ImmutableArray<long>? Numbers(PickleTuple tuple) =>
        tuple.Items.Length <= MostDimensions && Array.TrueForAll(tuple.Items, item => item is long) ? [.. tuple.Items.Cast<long>()] : null;
}
