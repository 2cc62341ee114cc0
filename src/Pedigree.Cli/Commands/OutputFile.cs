using Pedigree.Cli.Parsing;

namespace Pedigree.Cli.Commands;

/// <summary>A file that a command was asked to write. What can be wrong with it is found before the work, not after.</summary>
internal sealed class OutputFile
{
    private readonly string path;

    /// <exception cref="UsageException">The file cannot be written there.</exception>
    public OutputFile(string path, string option, IReadOnlyList<string> inputs)
    {
        this.path = Path.GetFullPath(path.Length > 0 ? path : throw new UsageException($"`{option}` needs the name of a file."));
        if (Directory.Exists(this.path))
        {
            throw new UsageException($"`{path}` is a folder, and `{option}` needs a file.", $"Write `{option} {Path.Combine(path, option switch { "--html" => "report.html", "--markdown" => "report.md", "--emit-map" => "map.safetensors", _ => "report.json" })}`.");
        }

        if (Path.GetDirectoryName(this.path) is { } folder && !Directory.Exists(folder))
        {
            throw new UsageException($"The folder `{folder}` for the output file does not exist.");
        }

        if (inputs.Any(input => string.Equals(Path.GetFullPath(input), this.path, StringComparison.Ordinal)))
        {
            throw new UsageException($"`{path}` is one of the files read, and would be overwritten.");
        }
    }

    /// <summary>Writes the file; it is touched only when its content is complete.</summary>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public void Write(Action<Stream> write)
    {
        using var content = new MemoryStream();
        write(content);
        try
        {
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
            content.WriteTo(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The output file cannot be written: {exception.Message}");
        }
    }
}
