using Pedigree.Evidence;

namespace Pedigree.Cli.Rendering;

/// <summary>What the verdicts rest on: first what failed, then what was not checked, then what held. The same assumption of several tests is told once.</summary>
internal static class AssumptionList
{
    private static readonly (AssumptionStatus Status, string Word)[] Order =
        [(AssumptionStatus.Failed, "failed"), (AssumptionStatus.NotChecked, "not checked"), (AssumptionStatus.Held, "held")];

    /// <summary>Writes the assumptions.</summary>
    /// <param name="page">Receives them.</param>
    /// <param name="results">The assumptions of each reference.</param>
    /// <param name="details">Whether each is printed by itself, with its identifier.</param>
    public static void Write(IPage page, IReadOnlyList<IReadOnlyList<Assumption>> results, bool details)
    {
        Entry[] entries = [.. results.SelectMany((assumptions, reference) => assumptions.Select(assumption => new Entry(reference, assumption)))];
        page.Section("ASSUMPTIONS", entries.Length == 0 ? "" : Summary(page.Glyphs, entries));
        if (entries.Length == 0)
        {
            page.Prose("None: no test applied.");
        }

        foreach (var (status, _) in Order)
        {
            var (mark, tone) = Mark(page.Glyphs, status);
            var texts = entries.Where(entry => entry.Assumption.Status == status)
                .GroupBy(entry => details ? $"{entry.Reference}/{entry.Assumption.Id}" : $"{entry.Subject}\n{entry.Assumption.Text}", StringComparer.Ordinal)
                .Select(group => Describe([.. group], results.Count));
            foreach (var text in texts)
            {
                page.Item(mark, status == AssumptionStatus.Failed ? $"FAILED: {text}" : text, tone);
            }
        }
    }

    // Counts the marks below it, so that nobody has to know what they mean.
    private static string Summary(Glyphs glyphs, Entry[] entries)
    {
        var counts = Order.Select(kind => (kind.Status, kind.Word, Count: entries.Where(entry => entry.Assumption.Status == kind.Status).DistinctBy(entry => (entry.Subject, entry.Assumption.Text)).Count()));
        return "what the verdict rests on: " + string.Join(", ", counts.Where(kind => kind.Count > 0).Select(kind => $"{Mark(glyphs, kind.Status).Mark} {kind.Count} {kind.Word}"));
    }

    private static (string Mark, Tone Tone) Mark(Glyphs glyphs, AssumptionStatus status) => status switch
    {
        AssumptionStatus.Held => (glyphs.Held, Tone.Plain),
        AssumptionStatus.Failed => (glyphs.Failed, Tone.Fault),
        _ => (glyphs.Open, Tone.Attention),
    };

    private static string Describe(Entry[] entries, int references)
    {
        var checks = entries.GroupBy(entry => entry.Assumption.Check, StringComparer.Ordinal).Select(check => Check(check.Key, [.. check], references));
        return $"{entries[0].Assumption.Text} {string.Join(' ', checks)}";
    }

    private static string Check(string check, Entry[] entries, int references)
    {
        var tests = TestNames.Of([.. entries.Select(entry => entry.Test).Where(test => test.Length > 0)]);
        var numbers = entries.Select(entry => entry.Reference + 1).Distinct().ToArray();
        var where = numbers.Length == references ? "" : $"{(numbers.Length == 1 ? "reference" : "references")} {Figures.Runs(numbers, "-")}";
        var scope = (tests.Length, where.Length) switch
        {
            (0, 0) => "",
            (0, _) => $"[{where}] ",
            (_, 0) => $"[{tests}] ",
            _ => $"[{tests}; {where}] ",
        };
        return scope + check;
    }

    private sealed record Entry(int Reference, Assumption Assumption)
    {
        /// <summary>The test that the assumption belongs to; empty where it concerns all.</summary>
        public string Test => Slash < 0 ? "" : Assumption.Id[..Slash];

        /// <summary>What is assumed, whatever the test.</summary>
        public string Subject => Assumption.Id[(Slash + 1)..];

        private int Slash => Assumption.Id.IndexOf('/', StringComparison.Ordinal);
    }
}
