namespace Pedigree.Lineage;

/// <summary>Receives progress of a long comparison. Calls come from one thread at a time.</summary>
public interface IProgressSink
{
    /// <summary>Reports an estimate before the work starts.</summary>
    /// <param name="bytes">Bytes that will be read.</param>
    /// <param name="multiplications">Multiply-add operations that will be made.</param>
    void Estimate(long bytes, double multiplications);

    /// <summary>Reports how far the work has come.</summary>
    /// <param name="stage">What is being done, as a phrase.</param>
    /// <param name="share">0 to 1 of the whole.</param>
    void Report(string stage, double share);

    /// <summary>Says something that the user should know and that is no part of the report.</summary>
    /// <param name="text">One sentence.</param>
    void Note(string text);
}
