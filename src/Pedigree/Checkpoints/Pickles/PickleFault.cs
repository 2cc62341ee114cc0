namespace Pedigree.Checkpoints.Pickles;

/// <summary>A pickle breaks the rules of its format or a limit; caught where the file is known.</summary>
/// <param name="message">What is wrong, as the end of a sentence about the pickle.</param>
/// <param name="position">Where, in bytes from the beginning of the file or archive entry.</param>
internal sealed class PickleFault(string message, long position) : Exception(message)
{
    /// <summary>Where, in bytes from the beginning of the file or archive entry.</summary>
    public long Position => position;
}
