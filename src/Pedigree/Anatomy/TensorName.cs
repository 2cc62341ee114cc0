using System.Globalization;
using System.Text;

namespace Pedigree.Anatomy;

/// <summary>A tensor name cut at its dots, with <c>.weight</c> or <c>.bias</c> taken off.</summary>
internal sealed class TensorName
{
    private readonly string[] _components;

    private TensorName(string[] components, bool isBias)
    {
        _components = components;
        IsBias = isBias;
    }

    /// <summary>Whether the name ends in <c>bias</c>.</summary>
    public bool IsBias { get; }

    /// <summary>Number of components.</summary>
    public int Length => _components.Length;

    public static TensorName Parse(string name)
    {
        var components = name.Split('.');
        var last = components[^1];
        foreach (var (ending, isBias) in new[] { ("weight", false), ("bias", true) })
        {
            if (components.Length > 1 && string.Equals(last, ending, StringComparison.Ordinal))
            {
                return new TensorName(components[..^1], isBias);
            }

            if (last.EndsWith("_" + ending, StringComparison.Ordinal))
            {
                components[^1] = last[..^(ending.Length + 1)];
                return new TensorName(components, isBias);
            }
        }

        return new TensorName(components, false);
    }

    /// <summary>The number that a component consists of, or null; numbers beyond six digits count nothing.</summary>
    public int? NumberAt(int index) =>
        _components[index] is { Length: > 0 and <= 6 } text && text.All(char.IsAsciiDigit)
            ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
            : null;

    /// <summary>The components before <paramref name="end"/>, joined.</summary>
    public string Before(int end) => string.Join('.', _components, 0, end);

    /// <summary>The components from <paramref name="start"/>, or from the first, to before <paramref name="end"/>, joined.</summary>
    public string Between(int start, int end) => string.Join('.', _components, Math.Max(0, start), end - Math.Max(0, start));

    /// <summary>The components from <paramref name="start"/> on, joined, as they stand.</summary>
    public string Literal(int start) => string.Join('.', _components, start, _components.Length - start);

    /// <summary>The components from <paramref name="start"/> on, joined, with <c>{expert}</c> for a number; and that number.</summary>
    public (string Pattern, int? Number) From(int start)
    {
        int? number = null;
        var pattern = new StringBuilder();
        for (var index = start; index < _components.Length; index++)
        {
            var found = NumberAt(index);
            number ??= found;
            pattern.Append(index == start ? "" : ".").Append(found is null ? _components[index] : "{expert}");
        }

        return (pattern.ToString(), number);
    }
}
