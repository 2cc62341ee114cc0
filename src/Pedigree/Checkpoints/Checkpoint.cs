using Pedigree.Checkpoints.Quantised;

namespace Pedigree.Checkpoints;

/// <summary>Opens checkpoints.</summary>
public static class Checkpoint
{
    /// <summary>
    /// Opens a file of weights, an index of shards, or a folder that holds either. Reads and checks what describes the tensors in all files and the
    /// small files beside them; tensor data is left alone until it is asked for. Formats that are not read are recognised and refused by name.
    /// </summary>
    /// <param name="path">A file or folder.</param>
    /// <param name="options">Choices, or null for the usual ones.</param>
    /// <exception cref="CheckpointException">There is nothing readable at the path, or a file is not what its format asks.</exception>
    public static ITensorSource Open(string path, CheckpointOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new CheckpointOptions();
        var layout = CheckpointLayout.Find(path);
        var files = new List<ShardFile>();
        try
        {
            ICheckpointFormat? format = null;
            foreach (var shard in layout.Shards)
            {
                var file = ShardFile.Open(Path.Combine(layout.Folder, shard), options.ReadMode);
                files.Add(file);
                var found = CheckpointFormats.Of(file);
                if (format is not null && format != found)
                {
                    throw FolderFault.MixedFormats(files[0].Path, format.Name, file.Path, found.Name);
                }

                format = found;
            }

            var source = format!.Open(new CheckpointFiles(path, layout, [.. files]));
            files.Clear();
            return Adapters.AdapterSource.Present(Logical(source), options);
        }
        finally
        {
            foreach (var file in files)
            {
                file.Dispose();
            }
        }
    }

    // What several stored tensors stand for takes their place.
    private static ITensorSource Logical(ITensorSource source)
    {
        try
        {
            return QuantisedSource.Over(source);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }
}
