using System.Runtime.CompilerServices;
using Xunit;

namespace Pedigree.Tests.Cli;

/// <summary>Compares text with an approved file; with <c>PEDIGREE_APPROVE=1</c> in the environment, approves what came out.</summary>
internal static class Approved
{
    public static void Verify(string actual, string name, [CallerFilePath] string caller = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(caller)!, "Approved", name + ".txt");
        var trimmed = string.Join('\n', actual.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("PEDIGREE_APPROVE") is "1")
        {
            File.WriteAllText(path, trimmed);
        }

        var approved = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.Equal(approved, trimmed);
    }
}
