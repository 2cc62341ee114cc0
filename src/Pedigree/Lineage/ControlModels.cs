using System.Globalization;
using Pedigree.Alignment;
using Pedigree.Evidence.Calibrated;
using Pedigree.Evidence.Descriptive;
using Pedigree.Evidence.Exact;
using Pedigree.Units;

namespace Pedigree.Lineage;

/// <summary>Models that the user names as unrelated: each goes through the search in the suspect's place, and raises what a positive needs.</summary>
/// <param name="Shares">Quarter shares of unrelated pairs: the bundled ones, then those of the user's models.</param>
/// <param name="Heads">The same of query heads.</param>
/// <param name="Items">One entry for each of the user's models.</param>
internal sealed record ControlModels(IReadOnlyList<double> Shares, IReadOnlyList<double> Heads, IReadOnlyList<Control> Items)
{
    /// <summary>The bundled figures alone.</summary>
    public static ControlModels Bundled { get; } = new(UnrelatedAgreement.Shares, UnrelatedAgreement.Heads, []);

    /// <summary>Runs the search on each control. One that turns out to be related to the reference is no control and is left out, with a word.</summary>
    /// <param name="controls">The user's models, in order.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="plan">Budget and seed.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    public static ControlModels Of(IReadOnlyList<ModelReader> controls, ModelReader reference, ReadingPlan plan, ExactContext context)
    {
        var shares = UnrelatedAgreement.Shares.ToList();
        var heads = UnrelatedAgreement.Heads.ToList();
        var items = new List<Control>();
        var two = new FoldedModel(reference);
        for (var i = 0; i < controls.Count; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{TwoViewAgreement.Id}/control-{i + 1}");
            var one = new FoldedModel(controls[i]);
            var name = string.Create(CultureInfo.InvariantCulture, $"Control {i + 1} (SHA-256 {Convert.ToHexStringLower(Anatomy.LogicalDigest.Compute(controls[i].Source, controls[i].Anatomy))[..12]})");
            context.Step("searching controls");
            var join = TokenJoin.ByToken(controls[i].Source, reference.Source, Vocabulary(controls[i]), Vocabulary(reference));
            if (Searched(one, two, join, plan, context) is not var (agreement, attention))
            {
                items.Add(new Control(id, $"{name} was not used: it needs more bytes than the budget allows.", null));
                continue;
            }

            if (agreement.Judged == 0 || agreement.Convicts || attention is { Convicts: true })
            {
                items.Add(new Control(
                    id, $"{name} was not used: {(agreement.Judged == 0 ? "it has no layers that can be compared" : "it shares parameters with the reference")}.", agreement.Reached));
                continue;
            }

            shares.Add(agreement.Reached);
            if (attention is not null)
            {
                heads.Add(attention.Share);
            }

            items.Add(new Control(id, $"{name}, named as unrelated by the user: share reached in a quarter of its layers.", agreement.Reached));
        }

        return new ControlModels(shares, heads, items);
    }

    private static (TwoViewAgreement Agreement, TwoViewHeads? Attention)? Searched(FoldedModel one, FoldedModel two, (int[] Suspect, int[] Reference)? join, ReadingPlan plan, ExactContext context)
    {
        var budget = plan.Full ? long.MaxValue / 4 : plan.Budget;
        if (AlignmentReading.Within(one, two, budget) is { } reading)
        {
            var (suspectRows, referenceRows) = AlignedPair.Read(one, two, join, reading, plan.Seed, context.Threads, context.Cancellation);
            var (pair, agreement) = HiddenSearch.Run(suspectRows, referenceRows, UnrelatedAgreement.Shares, context.Threads, context.Step, context.Cancellation);
            return (agreement, TwoViewHeads.Of(pair, UnrelatedAgreement.Heads, plan.Seed, context.Threads, context.Cancellation));
        }

        if (WidePlan.Within(one, two, join?.Suspect.Length ?? 0, byInvariants: true, budget, out _) is not { } wide)
        {
            return null;
        }

        var search = new WideSearch(one, two, wide, join, plan.Seed, context.Threads, context.Step, context.Cancellation);
        var (_, neurons) = LargeHiddenSearch.Run(search, UnrelatedAgreement.Shares);
        return (neurons, WideHeadPlan.Within(one, two, budget - wide.Bytes, out _) is { } heads
            ? WideTwoViewHeads.Of(one, two, heads, search.Unshaped, UnrelatedAgreement.Heads, plan.Seed, context.Threads, context.Step, context.Cancellation) : null);
    }

    private static int Vocabulary(ModelReader model) => model.Find(new Anatomy.Role(Anatomy.Part.Embedding))?.Rows ?? 0;
}
