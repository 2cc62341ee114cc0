namespace Pedigree.Lineage;

/// <summary>Receives progress of a long comparison. Calls come from one thread at a time.</summary>
public interface IProgressSink
{
    /// <summary>Reports an estimate before work starts: of the tests that are always made, and later of a search for a hidden origin, if one follows.</summary>
    /// <param name="bytes">Bytes that will be read.</param>
    /// <param name="least">Work in multiply-add operations, where the search finds an origin at once.</param>
    /// <param name="most">Work in multiply-add operations, where it goes on to the end; the same number for work that has one length.</param>
    void Estimate(long bytes, double least, double most);

    /// <summary>Reports how far the work has come.</summary>
    /// <param name="stage">What is being done, as a phrase.</param>
    /// <param name="share">0 to 1 of the whole.</param>
    void Report(string stage, double share);

    /// <summary>Says something that the user should know and that is no part of the report.</summary>
    /// <param name="text">One sentence.</param>
    void Note(string text);
}
