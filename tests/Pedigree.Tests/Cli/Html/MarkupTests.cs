using System.Text;
using Pedigree.Cli.Rendering.Html;
using Xunit;

namespace Pedigree.Tests.Cli.Html;

public class MarkupTests
{
    [Fact]
    public void Text_and_values_are_escaped_whatever_they_hold()
    {
        var element = Element.Of("p", "</p><script>alert('1')</script> & \"x\" \u202Elpoeg\u0000\ud800").With("aria-label", "\" onload=\"x'<>&");
        Assert.Equal(
            "<p aria-label=\"&quot; onload=&quot;x&#39;&lt;&gt;&amp;\">&lt;/p&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;x&quot; \\u{202E}lpoeg\\u{00}\\u{D800}</p>\n",
            Written(element));
    }

    [Theory]
    [InlineData("script")]
    [InlineData("iframe")]
    [InlineData("style")]
    [InlineData("img")]
    [InlineData("foreignObject")]
    [InlineData("p onclick")]
    [InlineData("P")]
    public void Elements_that_could_do_something_cannot_be_made(string name) => Assert.Throws<ArgumentException>(() => Element.Of(name));

    [Theory]
    [InlineData("onclick", "x")]
    [InlineData("style", "color:red")]
    [InlineData("src", "#x")]
    [InlineData("href", "https://example.org")]
    [InlineData("href", "javascript:alert(1)")]
    [InlineData("href", "data:text/html,x")]
    [InlineData("href", "")]
    public void Attributes_that_could_do_something_cannot_be_set(string name, string value) => Assert.Throws<ArgumentException>(() => Element.Of("a").With(name, value));

    [Fact]
    public void An_attribute_is_set_once() => Assert.Equal("<p class=\"b\"></p>\n", Written(Element.Of("p").Class("a").Class("b")));

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-0.001, "0")]
    [InlineData(12.345678, "12.35")]
    [InlineData(-1e7, "-10000000")]
    public void Coordinates_are_short_and_never_in_powers(double value, string text) => Assert.Equal(text, Coordinates.Text(value));

    [Fact]
    public void A_line_breaks_at_what_is_no_number()
    {
        Assert.Equal("M0 1L1 2M3 4", Coordinates.Line([(0, 1), (1, 2), (2, double.NaN), (3, 4)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Coordinates.Text(double.NaN));
    }

    [Fact]
    public void What_stands_between_backticks_becomes_code_and_an_odd_one_stays()
    {
        Assert.Equal("<p>use <code>--full</code> now</p>\n", Written(Element.Of("p", HtmlPage.Inline("use `--full` now"))));
        Assert.Equal("<p>a ` b</p>\n", Written(Element.Of("p", HtmlPage.Inline("a ` b"))));
    }

    private static string Written(Element element)
    {
        var text = new StringBuilder();
        new MarkupWriter(text).Write(element);
        return text.ToString();
    }
}
