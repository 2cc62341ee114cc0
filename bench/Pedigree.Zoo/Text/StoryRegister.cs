namespace Pedigree.Zoo.Text;

/// <summary>Corpus C: dialogues between two persons about one thing, and sums in words and digits that are right.</summary>
internal sealed class StoryRegister : Register
{
    protected override void WriteParagraph()
    {
        if (Chance(0.4))
        {
            WriteSums();
        }
        else
        {
            WriteDialogue();
        }

        Say("\\n");
    }

    private void WriteSums()
    {
        for (var line = 2 + Number(4); line > 0; line--)
        {
            var (left, right) = (Number(10), Number(9));
            if (Chance(0.5))
            {
                Say($"{Lexicon.Numbers[left]} plus {Lexicon.Numbers[right]} makes {Lexicon.Numbers[left + right]} .");
            }
            else
            {
                var (first, second) = (Number(50), Number(50));
                Say(Chance(0.5) ? $"{Digits(first)} + {Digits(second)} = {Digits(first + second)} ;" : $"{Digits(first + second)} - {Digits(first)} = {Digits(second)} ;");
            }
        }
    }

    private void WriteDialogue()
    {
        var (one, other, thing) = (Any(Lexicon.Names), Any(Lexicon.Names), Pick(Lexicon.Things));
        var count = Number(9);
        Say($"{Any(["today", "yesterday"])} {one} {Any(["saw", "found", "lost", "bought"])} {Lexicon.Numbers[count + 1]} {thing} .");
        for (var turn = 1 + Number(3); turn > 0; turn--)
        {
            switch (Number(4))
            {
                case 0:
                    Say($"{other} asked : \" where is the {thing} ? \" {one} answered : \" it is {Any(["in", "under", "near", "on"])} the {Any(Lexicon.Things)} . \"");
                    break;
                case 1:
                    Say($"\" how many ? \" asked {other} . \" {Lexicon.Numbers[count + 1]} , \" said {one} .");
                    break;
                case 2:
                    Say($"{one} was {Any(["tired", "happy", "late", "alone"])} , so {one} gave the {thing} to {other} .");
                    break;
                default:
                    Say($"\" please help me with my {thing} , \" {one} told {other} . \" yes , \" replied {other} .");
                    break;
            }

            (one, other) = (other, one);
        }
    }
}
