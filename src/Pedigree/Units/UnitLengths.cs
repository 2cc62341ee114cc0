namespace Pedigree.Units;

/// <summary>Log lengths of a unit that two models have in common, before anything was rescaled. First and rest are disjoint, so that starting values make them vary independently.</summary>
/// <param name="SuspectFirst">Of the suspect's first view: the gate row, or the up row without a gate.</param>
/// <param name="SuspectRest">Sum over the suspect's other views; a free choice of scale between up and down cancels in it. 0 where one length stands for all.</param>
/// <param name="ReferenceFirst">Of the reference's first view.</param>
/// <param name="ReferenceRest">Sum over the reference's other views.</param>
internal readonly record struct UnitLengths(double SuspectFirst, double SuspectRest, double ReferenceFirst, double ReferenceRest)
{
    /// <summary>Sum over all views of the suspect.</summary>
    public double Suspect => SuspectFirst + SuspectRest;

    /// <summary>Sum over all views of the reference.</summary>
    public double Reference => ReferenceFirst + ReferenceRest;
}
