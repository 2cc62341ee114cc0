using System.Text.RegularExpressions;
using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Checkpoints;

/// <summary>Malicious and damaged pickles, archives, arrays and graphs from public collections, where they have been put beside the repository.</summary>
public partial class HostileArchiveTests
{
    private const string Names = "data/hostile";

    private static readonly string[] Containers = ["torch zip", "zip", "torch legacy", "pickle", "npy", "npz", "onnx"];

    [Fact]
    public void Every_file_is_read_or_refused_as_it_should_be()
    {
        var folder = SharedData.Find(Names);
        Assert.SkipWhen(folder is null, $"There is no folder ../shared/{Names} beside the repository.");
        var wrong = new List<string>();
        var (read, refused) = (0, 0);
        foreach (var line in File.ReadLines(Path.Combine(folder!, "expected.tsv")).Skip(1))
        {
            var cells = line.Split('\t');
            if (!Containers.Contains(cells[3], StringComparer.Ordinal))
            {
                continue;
            }

            var fault = Try(Path.Combine(folder!, cells[0]));
            var shouldRead = cells[4] is "read" && !cells[5].StartsWith("graph without any initialiser", StringComparison.Ordinal);
            if (shouldRead != fault is null)
            {
                wrong.Add($"{cells[0]}: {(fault is null ? "read" : fault.Message)}");
            }

            read += shouldRead ? 1 : 0;
            refused += shouldRead ? 0 : 1;
            if (fault is not null)
            {
                wrong.AddRange(ImportsOf(cells[5]).Where(import => !fault.Message.Replace("<U+000D>", "", StringComparison.Ordinal).Contains(import, StringComparison.Ordinal)).Select(import => $"{cells[0]}: {import} is not named in: {fault.Message}"));
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{read} read, {refused} refused.");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(read > 10 && refused > 100);
    }

    private static CheckpointException? Try(string path)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var source = Checkpoint.Open(path);
            foreach (var tensor in source.Tensors)
            {
                var bytes = new byte[tensor.Length];
                source.Read(tensor, 0, bytes);
                ElementDecoder.Decode(tensor.Type, bytes, new float[tensor.Count]);
            }

            return null;
        }
        catch (CheckpointException fault)
        {
            Assert.Contains(Path.GetFileName(path), fault.Message, StringComparison.Ordinal);
            Assert.NotNull(fault.Hint);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
            return fault;
        }
    }

    // What the table says that a pickle imports, where that is all that is wrong with it.
    private static IEnumerable<string> ImportsOf(string description) =>
        ImportList().Match(description) is { Success: true } match ? match.Groups["list"].Value.Split([", ", " and "], StringSplitOptions.None).Where(name => !name.StartsWith('(')) : [];

    [GeneratedRegex("^(pickle |starts with a wrong torch magic, then )?imports (?<list>.+?)( and breaks off.*|, \\(a name.*)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ImportList();
}
