using Xunit;

namespace Pedigree.Tests.Lineage;

/// <summary>Where the models that tests compare lie: some in the repository, more in a folder "shared" beside it.</summary>
internal static class Repository
{
    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A trained model of the repository.</summary>
    public static string Sample(string name) => Path.Combine(Root, "samples", name);

    /// <summary>A folder of the shared data, or null where it is absent.</summary>
    public static string? Shared(params string[] pieces)
    {
        var path = Path.GetFullPath(Path.Combine([Root, "..", "shared", .. pieces]));
        return Directory.Exists(path) ? path : null;
    }

    /// <summary>A folder of the shared data; skips the test where it is absent.</summary>
    public static string RequireShared(params string[] pieces)
    {
        var path = Shared(pieces);
        Assert.SkipWhen(path is null, $"shared/{string.Join('/', pieces)} does not lie beside the repository");
        return path;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pedigree.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("the tests do not run inside the repository");
    }
}
