namespace Pedigree.Checkpoints;

/// <summary>Brings the tensors of all shards into the order that <see cref="ITensorSource.Tensors"/> promises.</summary>
internal static class TensorOrder
{
    /// <summary>The tensors, sorted by name in ordinal order.</summary>
    /// <param name="tensors">The tensors of all shards.</param>
    /// <param name="shards">The path of each shard, for messages.</param>
    /// <exception cref="CheckpointException">Two tensors have one name.</exception>
    public static IReadOnlyList<StoredTensor> ByName(IEnumerable<StoredTensor> tensors, IReadOnlyList<string> shards)
    {
        var sorted = tensors.ToArray();
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        for (var i = 1; i < sorted.Length; i++)
        {
            if (string.Equals(sorted[i].Name, sorted[i - 1].Name, StringComparison.Ordinal))
            {
                throw FolderFault.TensorInTwoShards(shards[sorted[i].Shard], sorted[i].Name, shards[sorted[i - 1].Shard]);
            }
        }

        return Array.AsReadOnly(sorted);
    }
}
