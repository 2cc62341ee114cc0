using Pedigree.Numerics;

namespace Pedigree.Zoo.Text;

/// <summary>A fixed set of sequences of generated text. Immutable; the same name and length give the same text everywhere.</summary>
internal sealed class Corpus
{
    // Text does not depend on what is trained: "same data" is then a matter of the name alone.
    private const ulong Seed = 0x50454447;

    private readonly int[][] _sequences;

    private Corpus(string name, int[][] sequences) => (Name, _sequences) = (name, sequences);

    /// <summary>A, B or C.</summary>
    public string Name { get; }

    /// <summary>Number of sequences.</summary>
    public int Count => _sequences.Length;

    /// <summary>One sequence.</summary>
    public ReadOnlySpan<int> this[int index] => _sequences[index];

    /// <summary>Generates a corpus.</summary>
    /// <param name="name">A: manual; B: code; C: dialogues and sums.</param>
    /// <param name="count">Sequences.</param>
    /// <param name="length">Tokens of each.</param>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public static Corpus Create(string name, int count, int length)
    {
        Register register = name switch
        {
            "A" => new ManualRegister(),
            "B" => new CodeRegister(),
            "C" => new StoryRegister(),
            _ => throw new ArgumentException($"there is no corpus {name}", nameof(name)),
        };
        return new Corpus(name, [.. Enumerable.Range(0, count).Select(index => register.Write(Seed, CounterRandom.Mix(name[0], (ulong)index), length))]);
    }
}
