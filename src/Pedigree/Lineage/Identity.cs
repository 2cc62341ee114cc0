using System.Buffers;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Units;

namespace Pedigree.Lineage;

/// <summary>Whether two models are the same bits once sharding, fusing and container are undone.</summary>
/// <param name="Identical">Every value of every tensor was compared and is equal, and neither model has another tensor.</param>
/// <param name="NoDifferenceSeen">No difference was seen, but not everything was read.</param>
/// <param name="Compared">Values compared.</param>
internal sealed record Identity(bool Identical, bool NoDifferenceSeen, long Compared)
{
    private const int Chunk = 1 << 16;

    /// <summary>Compares value by value, stopping at the first difference.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="plan">Whether everything may be read.</param>
    /// <param name="sampledEqual">Whether everything read so far is equal bit for bit.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static Identity Of(ModelReader suspect, ModelReader reference, ReadingPlan plan, bool sampledEqual, CancellationToken cancellation)
    {
        if (!sampledEqual || !SameShape(suspect.Anatomy, reference.Anatomy))
        {
            return new Identity(false, false, 0);
        }

        if (!plan.Full && Math.Max(suspect.Source.TotalBytes, reference.Source.TotalBytes) > plan.Budget)
        {
            return new Identity(false, true, 0);
        }

        long compared = 0;
        foreach (var (role, view) in reference.Anatomy.Views)
        {
            cancellation.ThrowIfCancellationRequested();
            var twin = suspect.Find(role)!;
            // Reading rounds 64-bit values to 32, so those are compared as stored, which needs the same layout on both sides.
            if (view.Tensor.Type.Size() > 4 ? !SameLayout(twin, view) || !EqualBytes(suspect, twin.Tensor, reference, view.Tensor) : !Equal(suspect, twin, reference, view))
            {
                return new Identity(false, false, compared);
            }

            compared += view.Count;
        }

        var others = Unplaced(reference.Anatomy).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (var tensor in Unplaced(suspect.Anatomy))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!others.TryGetValue(tensor.Name, out var twin) || tensor.Type != twin.Type || !tensor.Shape.SequenceEqual(twin.Shape)
                || !EqualBytes(suspect, tensor, reference, twin))
            {
                return new Identity(false, false, compared);
            }

            compared += tensor.Count;
        }

        return new Identity(compared > 0, false, compared);
    }

    // Tables that tests leave out still tell two models apart: other rotary frequencies are another model.
    private static IEnumerable<StoredTensor> Unplaced(ModelAnatomy anatomy) => anatomy.NotUnderstood.Concat(anatomy.Fixed);

    private static bool SameShape(ModelAnatomy one, ModelAnatomy two) =>
        one.Views.Count == two.Views.Count && Unplaced(one).Count() == Unplaced(two).Count()
        && two.Views.All(pair => one.Find(pair.Key) is { } view && view.Rows == pair.Value.Rows && view.Columns == pair.Value.Columns && view.Tensor.Type == pair.Value.Tensor.Type);

    private static bool SameLayout(TensorView one, TensorView two) =>
        one.Start == two.Start && one.RowStride == two.RowStride && one.ColumnStride == two.ColumnStride && one.Tensor.Length == two.Tensor.Length;

    private static bool Equal(ModelReader one, TensorView first, ModelReader two, TensorView second)
    {
        var step = Math.Max(1, Chunk / Math.Max(1, first.Columns));
        for (var row = 0; row < first.Rows; row += step)
        {
            int[] rows = [.. Enumerable.Range(row, Math.Min(step, first.Rows - row))];
            var a = System.Runtime.InteropServices.MemoryMarshal.AsBytes(one.Rows(first, rows).AsSpan());
            var b = System.Runtime.InteropServices.MemoryMarshal.AsBytes(two.Rows(second, rows).AsSpan());
            if (!a.SequenceEqual(b))
            {
                return false;
            }
        }

        return true;
    }

    private static bool EqualBytes(ModelReader one, StoredTensor first, ModelReader two, StoredTensor second)
    {
        var a = ArrayPool<byte>.Shared.Rent(Chunk);
        var b = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            for (long at = 0; at < first.Length; at += Chunk)
            {
                var count = (int)Math.Min(Chunk, first.Length - at);
                one.Source.Read(first, at, a.AsSpan(0, count));
                two.Source.Read(second, at, b.AsSpan(0, count));
                if (!a.AsSpan(0, count).SequenceEqual(b.AsSpan(0, count)))
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(a);
            ArrayPool<byte>.Shared.Return(b);
        }
    }
}
