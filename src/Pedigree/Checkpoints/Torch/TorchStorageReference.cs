using Pedigree.Checkpoints.Pickles;

namespace Pedigree.Checkpoints.Torch;

/// <summary>How a pickle refers to a storage (torch/serialization.py, <c>persistent_id</c>).</summary>
/// <param name="Key">What the storage is called in the file.</param>
/// <param name="Class">Name of its class, such as <c>FloatStorage</c>.</param>
/// <param name="Count">Elements of the whole storage, or bytes where the class states no type.</param>
/// <param name="ViewStart">First element of the part that is meant.</param>
/// <param name="ViewCount">Elements of that part, or null for the whole.</param>
internal sealed record TorchStorageReference(string Key, string Class, long Count, long ViewStart, long? ViewCount)
{
    private const int LongestKey = 256;

    /// <summary>The element type that the class states, or null.</summary>
    public ElementType? Type => TorchTypes.OfStorage(Class);

    /// <summary>Bytes of the whole storage, or null if the type is unknown or the number exceeds 63 bits.</summary>
    public long? Bytes =>
        Count < 0 ? null
        : string.Equals(Class, TorchTypes.Untyped, StringComparison.Ordinal) ? Count
        : Type is { } type && Count <= long.MaxValue / type.Size() ? Count * type.Size()
        : null;

    /// <summary>Reads a reference, or returns null if it is none.</summary>
    public static TorchStorageReference? Of(PicklePersistent persistent)
    {
        if (persistent.Id is not PickleTuple { Items: ["storage", PickleGlobal type, var key, _, long count, ..] items }
            || (key as string ?? (key as long?)?.ToString(System.Globalization.CultureInfo.InvariantCulture)) is not { Length: <= LongestKey } name)
        {
            return null;
        }

        return items is [_, _, _, _, _, PickleTuple { Items: [_, long start, long length] }, ..]
            ? new TorchStorageReference(name, type.Name, count, start, length)
            : new TorchStorageReference(name, type.Name, count, 0, null);
    }
}
