using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pedigree.Checkpoints.Gguf;

/// <summary>Hands on the token list of a GGUF file as a side file, in the shape of a <c>tokenizer.json</c>: an object with <c>model.vocab</c>, an array of tokens in order of their id,
/// <c>model.merges</c>, and <c>added_tokens</c>.</summary>
internal static class GgufVocabulary
{
    /// <summary>The name of the side file, which is the list's key in the metadata.</summary>
    public const string FileName = "tokenizer.ggml.tokens";

    // Tokens are text, shown to nobody without escaping; what matters here is that they survive.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The side file of a tokenizer.</summary>
    public static byte[] Write(GgufTokenizer tokenizer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartObject("model");
            WriteTexts(json, "vocab", tokenizer.Tokens);
            WriteTexts(json, "merges", tokenizer.Merges);
            json.WriteEndObject();
            json.WriteStartArray("added_tokens");
            for (var id = 0; id < tokenizer.Tokens.Count; id++)
            {
                if (tokenizer.IsAdded(id))
                {
                    json.WriteStartObject();
                    json.WriteNumber("id", id);
                    json.WriteString("content", tokenizer.Tokens[id]);
                    json.WriteEndObject();
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
