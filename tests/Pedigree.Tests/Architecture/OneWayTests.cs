using System.Text.RegularExpressions;
using Xunit;

namespace Pedigree.Tests.Architecture;

/// <summary>Data goes one way: numerics and checkpoints, anatomy, units, evidence, lineage, reports. Held on the source text, because the compiler
/// copies constants of a forbidden place without leaving a trace.</summary>
public partial class OneWayTests
{
    // What each folder of the library may use besides itself. A folder that is not here fails until somebody decides where it stands.
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Numerics"] = [],
        ["Checkpoints"] = ["Numerics"],
        ["Anatomy"] = ["Numerics", "Checkpoints"],
        ["Units"] = ["Numerics", "Checkpoints", "Anatomy"],
        ["Evidence"] = ["Numerics", "Checkpoints", "Anatomy", "Units"],
        ["Lineage"] = ["Numerics", "Checkpoints", "Anatomy", "Units", "Evidence"],
        ["Reports"] = ["Checkpoints", "Anatomy", "Evidence", "Lineage"],
    };

    private static readonly string[] Folders = [.. Allowed.Keys];

    [Fact]
    public void Each_part_of_the_library_uses_only_what_comes_before_it()
    {
        var faults = new List<string>();
        foreach (var file in Repository.Sources("src/Pedigree"))
        {
            var path = Path.GetRelativePath(Path.Combine(Repository.Root, "src", "Pedigree"), file).Replace('\\', '/');
            var folder = path.Split('/')[0];
            Assert.True(Allowed.TryGetValue(folder, out var allowed), $"`{path}` lies in a folder that {nameof(OneWayTests)} has no place for.");
            faults.AddRange(Uses(file).Where(used => used.Part != folder && !allowed!.Contains(used.Part)).Select(used => $"{path} uses {used.Text}"));
        }

        Assert.Empty(faults);
    }

    [Fact]
    public void A_file_has_the_namespace_of_its_folder()
    {
        foreach (var (project, root) in new[] { ("src/Pedigree", "Pedigree"), ("src/Pedigree.Cli", "Pedigree.Cli") })
        {
            foreach (var file in Repository.Sources(project))
            {
                var folder = Path.GetRelativePath(Path.Combine(Repository.Root, project), Path.GetDirectoryName(file)!).Replace('\\', '/');
                var expected = folder == "." ? root : $"{root}.{folder.Replace('/', '.')}";
                var declared = NamespaceLine().Match(File.ReadAllText(file));
                Assert.True(!declared.Success || declared.Groups[1].Value == expected, $"`{file}` declares {declared.Groups[1].Value}, its folder says {expected}.");
            }
        }
    }

    [Fact]
    public void Reports_and_the_program_compute_nothing()
    {
        // A page may know the name of a test (`DepthCurveScore.Test`), but may not run it.
        var tests = string.Join('|', new[] { "Exact", "Descriptive" }.SelectMany(kind => Repository.Sources($"src/Pedigree/Evidence/{kind}")).Select(Path.GetFileNameWithoutExtension));
        var running = new Regex($@"(?<![\w.])(?:(?:\w+\.)*(?:Exact|Descriptive)\.)?(?:{tests})\.(?!Test\b)\w+|\bnew (?:{tests})\b");
        var faults = new List<string>();
        foreach (var file in Repository.Sources("src/Pedigree/Reports").Concat(Repository.Sources("src/Pedigree.Cli")))
        {
            var inside = file.Contains("Rendering", StringComparison.Ordinal);
            faults.AddRange(Uses(file).Where(used => used.Part is "Numerics" or "Units" || (inside && used.Part is "Checkpoints" or "Anatomy"))
                .Select(used => $"{Path.GetFileName(file)} uses {used.Text}"));
            faults.AddRange(running.Matches(WithoutComments(File.ReadAllText(file))).Select(match => $"{Path.GetFileName(file)} runs {match.Value}"));
        }

        Assert.Empty(faults);
    }

    [Fact]
    public void Only_readers_open_files()
    {
        var faults = new[] { "Anatomy", "Units", "Evidence", "Numerics", "Reports" }
            .SelectMany(folder => Repository.Sources($"src/Pedigree/{folder}"))
            .SelectMany(file => FileAccess().Matches(WithoutComments(File.ReadAllText(file))).Select(match => $"{Path.GetFileName(file)}: {match.Value}"));
        Assert.Empty(faults);
    }

    [Fact]
    public void A_use_is_seen_however_it_is_written()
    {
        Assert.Equal(["Evidence"], Found("using Pedigree.Evidence.Exact;"));
        Assert.Equal(["Evidence"], Found("using static Pedigree.Evidence.Tier;"));
        Assert.Equal(["Evidence"], Found("const int most = Evidence.Exact.Something.Most;"));
        Assert.Equal(["Lineage"], Found("x = global::Pedigree.Lineage.Verdict.Of(y);"));
        Assert.Empty(Found("var width = suspect.Anatomy.Width; // Evidence.Tier\n/// <see cref=\"Lineage.Verdict\"/>"));
        Assert.Empty(Found("text = \"Evidence.Exact\";"));

        static IEnumerable<string> Found(string text) => Uses(text, isText: true).Select(used => used.Part);
    }

    private static IEnumerable<(string Part, string Text)> Uses(string fileOrText, bool isText = false)
    {
        var code = WithoutComments(isText ? fileOrText : File.ReadAllText(fileOrText));
        return QualifiedName().Matches(code)
            .Where(match => Folders.Contains(match.Groups["part"].Value))
            .Select(match => (match.Groups["part"].Value, match.Value))
            .Distinct();
    }

    // Strings before comments, so that a "//" inside a string ends nothing; holes of interpolated strings go with them.
    private static string WithoutComments(string code) => StringOrComment().Replace(code, " ");

    [GeneratedRegex("""
        "{3,}[\s\S]*?"{3,} | @"(?:[^"]|"")*" | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])+' | //[^\n]* | /\*[\s\S]*?\*/
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex StringOrComment();

    // A name that begins a qualified name; a member after a dot (`suspect.Anatomy.Width`) is none.
    [GeneratedRegex(@"(?<![\w.])(?:(?:global::)?Pedigree\.)?(?<part>[A-Z]\w+)(?=\.[A-Z]|;)(?:\.\w+)*")]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"\b(?:File|Directory|FileStream|MemoryMappedFile|FileInfo|DirectoryInfo)(?:\.[A-Z]\w*|\()")]
    private static partial Regex FileAccess();
}
