namespace Pedigree.Checkpoints.Pickles;

/// <summary>Goes through the pickles of a file that is refused, for the names that they ask to import.</summary>
internal static class PickleScan
{
    private const int MostPickles = 32;

    /// <summary>Whether bytes begin like a pickle. Protocols 0 and 1 have no magic, so their name decides.</summary>
    /// <param name="start">The first bytes.</param>
    /// <param name="name">The name of the file or archive entry.</param>
    public static bool Begins(ReadOnlySpan<byte> start, string name) =>
        start is [0x80, >= 2 and <= 5, ..]
        || (start.Length > 0 && (name.EndsWith(".pkl", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".pickle", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Collects imports from the pickles that follow one another, until the bytes end or are no pickle.</summary>
    public static void Imports(PickleInput input, PickleImports imports)
    {
        try
        {
            for (var count = 0; count < MostPickles && input.Left > 0; count++)
            {
                PickleMachine.Read(input, imports);
            }
        }
        catch (PickleFault)
        {
            // What follows is no pickle; what was found before stays.
        }
    }
}
