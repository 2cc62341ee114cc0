namespace Pedigree.Lineage;

/// <summary>What <c>pedigree compare</c> is asked to do. Immutable.</summary>
/// <param name="Suspect">Path of the model examined.</param>
/// <param name="References">Paths of the models that may be its parent; at least one.</param>
public sealed record ComparisonRequest(string Suspect, IReadOnlyList<string> References)
{
    /// <summary>Bytes that may be read from each model unless asked otherwise: 1 GiB, of which the first look takes 64 MiB. The rest is read only if unit order does not settle
    /// the question and the search for hidden copies fits.</summary>
    public const long DefaultBudgetBytes = 16 * Units.ReadingPlan.LeastFirstLook;

    /// <summary>The seed of all sampling; null to derive one from the content of the models.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Whether everything is read; <see cref="BudgetBytes"/> then has no effect. False by default.</summary>
    public bool Full { get; init; }

    /// <summary>Bytes of tensor data of each model that may be read, each counted once; 1 GiB by default.</summary>
    public long BudgetBytes { get; init; } = DefaultBudgetBytes;

    /// <summary>The user's declaration of what was published first, <c>suspect</c> or <c>reference</c>; null if nothing was declared.</summary>
    public string? PublishedFirst { get; init; }

    /// <summary>Paths of models that are known to be unrelated to all references, for the error rate of the calibrated test; none by default.</summary>
    public IReadOnlyList<string> Controls { get; init; } = [];

    /// <summary>Path of the model that low-rank adapters among the others were made for; null if there is none. It is added to them before they are compared.</summary>
    public string? AdapterBase { get; init; }

    /// <summary>Path of a file that receives the map which undoes a disguise, if one was found; null to write none. Needs a single reference.</summary>
    public string? MapFile { get; init; }

    /// <summary>Threads that may work at once; the number of processors by default.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
