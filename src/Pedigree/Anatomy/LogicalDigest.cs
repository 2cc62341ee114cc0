using System.Buffers.Binary;
using System.Security.Cryptography;
using Pedigree.Checkpoints;

namespace Pedigree.Anatomy;

/// <summary>A digest of what a model is, however it is stored: sharding, fusing, stacking, transposing, names and lossless changes of type leave it alone.</summary>
/// <remarks>It covers the shape of every view and the first 64 values of its first, middle and last row. It serves to find candidates for
/// identity; two models with one digest may still differ elsewhere, and tensors without a role are not covered.</remarks>
public static class LogicalDigest
{
    private const int Values = 64;

    private enum Group
    {
        Embeddings,
        Norms,
        Attention,
        HeadNorms,
        Mlp,
        Router,
    }

    /// <summary>Computes the digest, 32 bytes. Reads at most 768 bytes of 32-bit values a view.</summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="anatomy">Its anatomy.</param>
    /// <exception cref="CheckpointException">The checkpoint can no longer be read.</exception>
    public static byte[] Compute(ITensorSource source, ModelAnatomy anatomy)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(anatomy);
        var reader = new WeightReader(source);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Parts that shapes may not tell apart enter without their label and in the order of their content, whether the names were known or not.
        var groups = anatomy.Views
            .GroupBy(entry => (entry.Key.Layer, entry.Key.Expert, Group: GroupOf(entry.Key.BiasOf ?? entry.Key.Part), IsBias: entry.Key.BiasOf is not null))
            .OrderBy(group => group.Key);
        Span<byte> header = stackalloc byte[20];
        foreach (var group in groups)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header, group.Key.Layer);
            BinaryPrimitives.WriteInt32LittleEndian(header[4..], group.Key.Expert);
            BinaryPrimitives.WriteInt32LittleEndian(header[8..], (int)group.Key.Group);
            BinaryPrimitives.WriteInt32LittleEndian(header[12..], group.Key.IsBias ? 1 : 0);
            BinaryPrimitives.WriteInt32LittleEndian(header[16..], group.Count());
            digest.AppendData(header);
            foreach (var content in group.Select(entry => ContentOf(reader, entry.Value)).Order(ByteOrder.Instance))
            {
                digest.AppendData(content);
            }
        }

        return digest.GetHashAndReset();
    }

    private static Group GroupOf(Part part) => part switch
    {
        Part.Unembedding => Group.Embeddings,
        _ when part.IsEmbedding() => Group.Embeddings,
        _ when part.IsAttention() => Group.Attention,
        Part.Gate or Part.Up or Part.Down => Group.Mlp,
        Part.Router or Part.SharedExpertGate => Group.Router,
        Part.QueryNorm or Part.KeyNorm => Group.HeadNorms,
        _ => Group.Norms,
    };

    private static byte[] ContentOf(WeightReader reader, TensorView view)
    {
        var cut = view with { Columns = Math.Min(Values, view.Columns) };
        var row = new float[cut.Columns];
        var bytes = new byte[8 + (3 * 4 * row.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, view.Rows);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), view.Columns);
        var at = 8;
        foreach (var index in (ReadOnlySpan<int>)[0, view.Rows / 2, view.Rows - 1])
        {
            reader.ReadRows(cut, index, 1, row);
            foreach (var value in row)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), value);
                at += 4;
            }
        }

        return SHA256.HashData(bytes);
    }

    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static ByteOrder Instance { get; } = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
