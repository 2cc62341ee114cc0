namespace Pedigree.Zoo.Text;

/// <summary>The words that generated text is made of, and their numbers. One list for all corpora, so that they differ in use and not in alphabet.</summary>
internal static class Lexicon
{
    /// <summary>Subjects that a paragraph of prose stays with: names of things, what they do, how they are.</summary>
    public static IReadOnlyList<Topic> Topics { get; } =
    [
        Of("engine valve pump rotor bearing shaft piston gasket", "turns drives cools presses seals", "hot worn steel loose rapid"),
        Of("server socket packet router buffer client thread queue", "sends drops routes caches blocks", "remote stale local secure idle"),
        Of("field seed harvest tractor barn fence orchard well", "feeds covers waters shades ripens", "green dry fertile early wide"),
        Of("bridge beam arch pillar cable deck anchor rivet", "carries spans bends supports braces", "long stiff narrow heavy stone"),
        Of("cell nerve muscle lung vein tissue enzyme gland", "signals absorbs releases protects repairs", "healthy thin small dense swollen"),
        Of("market price trader share bond bank ledger contract", "raises lowers settles insures trades", "public risky cheap private sound"),
        Of("river lake glacier valley cloud storm coast island", "erodes floods crosses shapes hides", "deep cold calm distant northern"),
        Of("lens mirror prism laser sensor filter camera screen", "bends reflects detects focuses splits", "bright clear curved faint red"),
        Of("violin drum choir melody rhythm chord stage singer", "opens follows repeats fills ends", "soft loud slow sharp gentle"),
        Of("court judge witness law clause verdict jury appeal", "rejects hears accepts binds quotes", "fair final strict written void"),
        Of("oven flour sugar butter dough pan knife kitchen", "bakes softens holds cuts mixes", "sweet fresh warm salted round"),
        Of("ship captain harbour sail mast crew wave lantern", "leaves reaches guides rocks lights", "old brave wooden lost proud"),
    ];

    /// <summary>Persons of dialogues.</summary>
    public static IReadOnlyList<string> Names { get; } = Words("Anna Boris Clara David Elena Felix Greta Henry Ida Jonas Karin Leo");

    /// <summary>Small numbers in words, from zero.</summary>
    public static IReadOnlyList<string> Numbers { get; } = Words("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen");

    /// <summary>Things that are counted, bought and asked for.</summary>
    public static IReadOnlyList<string> Things { get; } = Words("key book apple letter coin lamp map clock box ticket glove ring cup coat rope bell");

    /// <summary>Names of variables.</summary>
    public static IReadOnlyList<string> Variables { get; } = Words("x y z i j k n m total count index value result left right data item row node text size low high best");

    /// <summary>Names of functions.</summary>
    public static IReadOnlyList<string> Functions { get; } = Words("add find sort merge read write parse load save check split join scan push pop reverse");

    /// <summary>Every token in the order of its number.</summary>
    public static IReadOnlyList<string> Tokens { get; } =
    [
        .. Words("<unk> \\n . , ; : ? ! ( ) [ ] { } = + - * / < > == != <= >= += -> _ # \" '").Select(word => word == "\\n" ? "\n" : word)
            .Concat(Enumerable.Range(0, 10).Select(digit => digit.ToString()))
            .Concat(Words(
                "the a an of to in on at by with from into over under after before when if then because while until but and or not no every each this that these it they " +
                "is are was were has have can must may will does do so very only also more less than as both between without near first second third last " +
                "def return for while in range len print class self None True False elif else import pass break continue lambda try except raise " +
                "said asked answered told thought replied where who what why how much many there here now yes today yesterday tomorrow please thank you I we he she his her my your me us " +
                "plus minus times equals makes buy buys bought gave gives took takes sees saw lost found wants wanted old young tired happy late alone together " +
                "figure section note warning step part table chapter example however therefore thus instead usually often never always sometimes again " +
                "table open close start stop move keep set use show know need help wait come go look"))
            .Concat(Topics.SelectMany(topic => topic.Nouns.Concat(topic.Nouns.Select(noun => $"{noun}s")).Concat(topic.Verbs).Concat(topic.Qualities)))
            .Concat(Names).Concat(Numbers).Concat(Things).Concat(Variables).Concat(Functions)
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The number of a word.</summary>
    public static int Number(string word) => s_numbers.Value[word];

    private static readonly Lazy<Dictionary<string, int>> s_numbers =
        new(() => Tokens.Select((word, number) => (word, number)).ToDictionary(entry => entry.word, entry => entry.number, StringComparer.Ordinal));

    private static Topic Of(string nouns, string verbs, string qualities) => new(Words(nouns), Words(verbs), Words(qualities));

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>What one paragraph is about.</summary>
/// <param name="Nouns">Things, in the singular; the plural has an s.</param>
/// <param name="Verbs">What one of them does to another.</param>
/// <param name="Qualities">How they are.</param>
internal sealed record Topic(IReadOnlyList<string> Nouns, IReadOnlyList<string> Verbs, IReadOnlyList<string> Qualities);
