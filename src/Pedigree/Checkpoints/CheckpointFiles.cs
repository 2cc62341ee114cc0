namespace Pedigree.Checkpoints;

/// <summary>The open files of one checkpoint, before anything in them has been believed.</summary>
/// <param name="Address">The path that the user gave.</param>
/// <param name="Layout">The folder, the names of the files in it, and their index.</param>
/// <param name="Files">The files, in the order of the layout.</param>
internal sealed record CheckpointFiles(string Address, CheckpointLayout Layout, IReadOnlyList<ShardFile> Files)
{
    /// <summary>The known small files beside the weights.</summary>
    public IReadOnlyDictionary<string, byte[]> CollectSideFiles() => SideFiles.Collect(Layout.Folder);
}
