using System.Text.RegularExpressions;
using Xunit;

namespace Pedigree.Tests.Architecture;

/// <summary>The documents hold together: links lead somewhere, and what is named exists.</summary>
public partial class DocumentTests
{
    private static readonly string[] Documents =
    [
        .. Directory.EnumerateFiles(Repository.Root, "*.md"),
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories),
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples"), "*.md"),
    ];

    [Fact]
    public void Every_link_leads_to_a_file()
    {
        var broken = Documents.SelectMany(document => Link().Matches(File.ReadAllText(document)).Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains(':', StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(Path.GetDirectoryName(document)!, target.Split('#')[0])))
            .Select(target => $"{Path.GetRelativePath(Repository.Root, document)} -> {target}"));
        Assert.Empty(broken);
    }

    [Fact]
    public void Every_document_is_linked_from_the_readme()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Assert.All(
            Documents.Select(document => Path.GetRelativePath(Repository.Root, document).Replace('\\', '/')).Where(document => document is not "README.md"),
            document => Assert.Contains($"({document})", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_sample_that_is_named_exists()
    {
        var named = Documents.SelectMany(document => Sample().Matches(File.ReadAllText(document)).Select(match => match.Groups[1].Value)).Distinct().ToArray();
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.True(Directory.Exists(Path.Combine(Repository.Root, "samples", name)), $"samples/{name} is named and absent."));
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\bsamples/([A-Za-z]\w*)\b(?!\.)")]
    private static partial Regex Sample();
}
