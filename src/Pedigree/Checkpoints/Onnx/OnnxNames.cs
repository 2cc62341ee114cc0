namespace Pedigree.Checkpoints.Onnx;

/// <summary>Gives back their names to weights that an exporter folded: it transposes a matrix, calls the result <c>onnx::MatMul_57</c>, and leaves the
/// name of the layer to the node that multiplies by it, such as <c>/model/layers.0/mlp/up_proj/MatMul</c>.</summary>
internal sealed class OnnxNames
{
    private readonly Dictionary<string, string> given = new(StringComparer.Ordinal);

    /// <summary>Learns names from the products of a model.</summary>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="products">Its products.</param>
    public OnnxNames(IReadOnlyList<OnnxTensor> tensors, IReadOnlyList<OnnxProduct> products)
    {
        var taken = tensors.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var generated = tensors.Where(tensor => IsGenerated(tensor.Name) && tensor.Dimensions.Count == 2).Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var uses in products.Where(product => generated.Contains(product.Weight)).GroupBy(product => product.Weight, StringComparer.Ordinal))
        {
            // A matrix that several layers share, or whose layers have one name, keeps the name that it has.
            if (uses.ToArray() is [{ IsTransposed: false } product] && LayerOf(product) is { } layer && taken.Add(layer))
            {
                given.Add(product.Weight, layer);
            }
        }
    }

    /// <summary>The name of the layer's weight, for a matrix that is stored transposed; null for any other tensor.</summary>
    public string? Find(string name) => given.GetValueOrDefault(name);

    private static bool IsGenerated(string name) => name.StartsWith("onnx::", StringComparison.Ordinal);

    private static string? LayerOf(OnnxProduct product)
    {
        var node = product.Node.Trim('/');
        var last = node.LastIndexOf('/');
        return last > 0 && node.AsSpan(last + 1).StartsWith(product.Operation, StringComparison.Ordinal) ? node[..last].Replace('/', '.') + ".weight" : null;
    }
}
