using System.Globalization;

namespace Pedigree.Checkpoints.Gguf;

/// <summary>Reads the keys and values of a GGUF header. Long arrays are passed over, except for the lists of the tokenizer.</summary>
/// <param name="cursor">Stands at the first key.</param>
internal sealed class GgufMetadataReader(GgufCursor cursor)
{
    private const string TokensKey = "tokenizer.ggml.tokens";
    private const string MergesKey = "tokenizer.ggml.merges";
    private const string KindsKey = "tokenizer.ggml.token_type";
    private const uint NumberType = 5;
    private const uint TextType = 8;
    private const uint ArrayType = 9;

    // The specification allows keys of 65,535 bytes. Chat templates reach some tens of kilobytes, tokens some hundred bytes.
    private const int LongestKey = 65_535;
    private const int LongestText = 1 << 20;
    private const int LongestToken = 1 << 16;
    private const int MostElements = 1 << 26;
    private const int MostTokens = 4_000_000;

    // An array shorter than this is kept: one number a layer at most, or a few languages.
    private const int KeptElements = 1024;
    private const int DeepestArray = 4;

    // All texts together, so that a long header cannot fill the memory.
    private const long MostKept = 64L << 20;

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    private List<string> tokens = [];
    private List<string> merges = [];
    private List<int> kinds = [];
    private long kept;

    /// <summary>Reads all pairs.</summary>
    /// <param name="count">Number of pairs.</param>
    public (IReadOnlyDictionary<string, string> Values, GgufTokenizer Tokenizer) Read(int count)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var key = cursor.Text("a key", LongestKey);
            var isNew = keys.Add(key);
            var type = cursor.Word("the type of a value");
            if (!isNew)
            {
                // Early converters wrote some keys twice. Two values for one key would leave a choice, which another reader may make differently.
                var again = type == ArrayType ? null : Scalar(key, type);
                if (again is null || !string.Equals(again, values.GetValueOrDefault(key), StringComparison.Ordinal))
                {
                    throw GgufFault.KeyTwice(cursor.File, key);
                }
            }
            else if (type == ArrayType)
            {
                ReadArray(key);
            }
            else
            {
                Keep(key, Scalar(key, type));
            }
        }

        return (values, new GgufTokenizer(tokens, merges, kinds));
    }

    private void Keep(string key, string text)
    {
        kept += key.Length + text.Length;
        if (kept <= MostKept)
        {
            values.Add(key, text);
        }
    }

    private void ReadArray(string key)
    {
        var (type, count) = ArrayHead(key);
        if (key is TokensKey && type == TextType)
        {
            if (count > MostTokens)
            {
                throw GgufFault.TooMany(cursor.File, "tokens", (ulong)count, MostTokens);
            }

            tokens = ReadTexts(count, "a token");
        }
        else if (key is MergesKey && type == TextType && count <= MostTokens)
        {
            merges = ReadTexts(count, "a merge");
        }
        else if (key is KindsKey && type == NumberType && count <= MostTokens)
        {
            kinds = new List<int>(count);
            for (var i = 0; i < count; i++)
            {
                kinds.Add(unchecked((int)cursor.Word("the kind of a token")));
            }
        }
        else if (type != ArrayType && count <= KeptElements)
        {
            var elements = new List<string>(count);
            for (var i = 0; i < count; i++)
            {
                elements.Add(Scalar(key, type)!);
            }

            Keep(key, string.Join(',', elements));
        }
        else
        {
            SkipElements(key, type, count, 1);
        }
    }

    private List<string> ReadTexts(int count, string what)
    {
        var texts = new List<string>(count);
        for (var i = 0; i < count; i++)
        {
            texts.Add(cursor.Text(what, LongestToken, lenient: true));
        }

        return texts;
    }

    private (uint Type, int Count) ArrayHead(string key)
    {
        var type = cursor.Word("the type of an array");
        var least = type switch
        {
            TextType => cursor.CountBytes,
            ArrayType => 4 + cursor.CountBytes,
            _ => Size(key, type),
        };
        return (type, cursor.Count("elements of an array", least, MostElements));
    }

    private void SkipElements(string key, uint type, int count, int depth)
    {
        if (depth > DeepestArray)
        {
            throw GgufFault.TooDeep(cursor.File, key);
        }

        if (type is not (TextType or ArrayType))
        {
            cursor.Skip((long)count * Size(key, type));
            return;
        }

        for (var i = 0; i < count; i++)
        {
            if (type == TextType)
            {
                cursor.SkipText("a text");
            }
            else
            {
                var (inner, elements) = ArrayHead(key);
                SkipElements(key, inner, elements, depth + 1);
            }
        }
    }

    private string Scalar(string key, uint type)
    {
        if (type == TextType)
        {
            return cursor.Text("a text", LongestText, lenient: true);
        }

        var size = Size(key, type);
        var bits = cursor.Number(size, "a value");
        var culture = CultureInfo.InvariantCulture;
        return type switch
        {
            0 or 2 or 4 or 10 => bits.ToString(culture),
            1 => unchecked((sbyte)bits).ToString(culture),
            3 => unchecked((short)bits).ToString(culture),
            5 => unchecked((int)bits).ToString(culture),
            11 => unchecked((long)bits).ToString(culture),
            6 => BitConverter.UInt32BitsToSingle((uint)bits).ToString("R", culture),
            7 => bits == 0 ? "false" : "true",
            _ => BitConverter.UInt64BitsToDouble(bits).ToString("R", culture),
        };
    }

    private int Size(string key, uint type) => type switch
    {
        0 or 1 or 7 => 1,
        2 or 3 => 2,
        4 or 5 or 6 => 4,
        10 or 11 or 12 => 8,
        _ => throw GgufFault.ValueType(cursor.File, key, type),
    };
}
