using Pedigree.Lineage;

namespace Pedigree.Cli.Rendering;

/// <summary>The tree of <c>pedigree inspect --tree</c>: modules by indentation, equal layers and experts told once, a module with a single entry on its line.</summary>
internal static class TensorTree
{
    private const int Step = 2;
    private const int Gap = 2;
    private const int NarrowestPurpose = 12;

    // Names are written by strangers: as deep as the folding goes.
    private const int MostLevels = 24;

    public static void Write(Page page, IReadOnlyList<FoldedTensor> tensors)
    {
        page.Section("TREE", "equal layers and experts once, their numbers in brackets");
        var root = new Module("");
        foreach (var tensor in tensors)
        {
            var module = root;
            foreach (var label in tensor.Name.Split('.', MostLevels))
            {
                module = module.Child(VisibleText.Of(label));
            }

            module.Tensor = tensor;
        }

        var lines = new List<Entry>();
        Collect(root, 0, lines);
        WriteLines(page, lines);
    }

    private static void Collect(Module module, int depth, List<Entry> lines)
    {
        foreach (var child in module.Children)
        {
            var (label, inner) = (child.Label, child);
            while (inner is { Tensor: null, Children: [var only] })
            {
                (label, inner) = ($"{label}.{only.Label}", only);
            }

            lines.Add(new Entry(depth, label, inner.Tensor));
            Collect(inner, depth + 1, lines);
        }
    }

    private static void WriteLines(Page page, List<Entry> lines)
    {
        int Indent(Entry line) => Page.Margin + Math.Min(line.Depth * Step, page.ProseWidth / 3);
        string Shape(FoldedTensor tensor) => tensor.Shape.Count == 0 ? "scalar" : string.Join($" {page.Glyphs.Times} ", tensor.Shape.Select(Figures.Count));
        var tensors = lines.Where(line => line.Tensor is not null).Select(line => line.Tensor!).ToArray();
        var name = lines.Where(line => line.Tensor is not null).Select(line => Indent(line) + TextWrap.Cells(line.Label)).DefaultIfEmpty(0).Max();
        var type = tensors.Select(tensor => TextWrap.Cells(VisibleText.Of(tensor.Type))).DefaultIfEmpty(0).Max();
        var shape = tensors.Select(tensor => TextWrap.Cells(Shape(tensor))).DefaultIfEmpty(0).Max();
        var left = page.ProseWidth - name - type - shape - (3 * Gap);
        foreach (var line in lines)
        {
            if (line.Tensor is not { } tensor)
            {
                page.Indented(line.Label, Indent(line), Tone.Strong);
            }
            else if (left < NarrowestPurpose)
            {
                page.Indented(line.Label, Indent(line));
                page.Indented(string.Join(page.Glyphs.Divider, [tensor.Type, Shape(tensor), .. tensor.Purposes.Select(Words)]), Indent(line) + Step, Tone.Quiet);
            }
            else
            {
                var head = line.Label.PadRight(name - Indent(line) + Gap + line.Label.Length - TextWrap.Cells(line.Label));
                var purposes = TextWrap.Lines(VisibleText.Of(string.Join(", ", tensor.Purposes.Select(Words))), left);
                page.Line(Indent(line), new Fragment(head), new Fragment($"{VisibleText.Of(tensor.Type).PadRight(type + Gap)}{Shape(tensor).PadRight(shape + Gap)}", Tone.Plain),
                    new Fragment(purposes[0], Tone.Quiet));
                foreach (var more in purposes.Skip(1))
                {
                    page.Line(page.ProseWidth - left, new Fragment(more, Tone.Quiet));
                }
            }
        }
    }

    private static string Words(string purpose) => purpose.Replace('-', ' ');

    private sealed record Entry(int Depth, string Label, FoldedTensor? Tensor);

    private sealed class Module(string label)
    {
        private readonly Dictionary<string, Module> byLabel = new(StringComparer.Ordinal);

        public string Label => label;

        public FoldedTensor? Tensor { get; set; }

        public List<Module> Children { get; } = [];

        public Module Child(string name)
        {
            if (!byLabel.TryGetValue(name, out var child))
            {
                byLabel[name] = child = new Module(name);
                Children.Add(child);
            }

            return child;
        }
    }
}
