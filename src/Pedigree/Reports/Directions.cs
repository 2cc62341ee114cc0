namespace Pedigree.Reports;

/// <summary>The words for the direction of an inheritance.</summary>
public static class Directions
{
    /// <summary>The reference came first.</summary>
    public const string SuspectFromReference = "suspect-from-reference";

    /// <summary>The suspect came first.</summary>
    public const string ReferenceFromSuspect = "reference-from-suspect";

    /// <summary>Both come from a third model.</summary>
    public const string Siblings = "siblings";

    /// <summary>Something is shared, and who gave it to whom is not known.</summary>
    public const string Undetermined = "undetermined";

    /// <summary>Nothing is shared, so there is no direction.</summary>
    public const string NotApplicable = "not-applicable";

    /// <summary>Whether a word is one of these.</summary>
    public static bool IsKnown(string direction) =>
        direction is SuspectFromReference or ReferenceFromSuspect or Siblings or Undetermined or NotApplicable;
}
