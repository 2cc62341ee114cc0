using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Pedigree.Checkpoints;
using Pedigree.Numerics;

namespace Pedigree.Anatomy;

/// <summary>SHA-256 over every value of a model, for each tensor and for the whole. Sharding, names of files, container, fusing, stacking, transposed storage and
/// lossless changes of type leave it alone; a lossy encoding does not.</summary>
/// <param name="Model">Digest over the digests of all tensors but fixed tables, 64 hexadecimal digits.</param>
/// <param name="Tensors">The digest of each matrix, vector or expert that has a role, then of each tensor without one; fixed tables last.</param>
public sealed record ContentDigest(string Model, IReadOnlyList<TensorDigest> Tensors)
{
    // Values of a step: small enough for a cache, large enough that a hash call costs nothing.
    private const int StepValues = 1 << 15;

    /// <summary>Reads the whole model. A digest covers the domain (values of up to 32 bits as binary32; wider and whole numbers as stored), the shape (rows and columns
    /// where there is a role) and the values in row-major order, little-endian, with one bit pattern for all NaNs. The model's digest covers each role or, without
    /// one, name, with its digest, in ordinal order.</summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="anatomy">Its anatomy.</param>
    /// <param name="threads">Tensors read at once, at least 1; the digests do not depend on it.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="CheckpointException">The checkpoint can no longer be read.</exception>
    public static ContentDigest Compute(ITensorSource source, ModelAnatomy anatomy, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(anatomy);
        var reader = new WeightReader(source);
        var work = anatomy.Views.Select(view => (Label: view.Key.ToString(), View: (TensorView?)view.Value, view.Value.Tensor, IsFixed: false))
            .Concat(anatomy.NotUnderstood.Select(tensor => (tensor.Name, (TensorView?)null, tensor, false)))
            .Concat(anatomy.Fixed.Select(tensor => (tensor.Name, (TensorView?)null, tensor, true)))
            .ToArray();
        var digests = new TensorDigest[work.Length];
        try
        {
            Parallel.For(0, work.Length, SharedThreads.Options(threads, cancellation), i =>
            {
                var (label, view, tensor, isFixed) = work[i];
                var (sha256, notFinite) = view is not null && IsNarrow(tensor.Type) ? OfView(reader, view, cancellation)
                    : IsNarrow(tensor.Type) ? OfValues(source, tensor, cancellation)
                    : OfBytes(source, tensor, cancellation);
                digests[i] = new TensorDigest(label, tensor.Name, tensor.Encoding ?? tensor.Type.ToString(), sha256, notFinite, isFixed);
            });
        }
        catch (AggregateException several) when (several.InnerExceptions.OfType<CheckpointException>().FirstOrDefault() is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }

        using var model = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        model.AppendData("pedigree/model/1\n"u8);
        foreach (var digest in digests.Where(digest => !digest.IsFixed).OrderBy(digest => digest.Label, StringComparer.Ordinal).ThenBy(digest => digest.Sha256, StringComparer.Ordinal))
        {
            model.AppendData(Encoding.UTF8.GetBytes($"{digest.Label}\0{digest.Sha256}\n"));
        }

        return new ContentDigest(Convert.ToHexStringLower(model.GetHashAndReset()), digests);
    }

    // Types whose every value is a binary32 too.
    private static bool IsNarrow(ElementType type) => type.IsFloating() && type != ElementType.F64;

    private static (string Sha256, long NotFinite) OfView(WeightReader reader, TensorView view, CancellationToken cancellation)
    {
        using var hash = Begin("f32", [view.Rows, view.Columns]);
        var rows = Math.Max(1, StepValues / Math.Max(1, view.Columns));
        var values = ArrayPool<float>.Shared.Rent(rows * view.Columns);
        var notFinite = 0L;
        try
        {
            for (var row = 0; row < view.Rows; row += rows)
            {
                cancellation.ThrowIfCancellationRequested();
                var count = Math.Min(rows, view.Rows - row);
                var own = values.AsSpan(0, count * view.Columns);
                reader.ReadRows(view, row, count, own);
                notFinite += Append(hash, own);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), notFinite);
    }

    private static (string Sha256, long NotFinite) OfValues(ITensorSource source, StoredTensor tensor, CancellationToken cancellation)
    {
        using var hash = Begin("f32", tensor.Shape.AsSpan());
        var size = tensor.Type.Size();
        var bytes = ArrayPool<byte>.Shared.Rent(StepValues * size);
        var values = ArrayPool<float>.Shared.Rent(StepValues);
        var notFinite = 0L;
        try
        {
            for (var first = 0L; first < tensor.Count; first += StepValues)
            {
                cancellation.ThrowIfCancellationRequested();
                var own = values.AsSpan(0, (int)Math.Min(StepValues, tensor.Count - first));
                var stored = bytes.AsSpan(0, own.Length * size);
                source.Read(tensor, first * size, stored);
                ElementDecoder.Decode(tensor.Type, stored, own);
                notFinite += Append(hash, own);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<float>.Shared.Return(values);
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), notFinite);
    }

    private static (string Sha256, long NotFinite) OfBytes(ITensorSource source, StoredTensor tensor, CancellationToken cancellation)
    {
        using var hash = Begin(tensor.Type.ToString(), tensor.Shape.AsSpan());
        var bytes = ArrayPool<byte>.Shared.Rent(StepValues * sizeof(double));
        var notFinite = 0L;
        try
        {
            for (var first = 0L; first < tensor.Length; first += StepValues * sizeof(double))
            {
                cancellation.ThrowIfCancellationRequested();
                var own = bytes.AsSpan(0, (int)Math.Min(StepValues * sizeof(double), tensor.Length - first));
                source.Read(tensor, first, own);
                if (tensor.Type == ElementType.F64)
                {
                    foreach (ref var value in MemoryMarshal.Cast<byte, double>(own))
                    {
                        notFinite += double.IsFinite(value) ? 0 : 1;
                        value = double.IsNaN(value) ? double.NaN : value;
                    }
                }

                hash.AppendData(own);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), notFinite);
    }

    private static IncrementalHash Begin(string domain, ReadOnlySpan<long> shape)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes($"pedigree/tensor/1\n{domain}\n"));
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, shape.Length);
        hash.AppendData(number);
        foreach (var size in shape)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, size);
            hash.AppendData(number);
        }

        return hash;
    }

    private static long Append(IncrementalHash hash, Span<float> values)
    {
        var notFinite = 0L;
        foreach (ref var value in values)
        {
            if (!float.IsFinite(value))
            {
                notFinite++;
                value = float.IsNaN(value) ? float.NaN : value;
            }
        }

        hash.AppendData(MemoryMarshal.AsBytes(values));
        return notFinite;
    }
}

/// <summary>The digest of one tensor.</summary>
/// <param name="Label">Its role, such as <c>layer 7 Gate</c>; its name if it has none.</param>
/// <param name="Tensor">The stored tensor that holds it; several digests may name one tensor that is fused or stacked.</param>
/// <param name="Encoding">How it is stored.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
/// <param name="NotFinite">Values that are infinite or not a number.</param>
/// <param name="IsFixed">Whether it is a table that is equal in unrelated models by construction.</param>
public sealed record TensorDigest(string Label, string Tensor, string Encoding, string Sha256, long NotFinite, bool IsFixed);
