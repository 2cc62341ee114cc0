namespace Pedigree.Cli;

/// <summary>The program's own name and version.</summary>
internal static class Product
{
    public const string Command = "pedigree";

    public static string Version { get; } = typeof(Product).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
