namespace Pedigree.Reports;

/// <summary>The words for a relation between two models.</summary>
public static class Relations
{
    /// <summary>Every tensor is equal bit for bit.</summary>
    public const string Identical = "identical";

    /// <summary>Trained parameters are shared, and which model came first is known.</summary>
    public const string Derived = "derived";

    /// <summary>Trained parameters are shared; which model came first is not known.</summary>
    public const string Related = "related";

    /// <summary>Both models started from the same random numbers.</summary>
    public const string SharedInitialisation = "shared-initialisation";

    /// <summary>Tests applied, and found nothing above the detection limit.</summary>
    public const string NoneFound = "none-found";

    /// <summary>No test applied.</summary>
    public const string CannotTell = "cannot-tell";

    /// <summary>Whether a word is one of these.</summary>
    public static bool IsKnown(string relation) => IsFound(relation) || relation is NoneFound or CannotTell;

    /// <summary>Whether the word says that something is shared.</summary>
    public static bool IsFound(string relation) => relation is Identical or Derived or Related or SharedInitialisation;
}
