using System.Globalization;
using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints.Pickles;

/// <summary>The names that pickles of one file ask to import, each once, in the order in which they first ask.</summary>
internal sealed class PickleImports
{
    private const int Most = 1000;
    private const int MostInText = 32;

    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly List<PickleGlobal> all = [];

    /// <summary>Notes a name.</summary>
    public void Add(PickleGlobal global)
    {
        if (all.Count < Most && names.Add(global.FullName))
        {
            all.Add(global);
        }
    }

    /// <summary>The names that rebuilding tensors does not need, with where they are asked for, such as "os.system (byte 2)"; null if there are none.</summary>
    public string? Foreign()
    {
        // Many harmless names must not push a harmful one off the end of the list.
        PickleGlobal[] foreign = [.. all.Where(global => !PlainNames.IsKnown(global)).OrderBy(global => global.Module.StartsWith("torch", StringComparison.Ordinal))];
        return foreign.Length == 0
            ? null
            : string.Join(", ", foreign.Take(MostInText).Select(Describe)) + (foreign.Length > MostInText ? $" and {foreign.Length - MostInText} more" : "");
    }

    /// <summary>A name with where it is asked for, such as "'os.system' (byte 2)".</summary>
    public static string Describe(PickleGlobal global) =>
        $"{Of(global.Module.Length == 0 ? global.Name : global.FullName)} (byte {global.Position.ToString(CultureInfo.InvariantCulture)})";
}
