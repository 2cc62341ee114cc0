namespace Pedigree.Checkpoints.Adapters;

/// <summary>An adapter's products and the tensors that replace those of the base.</summary>
/// <param name="Products">The products, in order of their modules.</param>
/// <param name="Whole">Whole tensors, under the names that they have in the base.</param>
/// <param name="Config">adapter_config.json, or null.</param>
internal sealed record AdapterContent(IReadOnlyList<AdapterProduct> Products, IReadOnlyList<(string Name, StoredTensor Tensor)> Whole, AdapterConfig? Config)
{
    /// <summary>Pairs the factors of an adapter.</summary>
    /// <param name="adapter">The opened adapter.</param>
    /// <param name="needsScale">Whether an unknown scale is a fault; otherwise it is taken as 1.</param>
    /// <exception cref="CheckpointException">It is of another kind, a factor is missing, shapes do not fit, or the scale is unknown.</exception>
    public static AdapterContent Of(ITensorSource adapter, bool needsScale)
    {
        var config = AdapterConfig.Read(adapter.SideFiles);
        if (config is null && needsScale)
        {
            throw AdapterFault.ConfigAbsent(adapter.Address);
        }

        var factors = new SortedDictionary<string, Dictionary<AdapterName.Kind, StoredTensor>>(StringComparer.Ordinal);
        var whole = new List<(string, StoredTensor)>();
        foreach (var tensor in adapter.Tensors)
        {
            var (module, kind) = AdapterName.Of(tensor.Name);
            if (kind == AdapterName.Kind.Whole)
            {
                whole.Add((module, tensor));
            }
            else if (kind == AdapterName.Kind.Unread || !(factors.TryGetValue(module, out var known) ? known : factors[module] = []).TryAdd(kind, tensor))
            {
                throw AdapterFault.Kind(adapter.Address, tensor.Name);
            }
        }

        return new AdapterContent([.. factors.Select(entry => Product(adapter, entry.Key, entry.Value, config, needsScale))], whole, config);
    }

    private static AdapterProduct Product(ITensorSource adapter, string module, Dictionary<AdapterName.Kind, StoredTensor> factors, AdapterConfig? config, bool needsScale)
    {
        var ofEmbedding = factors.ContainsKey(AdapterName.Kind.FirstOfEmbedding);
        if (factors.Count != 2
            || !factors.TryGetValue(ofEmbedding ? AdapterName.Kind.FirstOfEmbedding : AdapterName.Kind.First, out var first)
            || !factors.TryGetValue(ofEmbedding ? AdapterName.Kind.SecondOfEmbedding : AdapterName.Kind.Second, out var second))
        {
            throw AdapterFault.FactorAbsent(adapter.Address, module);
        }

        if (first.Shape.Length != 2 || second.Shape.Length != 2 || !first.Type.IsFloating() || !second.Type.IsFloating())
        {
            throw AdapterFault.Kind(adapter.Address, module);
        }

        if (first.Shape[0] != second.Shape[1] || first.Count is 0 or > int.MaxValue || second.Count is 0 or > int.MaxValue)
        {
            throw AdapterFault.Shapes(adapter.Address, module);
        }

        var scale = config?.Scale(module, first.Shape[0]) ?? (needsScale ? throw AdapterFault.Scale(adapter.Address) : 1);
        return new AdapterProduct(adapter, module, first, second, scale, ofEmbedding || config is { IsTransposed: true });
    }
}
