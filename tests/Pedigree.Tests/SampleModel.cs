namespace Pedigree.Tests;

/// <summary>The trained models that the repository holds.</summary>
internal static class SampleModel
{
    /// <summary>The folder of a model.</summary>
    public static string Path(string name)
    {
        var folder = Directory.GetParent(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Pedigree.slnx")))
        {
            folder = folder.Parent;
        }

        return System.IO.Path.Combine(folder?.FullName ?? throw new DirectoryNotFoundException($"No repository above {AppContext.BaseDirectory}."), "samples", name);
    }
}
