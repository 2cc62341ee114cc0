namespace Pedigree.Checkpoints;

/// <summary>Opens checkpoints.</summary>
public static class Checkpoint
{
    /// <summary>
    /// Opens a .safetensors file, an index of shards, or a folder that holds either. Reads and checks the headers of all files and the
    /// small files beside them; tensor data is left alone until it is asked for. Other formats are recognised and refused by name.
    /// </summary>
    /// <param name="path">A file or folder.</param>
    /// <param name="options">Choices, or null for the usual ones.</param>
    /// <exception cref="CheckpointException">There is nothing readable at the path, or a file is not what its format asks.</exception>
    public static ITensorSource Open(string path, CheckpointOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var mode = (options ?? new CheckpointOptions()).ReadMode;
        var layout = CheckpointLayout.Find(path);
        var files = new List<ShardFile>();
        try
        {
            var headers = new List<SafetensorsHeader>();
            foreach (var shard in layout.Shards)
            {
                var file = ShardFile.Open(Path.Combine(layout.Folder, shard), mode);
                files.Add(file);
                if (ForeignFile.Fault(file) is { } foreign)
                {
                    throw foreign;
                }

                headers.Add(SafetensorsHeaderParser.Read(file, headers.Count));
            }

            layout.Index?.CheckAgainst(layout.Shards, files, headers);
            var source = new SafetensorsSource(path, [.. files], headers, SideFiles.Collect(layout.Folder));
            files.Clear();
            return source;
        }
        finally
        {
            foreach (var file in files)
            {
                file.Dispose();
            }
        }
    }
}
