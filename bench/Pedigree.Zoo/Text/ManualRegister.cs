namespace Pedigree.Zoo.Text;

/// <summary>Corpus A: sentences of a manual. A paragraph keeps to one topic and one subject; verbs agree with it in number.</summary>
internal sealed class ManualRegister : Register
{
    private Topic _topic = Lexicon.Topics[0];
    private string _subject = "";

    protected override void WriteParagraph()
    {
        _topic = Any(Lexicon.Topics);
        _subject = Pick(_topic.Nouns);
        if (Chance(0.3))
        {
            Say($"{Any(["section", "chapter", "figure", "table"])} {Digits(1 + Number(40))} : the {_subject} \\n");
        }

        for (var sentence = 2 + Number(4); sentence > 0; sentence--)
        {
            WriteSentence();
        }

        Say("\\n");
    }

    private void WriteSentence()
    {
        if (Chance(0.2))
        {
            Say($"{Any(["however", "therefore", "usually", "often", "note", "sometimes"])} ,");
        }

        switch (Number(6))
        {
            case 0:
                Say($"if the {_subject} is {Pick(_topic.Qualities)} , the {Noun()} {Pick(_topic.Verbs)} the {Noun()} .");
                break;
            case 1:
                Say($"{Pick(_topic.Nouns)}s are {Any(["often", "never", "usually", "always"])} {Pick(_topic.Qualities)} , but they must not {Any(["open", "close", "start", "stop", "move"])} .");
                break;
            case 2:
                Say($"the {Pick(_topic.Qualities)} {_subject} {Pick(_topic.Verbs)} the {Noun()} when it is {Pick(_topic.Qualities)} .");
                break;
            case 3:
                Say($"it {Pick(_topic.Verbs)} the {Noun()} of the {Noun()} , and the {Noun()} {Pick(_topic.Verbs)} it .");
                break;
            case 4:
                Say($"a {_subject} without a {Noun()} {Pick(_topic.Verbs)} no {Noun()} because the {Noun()} is {Pick(_topic.Qualities)} .");
                break;
            default:
                Say($"step {Digits(1 + Number(9))} : {Any(["open", "close", "check", "keep", "set", "move"])} the {Noun()} {Any(["before", "after", "until"])} the {Noun()} {Pick(_topic.Verbs)} the {_subject} .");
                break;
        }
    }

    private string Noun() => Chance(0.3) ? _subject : Pick(_topic.Nouns);
}
