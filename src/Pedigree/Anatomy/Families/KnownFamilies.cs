using System.Collections.Frozen;

namespace Pedigree.Anatomy.Families;

/// <summary>The list of families: the one place, besides its own file, that a new family touches. Of two that explain a model equally well, the earlier wins.</summary>
internal static class KnownFamilies
{
    public static IReadOnlyList<ModelFamily> All { get; } =
    [
        Llama.Family,
        GgufNames.Family,
        Phi3.Family,
        Gpt2.Family,
        PanguMoe.Family,
        Qwen2Moe.Family,
        Mixtral.Family,
        GptOss.Family,
        Glm.Family,
        StackedMoe.Family,
        DeepSeek.Family,
        GlmMoe.Family,
        HunyuanMoe.Family,
        ChatGlm.Family,
        Gemma2.Family,
        Gemma3n.Family,
        Olmo.Family,
        Olmo2.Family,
        Phi.Family,
        GptNeoX.Family,
        GptNeo.Family,
        GptJ.Family,
        CodeGen.Family,
        Bloom.Family,
        Falcon.Family,
        Mpt.Family,
        Opt.Family,
        Baichuan.Family,
        InternLm2.Family,
        Qwen.Family,
        Exaone.Family,
        GraniteMoe.Family,
        StarCoder2.Family,
        Bert.Family,
        DistilBert.Family,
        Vit.Family,
        PackedVit.Family,
        Clip.Family,
        Pixtral.Family,
        T5.Family,
        Whisper.Family,
        Rwkv.Family,
        Rwkv7.Family,
        Mamba.Family,
        Mamba2.Family,
        Afmoe.Family,
        DeepSeekV4.Family,
        HunyuanV4.Family,
        AxK2.Family,
        LongCatFlash.Family,
        KimiLinear.Family,
        Qwen3Next.Family,
        OlmoHybrid.Family,
        Inkling.Family,
        DiffLlama.Family,
        Doge.Family,
        JetMoe.Family,
        MambaHybrid.Family,
        Zamba.Family,
        NemotronH.Family,
        Lfm2.Family,
        Gemma4.Family,
        ModernBert.Family,
        Persimmon.Family,
        NanoChat.Family,
        Moshi.Family,
        OpenAiGpt.Family,
        Ctrl.Family,
        ProphetNet.Family,
        RecurrentGemma.Family,
        XLstm.Family,
        HrmText.Family,
        CpmAnt.Family,
        Dbrx.Family,
    ];

    private static readonly FrozenDictionary<string, (ModelFamily Family, TensorPattern Pattern)[]> ByName = All
        .SelectMany(family => family.InLayers.Select(pattern => (Family: family, Pattern: pattern)))
        .GroupBy(entry => entry.Pattern.Name, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    private static readonly FrozenDictionary<ModelFamily, int> Ranks = All.Select((family, rank) => (family, rank)).ToFrozenDictionary(entry => entry.family, entry => entry.rank);

    // Few names have numbers that count nothing, or mean something else in another stack: the others are spared a look-up.
    private static readonly FrozenSet<string> FirstOfNumbered = ByName.Keys.Where(name => name.Split('.').Any(component => component.All(char.IsAsciiDigit)))
        .Select(name => name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..].Split('.')[0]).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Stacks = ByName.Keys.Where(name => name.Contains(':', StringComparison.Ordinal))
        .Select(name => name[..name.IndexOf(':', StringComparison.Ordinal)]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What the rest of a name, behind the number of its layer, means in each family that knows it; and the number of the expert in it.</summary>
    public static IEnumerable<(ModelFamily Family, TensorPattern Pattern, int? Expert)> InLayer(TensorName name, int start)
    {
        var (text, number) = name.From(start);
        if (FirstOfNumbered.Contains(name.Between(start, start + 1)) || (name.Between(start - 3, start - 1) is var stack && Stacks.Contains(stack)))
        {
            var literal = name.Literal(start);
            foreach (var (family, pattern) in Named($"{name.Between(start - 3, start - 1)}:{literal}").Concat(Named(literal)))
            {
                yield return (family, pattern, null);
            }
        }

        foreach (var (family, pattern) in Named(text))
        {
            yield return (family, pattern, number);
        }
    }

    /// <summary>Place in <see cref="All"/>.</summary>
    public static int RankOf(ModelFamily family) => Ranks[family];

    private static (ModelFamily Family, TensorPattern Pattern)[] Named(string name) => ByName.GetValueOrDefault(name) ?? [];
}
