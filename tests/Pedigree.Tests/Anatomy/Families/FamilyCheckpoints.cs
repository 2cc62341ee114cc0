namespace Pedigree.Tests.Anatomy.Families;

/// <summary>The checkpoints of all families that are tested.</summary>
internal static class FamilyCheckpoints
{
    public static IReadOnlyList<FamilyCheckpoint> All { get; } =
    [
        .. NamedLikeLlama.All,
        .. MixturesOfExperts.All,
        .. FusedAttention.All,
        .. PlainMlps.All,
        .. EncodersAndOthers.All,
        .. Hybrids.All,
        .. RecentMixtures.All,
        .. OlderAndRarer.All,
    ];
}
