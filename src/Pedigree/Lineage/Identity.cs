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
        foreach (var role in reference.Anatomy.Views.Keys.Union(suspect.Anatomy.Views.Keys))
        {
            cancellation.ThrowIfCancellationRequested();
            var (view, twin) = (Find(reference.Anatomy, role)!, Find(suspect.Anatomy, role)!);
            // Reading rounds 64-bit values to 32, so those are compared as stored, which needs the same layout on both sides.
            if (view.Tensor.Type.Size() > 4 ? !SameLayout(twin, view) || !EqualBytes(suspect, twin.Tensor, reference, view.Tensor) : !Equal(suspect, twin, reference, view))
            {
                return new Identity(false, false, compared);
            }

            compared += view.Count;
        }

        // A prefix that all names of a model have is the container's.
        var (prefix, ownPrefix) = (CommonPrefix(reference.Source.Tensors), CommonPrefix(suspect.Source.Tensors));
        var others = Unplaced(reference.Anatomy).ToDictionary(tensor => tensor.Name[prefix..], StringComparer.Ordinal);
        var tables = suspect.Anatomy.Fixed.ToHashSet();
        foreach (var tensor in Unplaced(suspect.Anatomy))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!others.TryGetValue(tensor.Name[ownPrefix..], out var twin) && tables.Contains(tensor))
            {
                continue;
            }

            if (twin is null || tensor.Type != twin.Type || !tensor.Shape.SequenceEqual(twin.Shape)
                || !EqualBytes(suspect, tensor, reference, twin))
            {
                return new Identity(false, false, compared);
            }

            compared += tensor.Count;
        }

        return new Identity(compared > 0, false, compared);
    }

    // Tables that tests leave out still tell two models apart: other rotary frequencies are another model. But some containers leave out what
    // every program can compute, so a table that only one model stores says nothing. Towers are compared as stored.
    private static IEnumerable<StoredTensor> Unplaced(ModelAnatomy anatomy) =>
        [.. anatomy.NotUnderstood, .. anatomy.Fixed, .. anatomy.Auxiliary, .. anatomy.Components.SelectMany(component => OfTower(component.Anatomy))];

    private static IEnumerable<StoredTensor> OfTower(ModelAnatomy tower) =>
        tower.Views.Values.Select(view => view.Tensor).DistinctBy(tensor => tensor.Name, StringComparer.Ordinal).Concat(Unplaced(tower));

    private static bool SameShape(ModelAnatomy one, ModelAnatomy two) =>
        one.NotUnderstood.Count == two.NotUnderstood.Count && one.Auxiliary.Count == two.Auxiliary.Count
        && one.Components.Sum(component => OfTower(component.Anatomy).Count()) == two.Components.Sum(component => OfTower(component.Anatomy).Count())
        && one.Views.Keys.Union(two.Views.Keys).All(role =>
            Find(one, role) is { } view && Find(two, role) is { } twin && view.Rows == twin.Rows && view.Columns == twin.Columns && Comparable(view.Tensor.Type, twin.Tensor.Type));

    // An unembedding that is the embedding is stored twice by some formats and once by others.
    private static TensorView? Find(ModelAnatomy anatomy, Role role) =>
        anatomy.Find(role) ?? (role == new Role(Part.Unembedding) ? anatomy.Find(new Role(Part.Embedding)) : null);

    // Length of the beginning, up to a dot, that all names share.
    private static int CommonPrefix(IReadOnlyList<StoredTensor> tensors)
    {
        var first = tensors.Count > 0 ? tensors[0].Name : "";
        var length = 0;
        for (var dot = first.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = first.IndexOf('.', dot + 1))
        {
            var beginning = first[..(dot + 1)];
            if (!tensors.All(tensor => tensor.Name.StartsWith(beginning, StringComparison.Ordinal)))
            {
                break;
            }

            length = dot + 1;
        }

        return length;
    }

    // Containers force types: GGUF keeps gains in 32 bits where the original has 16. Both are compared as 32-bit floats, which hold either exactly.
    private static bool Comparable(ElementType one, ElementType two) =>
        one == two || (one.IsFloating() && two.IsFloating() && one.Size() <= sizeof(float) && two.Size() <= sizeof(float));

    private static bool SameLayout(TensorView one, TensorView two) =>
        one with { Tensor = two.Tensor } == two && one.Tensor.Length == two.Tensor.Length;

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
