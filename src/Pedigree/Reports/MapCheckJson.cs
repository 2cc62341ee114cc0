using System.Text.Json;
using Pedigree.Lineage;

namespace Pedigree.Reports;

/// <summary>Writes the report of a map check as JSON, in the form of all reports (<see cref="ReportJson"/>).</summary>
public static class MapCheckJson
{
    /// <summary>Writes a report, followed by a line feed.</summary>
    /// <param name="destination">Receives the bytes; stays open.</param>
    /// <param name="report">The report.</param>
    public static void Write(Stream destination, MapCheckReport report)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(report);
        JsonSerializer.Serialize(destination, report, ReportJson.TypeOf<MapCheckReport>());
        destination.WriteByte((byte)'\n');
    }
}
