using Pedigree.Anatomy;
using Pedigree.Tests.Cli;
using Xunit;

namespace Pedigree.Tests.Architecture;

public class PublicApiTests
{
    /// <summary>A change of the public surface is a decision: it shows in the approved file, which PEDIGREE_APPROVE=1 brings up to date.</summary>
    [Fact]
    public void The_public_api_is_the_approved_one() => Approved.Verify(PublicApi.Of(typeof(Role).Assembly), "public-api");

    [Fact]
    public void The_listing_shows_what_callers_depend_on()
    {
        var listing = PublicApi.Of(typeof(PublicApiTests).Assembly);
        Assert.Contains("abstract class Pedigree.Tests.Architecture.SurfaceExample", listing, StringComparison.Ordinal);
        Assert.Contains("  Find<T>(String name, Int32? limit = default, Boolean exact = True) -> T?\n", listing, StringComparison.Ordinal);
        Assert.Contains("  Note: String? { get; init; }\n", listing, StringComparison.Ordinal);
        Assert.Contains("  static op_Addition(SurfaceExample left, SurfaceExample right) -> Int32[]\n", listing, StringComparison.Ordinal);
        Assert.DoesNotContain("Hidden: ", listing, StringComparison.Ordinal);
    }
}

/// <summary>A type whose surface the test of the listing knows.</summary>
public abstract class SurfaceExample
{
    /// <summary>A property that only an initialiser sets.</summary>
    public string? Note { get; init; }

    internal int Hidden { get; set; }

    /// <summary>An operator.</summary>
    public static int[] operator +(SurfaceExample left, SurfaceExample right) => [left is null ? 0 : left.Hidden, right is null ? 0 : right.Hidden];

    /// <summary>A generic method with defaults.</summary>
    protected abstract T? Find<T>(string name, int? limit = null, bool exact = true)
        where T : class;
}
