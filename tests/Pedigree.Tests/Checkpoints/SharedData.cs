namespace Pedigree.Tests.Checkpoints;

/// <summary>Data too large for the repository, in a folder "shared" beside it. Tests that need it are skipped where it is absent.</summary>
internal static class SharedData
{
    /// <summary>The path of a folder of the shared data, or null where it is absent.</summary>
    public static string? Find(string name)
    {
        var found = Path.GetFullPath(InRepository(Path.Combine("..", "shared", name)));
        return Directory.Exists(found) ? found : null;
    }

    /// <summary>A path in the repository.</summary>
    public static string InRepository(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pedigree.slnx")))
            {
                return Path.Combine(folder.FullName, name);
            }
        }

        throw new DirectoryNotFoundException("The tests do not run inside the repository.");
    }
}
