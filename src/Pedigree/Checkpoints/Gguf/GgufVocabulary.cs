using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pedigree.Checkpoints.Gguf;

/// <summary>Hands on the token list of a GGUF file as a side file, in the shape of a <c>tokenizer.json</c>: an object with <c>model.vocab</c>, an array of tokens in order of their id.</summary>
internal static class GgufVocabulary
{
    /// <summary>The name of the side file, which is the list's key in the metadata.</summary>
    public const string FileName = "tokenizer.ggml.tokens";

    // Tokens are text, shown to nobody without escaping; what matters here is that they survive.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The side file of a list.</summary>
    public static byte[] Write(IReadOnlyList<string> tokens)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartObject("model");
            json.WriteStartArray("vocab");
            foreach (var token in tokens)
            {
                json.WriteStringValue(token);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
