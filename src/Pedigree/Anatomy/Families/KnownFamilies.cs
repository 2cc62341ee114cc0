using System.Collections.Frozen;

namespace Pedigree.Anatomy.Families;

/// <summary>The list of families: the one place, besides its own file, that a new family touches. Of two that explain a model equally well, the earlier wins.</summary>
internal static class KnownFamilies
{
    public static IReadOnlyList<ModelFamily> All { get; } =
    [
        Llama.Family,
        Phi3.Family,
        Gpt2.Family,
        PanguMoe.Family,
        Qwen2Moe.Family,
        Mixtral.Family,
        GptOss.Family,
        StackedMoe.Family,
        DeepSeek.Family,
        GlmMoe.Family,
        HunyuanMoe.Family,
        Glm.Family,
        ChatGlm.Family,
        Gemma2.Family,
        Olmo.Family,
        Olmo2.Family,
        Phi.Family,
        GptNeoX.Family,
        GptNeo.Family,
        GptJ.Family,
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
        Mamba.Family,
    ];

    private static readonly FrozenDictionary<string, (ModelFamily Family, TensorPattern Pattern)[]> ByName = All
        .SelectMany(family => family.InLayers.Select(pattern => (Family: family, Pattern: pattern)))
        .GroupBy(entry => entry.Pattern.Name, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    private static readonly FrozenDictionary<ModelFamily, int> Ranks = All.Select((family, rank) => (family, rank)).ToFrozenDictionary(entry => entry.family, entry => entry.rank);

    /// <summary>What a name inside a layer means in each family that knows it.</summary>
    public static (ModelFamily Family, TensorPattern Pattern)[] InLayer(string name) => ByName.GetValueOrDefault(name) ?? [];

    /// <summary>Place in <see cref="All"/>.</summary>
    public static int RankOf(ModelFamily family) => Ranks[family];
}
