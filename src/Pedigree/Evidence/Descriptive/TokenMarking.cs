using System.Text;

namespace Pedigree.Evidence.Descriptive;

/// <summary>How a vocabulary writes bytes and word starts.</summary>
internal enum TokenMarking
{
    /// <summary>Tokens are written as they are.</summary>
    Plain,
    /// <summary>Every byte is a printable character; a space is U+0120 (GPT-2).</summary>
    ByteLevel,
    /// <summary>A space is U+2581; single bytes are written <c>&lt;0x0A&gt;</c> (SentencePiece).</summary>
    SentencePiece,
    /// <summary>Continuations begin with <c>##</c>, everything else begins a word (BERT).</summary>
    WordPiece,
}

/// <summary>Undoes the marking, so that tokens of different vocabularies are compared by the bytes that they stand for.</summary>
internal static class TokenMarkings
{
    private const char ByteLevelSpace = '\u0120';
    private const char SentencePieceSpace = '\u2581';

    // Marked tokens make up a third of a vocabulary or more; a stray one proves nothing.
    private const double FewestMarked = 0.01;

    private static readonly int[] ByteOfCharacter = MakeByteOfCharacter();

    /// <summary>The marking that the tokens use, by the most frequent mark.</summary>
    public static TokenMarking Of(IEnumerable<string> tokens)
    {
        int all = 0, byteLevel = 0, sentencePiece = 0, wordPiece = 0;
        foreach (var token in tokens)
        {
            all++;
            byteLevel += token.Contains(ByteLevelSpace, StringComparison.Ordinal) ? 1 : 0;
            sentencePiece += token.StartsWith(SentencePieceSpace) ? 1 : 0;
            wordPiece += token.StartsWith("##", StringComparison.Ordinal) ? 1 : 0;
        }

        var most = Math.Max(byteLevel, Math.Max(sentencePiece, wordPiece));
        return most < Math.Max(1, FewestMarked * all) ? TokenMarking.Plain
            : most == byteLevel ? TokenMarking.ByteLevel
            : most == sentencePiece ? TokenMarking.SentencePiece
            : TokenMarking.WordPiece;
    }

    /// <summary>The bytes that a token stands for, as characters U+0000 to U+00FF.</summary>
    public static string Bytes(string token, TokenMarking marking) => marking switch
    {
        TokenMarking.ByteLevel => OfByteLevel(token),
        TokenMarking.SentencePiece => IsByteFallback(token, out var value) ? ((char)value).ToString() : Utf8(token.Replace(SentencePieceSpace, ' ')),
        TokenMarking.WordPiece when token.StartsWith("##", StringComparison.Ordinal) && token.Length > 2 => Utf8(token[2..]),
        TokenMarking.WordPiece when !(token.StartsWith('[') && token.EndsWith(']')) => Utf8(" " + token),
        _ => Utf8(token),
    };

    /// <summary>Whether the token is a single byte that SentencePiece falls back to.</summary>
    public static bool IsByteFallback(string token, out byte value)
    {
        value = 0;
        return token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
            && byte.TryParse(token.AsSpan(3, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out value);
    }

    private static string OfByteLevel(string token)
    {
        var bytes = new char[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            var value = token[i] < ByteOfCharacter.Length ? ByteOfCharacter[token[i]] : -1;
            if (value < 0)
            {
                return Utf8(token);
            }

            bytes[i] = (char)value;
        }

        return new string(bytes);
    }

    private static string Utf8(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    // GPT-2's table: printable Latin-1 characters stand for themselves, the other 68 bytes for U+0100 onwards in order.
    private static int[] MakeByteOfCharacter()
    {
        var table = new int[256 + 68];
        Array.Fill(table, -1);
        var next = 256;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
            table[printable ? value : next++] = value;
        }

        return table;
    }
}
