namespace Pedigree.Anatomy.Inference;

/// <summary>The matrices of a group, sorted by what their shapes say: rows × d, d × columns or d × d, after undoing transposed storage.</summary>
internal sealed class StackShapes
{
    private StackShapes(IReadOnlyDictionary<int, List<LayerSlot>> reads, IReadOnlyDictionary<int, List<LayerSlot>> writes, IReadOnlyList<LayerSlot> squares)
    {
        Reads = reads;
        Writes = writes;
        Squares = squares;
    }

    /// <summary>Matrices that read the residual stream, by their number of rows.</summary>
    public IReadOnlyDictionary<int, List<LayerSlot>> Reads { get; }

    /// <summary>Matrices that write to it, by their number of columns.</summary>
    public IReadOnlyDictionary<int, List<LayerSlot>> Writes { get; }

    /// <summary>Matrices of d × d.</summary>
    public IReadOnlyList<LayerSlot> Squares { get; }

    /// <summary>Sorts matrices, or stacks of matrices by their last two dimensions; others are left out.</summary>
    public static StackShapes Of(IEnumerable<LayerSlot> slots, int width, bool transposed)
    {
        var reads = new SortedDictionary<int, List<LayerSlot>>();
        var writes = new SortedDictionary<int, List<LayerSlot>>();
        var squares = new List<LayerSlot>();
        foreach (var slot in slots.Where(slot => (slot.IsMatrix || slot.IsStack) && slot.Shape.All(size => size <= int.MaxValue)))
        {
            var (rows, columns) = ((int)slot.Shape[^2], (int)slot.Shape[^1]);
            (rows, columns) = transposed ? (columns, rows) : (rows, columns);
            if (rows == width && columns == width)
            {
                squares.Add(slot);
            }
            else if (columns == width)
            {
                (reads.TryGetValue(rows, out var alike) ? alike : reads[rows] = []).Add(slot);
            }
            else if (rows == width)
            {
                (writes.TryGetValue(columns, out var alike) ? alike : writes[columns] = []).Add(slot);
            }
        }

        return new StackShapes(reads, writes, squares);
    }

    /// <summary>The slots that read <paramref name="rows"/> rows.</summary>
    public IReadOnlyList<LayerSlot> ReadsOf(int rows) => Reads.TryGetValue(rows, out var slots) ? slots : [];

    /// <summary>The slots that write from <paramref name="columns"/> columns.</summary>
    public IReadOnlyList<LayerSlot> WritesOf(int columns) => Writes.TryGetValue(columns, out var slots) ? slots : [];
}
