namespace Pedigree.Checkpoints.Pickles;

/// <summary>A name that a pickle asks to import. It is never looked up.</summary>
/// <param name="Module">The module.</param>
/// <param name="Name">The name in it.</param>
/// <param name="Position">Where the pickle asks for it, in bytes from the beginning of the file or archive entry.</param>
internal sealed record PickleGlobal(string Module, string Name, long Position)
{
    /// <summary>Both names, joined by a dot.</summary>
    public string FullName => Module + "." + Name;
}

/// <summary>A tuple.</summary>
/// <param name="Items">Its items.</param>
internal sealed record PickleTuple(object?[] Items);

/// <summary>A list or set.</summary>
internal sealed class PickleList
{
    /// <summary>Its items.</summary>
    public List<object?> Items { get; } = [];
}

/// <summary>A dictionary, as pairs in the order in which they were set.</summary>
internal sealed class PickleDictionary
{
    /// <summary>Keys with their values.</summary>
    public List<(object? Key, object? Value)> Pairs { get; } = [];
}

/// <summary>Something that lies outside the pickle, such as a storage of a tensor.</summary>
/// <param name="Id">What stands for it.</param>
/// <param name="Position">Where it is asked for.</param>
internal sealed record PicklePersistent(object? Id, long Position);

/// <summary>A call that the pickle asks for, and what it does with the result. Nothing is called; the call is kept as it stands.</summary>
/// <param name="callable">What is to be called: a <see cref="PickleGlobal"/>, unless the pickle is odd.</param>
/// <param name="arguments">The arguments.</param>
/// <param name="position">Where the pickle asks for the call.</param>
internal sealed class PickleCall(object? callable, object?[] arguments, long position)
{
    private List<(object? Key, object? Value)>? pairs;
    private List<object?>? items;

    /// <summary>What is to be called.</summary>
    public PickleGlobal? Callable => callable as PickleGlobal;

    /// <summary>The arguments.</summary>
    public IReadOnlyList<object?> Arguments => arguments;

    /// <summary>Where the pickle asks for the call.</summary>
    public long Position => position;

    /// <summary>What the result is told to restore itself from; null if nothing.</summary>
    public object? State { get; set; }

    /// <summary>Pairs that are set on the result, as on a dictionary.</summary>
    public IReadOnlyList<(object? Key, object? Value)> Pairs => pairs ?? [];

    /// <summary>Items that are added to the result, as to a list.</summary>
    public IReadOnlyList<object?> Items => items ?? [];

    /// <summary>Notes a pair that is set on the result.</summary>
    public void Set(object? key, object? value) => (pairs ??= []).Add((key, value));

    /// <summary>Notes an item that is added to the result.</summary>
    public void Add(object? item) => (items ??= []).Add(item);
}

/// <summary>A number that no use in a checkpoint needs the value of, because it is very large.</summary>
internal sealed record PickleLargeNumber;

/// <summary>A string of bytes, of which only the length is kept: no tensor is described by one.</summary>
/// <param name="Length">Bytes.</param>
internal sealed record PickleBytes(long Length);
