namespace Pedigree.Cli.Rendering.Html;

/// <summary>A piece of a page: text, or an element that holds pieces. A string becomes text wherever a piece is expected, so nothing that a file contains can become markup.</summary>
internal abstract class Node
{
    public static implicit operator Node(string text) => new Words(text);
}

/// <summary>Text. It is escaped when it is written.</summary>
internal sealed class Words(string text) : Node
{
    public string Text { get; } = text;
}

/// <summary>An element of HTML or SVG with attributes and content. Only names that a report needs are known: no scripts, no handlers, no inline style, no addresses but those inside the page.</summary>
internal sealed class Element : Node
{
    private static readonly HashSet<string> KnownElements = new(
        ("html head meta link title body header main footer nav section article div p h1 h2 h3 h4 ul ol li dl dt dd table caption thead tbody tr th td figure figcaption details summary "
        + "span b em strong small code bdi a br hr svg g path rect line circle text desc").Split(' '), StringComparer.Ordinal);

    private static readonly HashSet<string> KnownAttributes = new(
        ("lang charset name content http-equiv rel href class id role scope colspan tabindex open aria-label aria-labelledby aria-describedby aria-hidden viewBox width height x y x1 y1 x2 y2 "
        + "cx cy r rx d points transform text-anchor").Split(' '), StringComparer.Ordinal);

    private readonly List<(string Name, string Value)> attributes = [];

    private Element(string name) => Name = name;

    public string Name { get; }

    public IReadOnlyList<(string Name, string Value)> Attributes => attributes;

    public List<Node> Content { get; } = [];

    /// <summary>An element with content; what is null is left out.</summary>
    /// <exception cref="ArgumentException">The name is not known.</exception>
    public static Element Of(string name, params IEnumerable<Node?> content)
    {
        var element = new Element(KnownElements.Contains(name) ? name : throw new ArgumentException($"`{name}` is no element of a report.", nameof(name)));
        element.Content.AddRange(content.OfType<Node>());
        return element;
    }

    /// <summary>Sets an attribute.</summary>
    /// <exception cref="ArgumentException">The name is not known, or an address leads out of the page.</exception>
    public Element With(string name, string value)
    {
        if (!KnownAttributes.Contains(name) || (name is "href" && value is not ['#', ..] and not "data:,"))
        {
            throw new ArgumentException($"`{name}` cannot be written to a report with this value.", nameof(name));
        }

        attributes.RemoveAll(attribute => string.Equals(attribute.Name, name, StringComparison.Ordinal));
        attributes.Add((name, value));
        return this;
    }

    /// <summary>Sets an attribute to a number, to two decimals.</summary>
    public Element With(string name, double value) => With(name, Coordinates.Text(value));

    /// <summary>Sets the names of styles.</summary>
    public Element Class(string name) => With("class", name);

    /// <summary>Adds content.</summary>
    public Element Add(params IEnumerable<Node?> content)
    {
        Content.AddRange(content.OfType<Node>());
        return this;
    }
}
