using System.Collections.Immutable;
using System.Globalization;

namespace Pedigree.Checkpoints.Numpy;

/// <summary>Reads the dictionary of a NumPy header: text such as <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (3, 4), }</c>. It knows these three keys
/// and the literals that they need, and nothing else of Python.</summary>
/// <param name="text">The text.</param>
internal ref struct NumpyDictionary(ReadOnlySpan<char> text)
{
    private const int MostDimensions = 64;

    private ReadOnlySpan<char> rest = text;

    /// <summary>Reads the dictionary; null if it is not one of that form. The descriptor is null where it is not a text, as for records of fields.</summary>
    public (string? Descriptor, bool IsColumnMajor, ImmutableArray<long> Shape)? Read()
    {
        string? descriptor = null;
        bool? order = null;
        ImmutableArray<long>? shape = null;
        var isRecord = false;
        if (!Take('{'))
        {
            return null;
        }

        while (!Take('}'))
        {
            var key = Quoted();
            if (key is null || !Take(':'))
            {
                return null;
            }

            switch (key)
            {
                case "descr" when descriptor is null && !isRecord:
                    // What is no quoted text, such as a list of fields, ends the reading: such an array holds no weights.
                    descriptor = Quoted();
                    isRecord = descriptor is null;
                    break;
                case "fortran_order" when order is null:
                    order = Word("True") ? true : Word("False") ? false : null;
                    break;
                case "shape" when shape is null:
                    shape = Numbers();
                    break;
                default:
                    return null;
            }

            if (isRecord)
            {
                return (null, false, []);
            }

            if (!Take(',') && !Peek('}'))
            {
                return null;
            }
        }

        return rest.Trim().IsEmpty && descriptor is not null && order is { } isColumnMajor && shape is { } dimensions ? (descriptor, isColumnMajor, dimensions) : null;
    }

    private bool Peek(char wanted)
    {
        rest = rest.TrimStart();
        return !rest.IsEmpty && rest[0] == wanted;
    }

    private bool Take(char wanted)
    {
        if (!Peek(wanted))
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }

    private bool Word(string word)
    {
        rest = rest.TrimStart();
        if (!rest.StartsWith(word, StringComparison.Ordinal))
        {
            return false;
        }

        rest = rest[word.Length..];
        return true;
    }

    private string? Quoted()
    {
        var quote = Peek('"') ? '"' : '\'';
        if (!Take(quote) || rest.IndexOf(quote) is var end && end < 0)
        {
            return null;
        }

        var quoted = rest[..end].ToString();
        rest = rest[(end + 1)..];
        return quoted;
    }

    private ImmutableArray<long>? Numbers()
    {
        if (!Take('('))
        {
            return null;
        }

        var numbers = ImmutableArray.CreateBuilder<long>(4);
        while (!Take(')'))
        {
            rest = rest.TrimStart();
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || numbers.Count == MostDimensions || !long.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            numbers.Add(number);
            // Python 2 marked long numbers with an L.
            rest = rest[digits..].TrimStart('L');
            if (!Take(',') && !Peek(')'))
            {
                return null;
            }
        }

        return numbers.DrainToImmutable();
    }
}
