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
        StackedMoe.Family,
    ];
}
