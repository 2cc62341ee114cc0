namespace Pedigree.Zoo.Text;

/// <summary>Corpus B: functions of a small language. Only variables that were set are used, and brackets close.</summary>
internal sealed class CodeRegister : Register
{
    private readonly List<string> _known = [];

    protected override void WriteParagraph()
    {
        _known.Clear();
        var function = Pick(Lexicon.Functions);
        if (Chance(0.25))
        {
            Say($"# {function} the {Any(Lexicon.Things)} in {Pick(Lexicon.Variables)} \\n");
        }

        Say($"def {function} (");
        for (var argument = 1 + Number(3); argument > 0; argument--)
        {
            var name = Fresh();
            Say(argument > 1 ? $"{name} ," : name);
        }

        Say(") : \\n");
        for (var line = 2 + Number(5); line > 0; line--)
        {
            WriteLine(1);
        }

        Say("_ return");
        WriteExpression(2);
        Say("\\n \\n");
    }

    private void WriteLine(int depth)
    {
        Say(string.Concat(Enumerable.Repeat("_ ", depth)));
        switch (depth < 3 ? Number(6) : Number(3))
        {
            case 0:
            case 1:
                var before = Known();
                Say($"{(Chance(0.5) ? before : Fresh())} =");
                WriteExpression(2);
                Say("\\n");
                break;
            case 2:
                Say($"{Known()} += {Digits(1 + Number(9))} \\n");
                break;
            case 3:
                var counter = Fresh();
                Say($"for {counter} in range ( {Known()} ) : \\n");
                WriteLine(depth + 1);
                break;
            case 4:
                Say($"if {Known()} {Any(["<", ">", "==", "!=", "<=", ">="])} {Known()} : \\n");
                WriteLine(depth + 1);
                break;
            default:
                Say($"while {Known()} < {Known()} : \\n");
                WriteLine(depth + 1);
                break;
        }
    }

    private void WriteExpression(int depth)
    {
        switch (depth == 0 ? Number(2) : Number(6))
        {
            case 0:
                Say(Known());
                break;
            case 1:
                Say(Digits(Number(100)));
                break;
            case 2:
                WriteExpression(depth - 1);
                Say(Any(["+", "-", "*", "/"]));
                WriteExpression(depth - 1);
                break;
            case 3:
                Say($"{Pick(Lexicon.Functions)} (");
                WriteExpression(depth - 1);
                Say(")");
                break;
            case 4:
                Say($"{Known()} [");
                WriteExpression(depth - 1);
                Say("]");
                break;
            default:
                Say($"len ( {Known()} )");
                break;
        }
    }

    private string Known() => _known.Count == 0 ? "self" : Any(_known);

    private string Fresh()
    {
        var name = Pick(Lexicon.Variables);
        if (!_known.Contains(name, StringComparer.Ordinal))
        {
            _known.Add(name);
        }

        return name;
    }
}
