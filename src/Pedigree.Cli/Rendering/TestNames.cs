namespace Pedigree.Cli.Rendering;

/// <summary>What the units of a test are called on a page.</summary>
internal static class TestNames
{
    /// <summary>The units that a test compares; for a test that this version does not know, the words of its identifier.</summary>
    public static string Of(string test) => test switch
    {
        "mlp-neuron-order" => "MLP neurons",
        "kv-group-order" => "KV groups",
        "query-head-order" => "query heads",
        "expert-order" => "routed experts",
        "residual-order-by-embedding" => "residual dimensions (embedding)",
        "residual-order-by-layers" => "residual dimensions (layers)",
        _ => test.Replace('-', ' '),
    };

    /// <summary>The units that several tests compare, as a list; units that two tests look at in different ways are named once.</summary>
    public static string Of(IReadOnlyList<string> tests)
    {
        var names = tests.Distinct(StringComparer.Ordinal).Select(Of).ToArray();
        return string.Join(", ", names.GroupBy(WithoutWay, StringComparer.Ordinal).Select(same => same.Count() > 1 ? same.Key : same.First()));
    }

    private static string WithoutWay(string name) => name.EndsWith(')') ? name[..name.LastIndexOf(" (", StringComparison.Ordinal)] : name;
}
