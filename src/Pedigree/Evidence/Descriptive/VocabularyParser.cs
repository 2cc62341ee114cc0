using System.Text.Json;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Reads token lists from <c>vocab.json</c> and <c>tokenizer.json</c>. The files are not trusted: everything is bounded, entries that make no
/// sense are skipped, and a file that is not JSON gives null.</summary>
internal static class VocabularyParser
{
    private const int MostTokens = 4_000_000;
    private const int LongestToken = 4096;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <summary>Tokens with their ids from a <c>vocab.json</c>: an object from token to id.</summary>
    public static List<(string Token, int Id)>? Vocab(ReadOnlySpan<byte> json) => Parse(json, static (ref Utf8JsonReader reader, List<(string, int)> tokens) =>
    {
        RequireObject(in reader);
        ReadObject(ref reader, tokens);
    });

    /// <summary>Tokens with their ids from a <c>tokenizer.json</c>: <c>model.vocab</c>, an object or an array of tokens with scores, and <c>added_tokens</c>.</summary>
    public static List<(string Token, int Id)>? Tokenizer(ReadOnlySpan<byte> json) => Parse(json, static (ref Utf8JsonReader reader, List<(string, int)> tokens) =>
    {
        RequireObject(in reader);
        while (NextProperty(ref reader, out var name))
        {
            if (name is "model" && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadModel(ref reader, tokens);
            }
            else if (name is "added_tokens" && reader.TokenType == JsonTokenType.StartArray)
            {
                ReadAdded(ref reader, tokens);
            }
            else
            {
                reader.Skip();
            }
        }
    });

    private delegate void Body(ref Utf8JsonReader reader, List<(string Token, int Id)> tokens);

    private static List<(string Token, int Id)>? Parse(ReadOnlySpan<byte> json, Body body)
    {
        try
        {
            var text = json.StartsWith("\uFEFF"u8) ? json[3..] : json;
            var reader = new Utf8JsonReader(text, Options);
            var tokens = new List<(string, int)>();
            reader.Read();
            body(ref reader, tokens);
            if (reader.Read())
            {
                throw new JsonException();
            }

            return tokens.Count > 0 ? tokens : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void RequireObject(in Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }
    }

    // Moves to the value of the next property of the object that the reader is in; false at its end.
    private static bool NextProperty(ref Utf8JsonReader reader, out string? name)
    {
        name = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName)
        {
            return false;
        }

        name = Text(ref reader);
        return reader.Read();
    }

    private static void ReadModel(ref Utf8JsonReader reader, List<(string Token, int Id)> tokens)
    {
        while (NextProperty(ref reader, out var name))
        {
            if (name is "vocab" && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadObject(ref reader, tokens);
            }
            else if (name is "vocab" && reader.TokenType == JsonTokenType.StartArray)
            {
                ReadArray(ref reader, tokens);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadObject(ref Utf8JsonReader reader, List<(string Token, int Id)> tokens)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var token = Text(ref reader);
            reader.Read();
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var id))
            {
                Add(tokens, token, id);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadArray(ref Utf8JsonReader reader, List<(string Token, int Id)> tokens)
    {
        for (var id = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; id++)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                Add(tokens, Text(ref reader), id);
                continue;
            }

            if (reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            for (var place = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; place++)
            {
                if (place == 0 && reader.TokenType == JsonTokenType.String)
                {
                    Add(tokens, Text(ref reader), id);
                }

                reader.Skip();
            }
        }
    }

    private static void ReadAdded(ref Utf8JsonReader reader, List<(string Token, int Id)> tokens)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            string? token = null;
            var id = -1;
            while (NextProperty(ref reader, out var name))
            {
                if (name is "content" && reader.TokenType == JsonTokenType.String)
                {
                    token = Text(ref reader);
                }
                else if (name is "id" && reader.TokenType == JsonTokenType.Number)
                {
                    id = reader.TryGetInt32(out var value) ? value : -1;
                }
                else
                {
                    reader.Skip();
                }
            }

            Add(tokens, token, id);
        }
    }

    private static void Add(List<(string Token, int Id)> tokens, string? token, int id)
    {
        if (token is not null && id >= 0 && tokens.Count < MostTokens)
        {
            tokens.Add((token, id));
        }
    }

    // Null where the text is too long or is no valid Unicode, which Utf8JsonReader reports as an invalid operation.
    private static string? Text(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > LongestToken)
        {
            return null;
        }

        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
