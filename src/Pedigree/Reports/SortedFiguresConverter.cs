using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pedigree.Reports;

/// <summary>Writes named figures sorted by name, so that the order in which they were computed does not show.</summary>
internal sealed class SortedFiguresConverter : JsonConverter<IReadOnlyDictionary<string, double>>
{
    private static readonly FiniteNumberConverter Numbers = new();

    public override IReadOnlyDictionary<string, double> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("An object of named numbers was expected.");
        }

        var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString() ?? "";
            reader.Read();
            if (!figures.TryAdd(name, Numbers.Read(ref reader, typeof(double), options)))
            {
                throw new JsonException($"The figure `{name}` is given twice.");
            }
        }

        return figures;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, double> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, figure) in value.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(name);
            Numbers.Write(writer, figure, options);
        }

        writer.WriteEndObject();
    }
}
