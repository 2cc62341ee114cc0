namespace Pedigree.Units;

/// <summary>One vector a unit, from both models: a view. The rows of a group's views describe the same seats in the same order.</summary>
/// <param name="Name">Name for reports: gate, up, down, embedding …</param>
/// <param name="Length">Values in one row.</param>
/// <param name="Suspect">Rows of the suspect, seats × Length.</param>
/// <param name="Reference">Rows of the reference, seats × Length.</param>
/// <param name="SignFree">Whether a joint sign of this and the other sign-free views of a unit is a free choice (up and down of a gated MLP, methods S6).</param>
internal sealed record UnitView(string Name, int Length, float[] Suspect, float[] Reference, bool SignFree = false);

/// <summary>Units of the reference whose order is exchangeable, and the units of the suspect at the same seats.
/// It may come from checkpoints or from anything else that kept the same seats.</summary>
/// <param name="SuspectLayer">Layer of the suspect; -1 for the whole model.</param>
/// <param name="ReferenceLayer">Layer of the reference; -1 for the whole model.</param>
/// <param name="Expert">Expert, as in <see cref="Anatomy.Role.Expert"/>.</param>
/// <param name="TotalSeats">Seats that exist, sampled or not: what a forger can choose from.</param>
/// <param name="Seats">The seats that were read, ascending, chosen without looking at content.</param>
/// <param name="Views">At least one.</param>
/// <param name="StandardiseColumns">Whether columns are centred and scaled over the seats before rows are compared.</param>
/// <param name="Block">Number of the block where the seats of one MLP are matched in several blocks, or of the KV group that query heads belong to.</param>
internal sealed record UnitGroup(
    int SuspectLayer, int ReferenceLayer, int Expert, int TotalSeats, int[] Seats, IReadOnlyList<UnitView> Views, bool StandardiseColumns, int Block = 0)
{
    /// <summary>Mean similarity that reordering what the vectors run over could add: residual dimensions described by neurons agree a little when
    /// the neurons were reordered to match. 0 where nobody can choose that order.</summary>
    public double Allowance { get; init; }

    /// <summary>Most units that are matched among themselves at once; a larger group is split into blocks of seats, each exact by itself.</summary>
    public const int LargestBlock = 1024;

    /// <summary>Identifies the group among all groups of a comparison, for random streams.</summary>
    public ulong Stream => ((ulong)(uint)(ReferenceLayer + 2) << 40) ^ ((ulong)(uint)(Expert + 3) << 16) ^ (uint)Block;
}
