using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Pedigree.Lineage;

namespace Pedigree.Reports;

/// <summary>Reads and writes the report of a comparison as JSON. The same report always gives the same bytes: UTF-8 without a byte order
/// mark, two spaces of indentation, line feeds, members in the order of their declaration. Safe to use from several threads.</summary>
public static class ReportJson
{
    /// <summary>The largest report that is read, in bytes: 64 MiB.</summary>
    public const int MaximumBytes = 64 << 20;

    /// <summary>Writes a report, followed by a line feed.</summary>
    /// <param name="destination">Receives the bytes; stays open.</param>
    /// <param name="report">The report.</param>
    public static void Write(Stream destination, ComparisonReport report)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(report);
        JsonSerializer.Serialize(destination, report, TypeOf<ComparisonReport>());
        destination.WriteByte((byte)'\n');
    }

    /// <summary>Reads a report and checks that it is whole. Whether its figures are true is not checked.</summary>
    /// <param name="source">The bytes of the report; stays open.</param>
    /// <exception cref="ReportException">The stream holds no report that this version reads.</exception>
    public static ComparisonReport Read(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var bytes = ReadBounded(source);
        ReportShape.Check(bytes);
        try
        {
            var report = JsonSerializer.Deserialize(bytes.Span, TypeOf<ComparisonReport>())
                ?? throw new ReportException("The report is empty.");
            ReportConsistency.Check(report);
            return report;
        }
        catch (JsonException exception)
        {
            throw new ReportException($"The report is not whole: {exception.Message}",
                "It may have been edited, cut short, or written by another version.", exception);
        }
    }

    internal static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)ReportJsonContext.Strict.GetTypeInfo(typeof(T));

    private static ReadOnlyMemory<byte> ReadBounded(Stream source)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[1 << 16];
        for (var count = source.Read(chunk); count > 0; count = source.Read(chunk))
        {
            if (buffer.Length + count > MaximumBytes)
            {
                throw new ReportException($"The report is larger than {MaximumBytes >> 20} MiB, which no report of this program is.");
            }

            buffer.Write(chunk, 0, count);
        }

        var bytes = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        return bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
    }
}
