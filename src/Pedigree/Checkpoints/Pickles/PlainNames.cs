namespace Pedigree.Checkpoints.Pickles;

/// <summary>The names that checkpoints of plain tensors import: what rebuilds tensors and what plain containers are made with. All others are reported.</summary>
internal static class PlainNames
{
    private static readonly HashSet<string> Containers = new(StringComparer.Ordinal)
    {
        "collections.OrderedDict", "collections.defaultdict", "builtins.set", "__builtin__.set", "torch.Size", "torch.device", "torch.serialization._get_layout",
        "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer",
    };

    private static readonly HashSet<string> Rebuilding = new(StringComparer.Ordinal)
    {
        "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3", "torch._utils._rebuild_parameter",
        "torch._utils._rebuild_parameter_with_state", "torch._tensor._rebuild_from_type_v2",
    };

    /// <summary>Whether a name is one of them.</summary>
    public static bool IsKnown(PickleGlobal global) =>
        Containers.Contains(global.FullName)
        || Rebuilding.Contains(global.FullName)
        || (global.Module is "torch" or "torch.storage" or "torch.cuda" && global.Name.EndsWith("Storage", StringComparison.Ordinal))
        || (global.Module is "torch" && Torch.TorchTypes.OfNumberType(global.Name) is not null);

    /// <summary>Whether a name makes a dictionary.</summary>
    public static bool MakesDictionary(PickleGlobal? global) => global?.FullName is "collections.OrderedDict" or "collections.defaultdict" or "collections.Counter";
}
