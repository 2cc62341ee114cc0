using Pedigree.Numerics;

namespace Pedigree.Zoo.Text;

/// <summary>Writes text of one sort, word by word, from a seed.</summary>
internal abstract class Register
{
    private readonly List<int> _text = [];
    private CounterRandom _random;

    /// <summary>Writes at least the given number of tokens and returns the first so many.</summary>
    /// <param name="seed">Decides the text.</param>
    /// <param name="stream">Another number, another text.</param>
    /// <param name="length">Tokens.</param>
    public int[] Write(ulong seed, ulong stream, int length)
    {
        _random = new CounterRandom(seed, stream);
        _text.Clear();
        while (_text.Count < length)
        {
            WriteParagraph();
        }

        return [.. _text[..length]];
    }

    /// <summary>Writes a paragraph that needs nothing said before.</summary>
    protected abstract void WriteParagraph();

    /// <summary>Writes words that are separated by spaces.</summary>
    protected void Say(string words)
    {
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            _text.Add(Lexicon.Number(word == "\\n" ? "\n" : word));
        }
    }

    /// <summary>One of several; earlier ones more often, as words of real text are (Zipf).</summary>
    protected string Pick(IReadOnlyList<string> words)
    {
        var position = _random.NextDouble();
        return words[(int)(position * position * words.Count)];
    }

    /// <summary>One of several, all alike.</summary>
    protected T Any<T>(IReadOnlyList<T> choices) => choices[_random.NextInt(choices.Count)];

    /// <summary>A whole number from 0 to limit - 1.</summary>
    protected int Number(int limit) => _random.NextInt(limit);

    /// <summary>Happens with a given probability.</summary>
    protected bool Chance(double probability) => _random.NextDouble() < probability;

    /// <summary>A number digit by digit.</summary>
    protected static string Digits(int number) => string.Join(' ', number.ToString().AsEnumerable());
}
