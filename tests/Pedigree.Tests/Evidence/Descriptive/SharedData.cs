namespace Pedigree.Tests.Evidence.Descriptive;

/// <summary>Data too large for the repository, in a folder "shared" beside it. Tests that need it are skipped where it is absent.</summary>
internal static class SharedData
{
    /// <summary>The path of a folder of the shared data, or null where it is absent.</summary>
    public static string? Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Pedigree.slnx")))
            {
                var found = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", name));
                return Directory.Exists(found) ? found : null;
            }
        }

        return null;
    }
}
