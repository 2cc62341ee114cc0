using System.Text;
using System.Text.Json;

namespace Pedigree.Evidence.Descriptive;

/// <summary>The lists of a tokenizer.</summary>
/// <param name="Tokens">Tokens with their ids, as written.</param>
/// <param name="Merges">The merges of byte-pair encoding in order of their rank, as written; empty without any.</param>
/// <param name="Added">Tokens outside the list that was learned, as written; empty where the file does not tell them apart.</param>
internal sealed record TokenizerLists(List<(string Token, int Id)> Tokens, List<(string Left, string Right)> Merges, List<string> Added)
{
    public TokenizerLists()
        : this([], [], [])
    {
    }
}

/// <summary>Reads token lists from <c>vocab.json</c>, <c>merges.txt</c> and <c>tokenizer.json</c>. The files are not trusted: everything is bounded, entries that make no
/// sense are skipped, and a file that is not JSON gives null.</summary>
internal static class VocabularyParser
{
    private const int MostTokens = 4_000_000;
    private const int MostMerges = 4_000_000;
    private const int LongestToken = 4096;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <summary>Tokens with their ids from a <c>vocab.json</c>: an object from token to id.</summary>
    public static TokenizerLists? Vocab(ReadOnlySpan<byte> json) => Parse(json, static (ref Utf8JsonReader reader, TokenizerLists lists) =>
    {
        RequireObject(in reader);
        ReadObject(ref reader, lists.Tokens);
    });

    /// <summary>Merges from a <c>merges.txt</c>: two tokens with a space between on a line, after a first line that may tell a version.</summary>
    public static List<(string Left, string Right)> Merges(ReadOnlySpan<byte> text)
    {
        var merges = new List<(string, string)>();
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range].TrimEnd((byte)'\r');
            if (line.Length is > 0 and <= LongestToken && !line.StartsWith("#version"u8))
            {
                AddMerge(merges, Encoding.UTF8.GetString(line));
            }
        }

        return merges;
    }

    /// <summary>The lists of a <c>tokenizer.json</c>: <c>model.vocab</c>, an object or an array of tokens with scores, <c>model.merges</c>, and <c>added_tokens</c>.</summary>
    public static TokenizerLists? Tokenizer(ReadOnlySpan<byte> json) => Parse(json, static (ref Utf8JsonReader reader, TokenizerLists lists) =>
    {
        RequireObject(in reader);
        while (NextProperty(ref reader, out var name))
        {
            if (name is "model" && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadModel(ref reader, lists);
            }
            else if (name is "added_tokens" && reader.TokenType == JsonTokenType.StartArray)
            {
                ReadAdded(ref reader, lists);
            }
            else
            {
                reader.Skip();
            }
        }
    });

    private delegate void Body(ref Utf8JsonReader reader, TokenizerLists lists);

    private static TokenizerLists? Parse(ReadOnlySpan<byte> json, Body body)
    {
        try
        {
            var text = json.StartsWith("\uFEFF"u8) ? json[3..] : json;
            var reader = new Utf8JsonReader(text, Options);
            var lists = new TokenizerLists();
            reader.Read();
            body(ref reader, lists);
            if (reader.Read())
            {
                throw new JsonException();
            }

            return lists.Tokens.Count > 0 ? lists : null;
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

    private static void ReadModel(ref Utf8JsonReader reader, TokenizerLists lists)
    {
        while (NextProperty(ref reader, out var name))
        {
            if (name is "vocab" && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadObject(ref reader, lists.Tokens);
            }
            else if (name is "vocab" && reader.TokenType == JsonTokenType.StartArray)
            {
                ReadArray(ref reader, lists.Tokens);
            }
            else if (name is "merges" && reader.TokenType == JsonTokenType.StartArray)
            {
                ReadMerges(ref reader, lists.Merges);
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

    // A merge is a text with a space between two tokens, or an array of two tokens.
    private static void ReadMerges(ref Utf8JsonReader reader, List<(string Left, string Right)> merges)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                AddMerge(merges, Text(ref reader));
                continue;
            }

            if (reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            var pair = new string?[2];
            for (var place = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; place++)
            {
                if (place < pair.Length && reader.TokenType == JsonTokenType.String)
                {
                    pair[place] = Text(ref reader);
                }

                reader.Skip();
            }

            if (pair is [{ } left, { } right] && merges.Count < MostMerges)
            {
                merges.Add((left, right));
            }
        }
    }

    private static void AddMerge(List<(string Left, string Right)> merges, string? text)
    {
        if (text is not null && text.IndexOf(' ', Math.Min(1, text.Length)) is var space and > 0 && space < text.Length - 1 && merges.Count < MostMerges)
        {
            merges.Add((text[..space], text[(space + 1)..]));
        }
    }

    private static void ReadAdded(ref Utf8JsonReader reader, TokenizerLists lists)
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

            Add(lists.Tokens, token, id);
            if (token is not null && id >= 0 && lists.Added.Count < MostTokens)
            {
                lists.Added.Add(token);
            }
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
