using Pedigree.Cli.Rendering;
using Pedigree.Lineage;
using Pedigree.Reports;
using Spectre.Console.Rendering;
using Xunit;

namespace Pedigree.Tests.Cli;

public class InspectionPageTests
{
    private static readonly int[] Layers = [.. Enumerable.Range(0, 48)];

    [Fact]
    public void The_page_is_as_approved() => Approved.Verify(Render(Sample(), 100), "inspect");

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void No_line_is_wider_than_the_console(int width) =>
        Assert.All(Render(Sample(), width).Split('\n'), line => Assert.True(new Segment(line).CellCount() <= width, line));

    [Fact]
    public void Tensors_of_all_layers_are_told_once()
    {
        var groups = TensorGroups.Of([.. Layers.Select(layer => Tensor($"model.layers.{layer}.mixer.decay", 128)), Tensor("model.layers.0.odd", 128), Tensor("tail", 3)]);
        Assert.Equal(
            [("model.layers.#.mixer.decay", 48, "0-47"), ("model.layers.0.odd", 1, ""), ("tail", 1, "")],
            groups.Select(group => (group.Name, group.Count, Figures.Runs(group.Layers, "-"))));
    }

    [Fact]
    public void Tensors_of_unequal_shape_stay_apart() =>
        Assert.Equal(2, TensorGroups.Of([Tensor("a.0.x", 1), Tensor("a.1.x", 2)]).Count);

    [Fact]
    public void Hostile_names_do_not_steer_the_terminal()
    {
        var page = Render(Sample() with { NotUnderstood = [Tensor("layer\u001b[2J.0.\u202Eevil[red]", 1), Tensor(new string('.', 4000), 1)] }, 80);
        Assert.Contains("layer\\u{1B}[2J.0.\\u{202E}evil[red]", string.Concat(page.Split('\n').Select(line => line.Trim())), StringComparison.Ordinal);
        Assert.DoesNotContain(page, letter => char.IsControl(letter) && letter != '\n');
    }

    private static string Render(InspectionReport report, int width) => PlainConsole.Render(width, console => InspectionPage.Write(new Page(console), report));

    private static InspectedTensor Tensor(string name, params long[] shape) => new(name, "F32", shape);

    internal static InspectionReport Sample() => new(
        InspectionReport.CurrentSchema, "0.1.0", "llama", 48, 5120, new InspectedHeads(40, 8, 128, "similarity of query and key rows within and between heads"), 0,
        14_770_033_664, 579, 29_540_067_328, [new InspectedType("BF16", 578, 29_540_000_000), new InspectedType("F32", 1, 67_328)],
        ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"],
        [
            new InspectedRole("embedding", "model", 152_064, 5120, "BF16", 1, []),
            new InspectedRole("query", "layer", 5120, 5120, "BF16", 48, Layers),
            new InspectedRole("gate", "layer", 13_824, 5120, "BF16", 48, Layers),
        ],
        [new InspectedPair("gate", "up")],
        [Tensor("model.rotary.inv_freq", 64)],
        [.. Layers.Select(layer => Tensor($"model.layers.{layer}.mixer.decay", 128))],
        [new Finding("looks-untrained", "The gains are constant and the matrices look independently drawn: nothing suggests training.")],
        "models/fourteen");
}
