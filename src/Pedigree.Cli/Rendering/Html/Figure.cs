namespace Pedigree.Cli.Rendering.Html;

/// <summary>A figure: a heading, drawings side by side where there is room, a caption, and the numbers behind them as a table.</summary>
internal static class Figure
{
    /// <summary>Width of every drawing in its own units; a phone shows it at about that many pixels.</summary>
    public const double Width = 300;

    /// <summary>A figure.</summary>
    /// <param name="id">Identifier on the page.</param>
    /// <param name="title">Heading: what the figure shows.</param>
    /// <param name="lead">How to read it.</param>
    /// <param name="drawings">The drawings.</param>
    /// <param name="caption">Where the numbers are from.</param>
    /// <param name="tables">The numbers.</param>
    public static Element Of(string id, string title, IEnumerable<Node> lead, IEnumerable<Node> drawings, string caption, params IEnumerable<Node> tables)
    {
        Element[] behind = [.. tables.OfType<Element>()];
        return Element.Of("figure",
            Element.Of("h3", title).With("id", $"{id}-heading"),
            Element.Of("div", lead).Class("lead"),
            Element.Of("div", drawings).Class("panels"),
            caption.Length > 0 ? Element.Of("figcaption", caption) : null,
            behind.Length > 0 ? Element.Of("details", behind.Prepend<Node>(Element.Of("summary", "The numbers behind this figure"))) : null).With("id", id).With("aria-labelledby", $"{id}-heading");
    }

    /// <summary>A drawing with a title and a description for those who cannot see it.</summary>
    public static Element Drawing(string id, double height, string title, string description, params IEnumerable<Node?> content) =>
        Element.Of("svg", [Element.Of("title", title).With("id", $"{id}-t"), Element.Of("desc", description).With("id", $"{id}-d"), .. content])
            .With("viewBox", $"0 0 {Coordinates.Text(Width)} {Coordinates.Text(height)}").With("role", "img").With("aria-labelledby", $"{id}-t {id}-d");

    /// <summary>A drawing under its own small heading.</summary>
    public static Element Panel(string heading, params IEnumerable<Node?> content) => Element.Of("div", [Element.Of("h4", heading), .. content]).Class("panel");

    /// <summary>A label in a drawing.</summary>
    public static Element Label(double x, double y, string text, string anchor = "start", string style = "") =>
        Element.Of("text", text).With("x", x).With("y", y).With("text-anchor", anchor).Class(style.Length > 0 ? $"label {style}" : "label");

    /// <summary>A rectangle.</summary>
    public static Element Box(double x, double y, double width, double height, string style) =>
        Element.Of("rect").With("x", x).With("y", y).With("width", Math.Max(0, width)).With("height", Math.Max(0, height)).Class(style);

    /// <summary>A straight line.</summary>
    public static Element Rule(double x1, double y1, double x2, double y2, string style) =>
        Element.Of("line").With("x1", x1).With("y1", y1).With("x2", x2).With("y2", y2).Class(style);

    /// <summary>A path.</summary>
    public static Element Path(string data, string style) => Element.Of("path").With("d", data).Class(style);

    /// <summary>A table with a caption; the first column names the rows. A caption that is not shown repeats the heading for those who cannot see it.</summary>
    public static Element Table(string caption, IReadOnlyList<PageColumn> columns, IEnumerable<IReadOnlyList<string>> rows, bool showsCaption = true) => Element.Of("div",
        Element.Of("table",
            Element.Of("caption", Element.Of("span", caption).Class(showsCaption ? "caption" : "unseen")),
            Element.Of("thead", Element.Of("tr", columns.Select(column => Element.Of("th", column.Title).With("scope", "col").Class(column.IsNumber ? "number" : "words")))),
            Element.Of("tbody", rows.Select(row => Element.Of("tr", row.Select((cell, index) => index == 0
                ? Element.Of("th", cell).With("scope", "row").Class(columns[index].IsNumber ? "number" : "words")
                : Element.Of("td", cell).Class(columns[index].IsNumber ? "number" : "words"))))))).Class("table").With("tabindex", "0").With("role", "group").With("aria-label", caption);
}
