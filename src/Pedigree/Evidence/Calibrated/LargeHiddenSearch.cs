using Pedigree.Alignment;

namespace Pedigree.Evidence.Calibrated;

/// <summary>The search for a hidden origin in models too large to be held whole, with the test that decides it. Suspects and controls go through it alike.</summary>
internal static class LargeHiddenSearch
{
    // Layers without an origin are dealt into two parts each time: so often eight of them are halved.
    private const int MostChances = 4;

    /// <summary>Searches; once a relation is shown that leaves layers without an origin, those are judged again, as long as that finds further ones.</summary>
    /// <remarks>
    /// A stranger without a relation gets no second chance. In a suspect with one, each further layer is a claim of its own: its count must exceed what independent views give with as many choices as it had chances.
    /// </remarks>
    /// <param name="search">The search.</param>
    /// <param name="unrelated">Quarter shares of unrelated pairs, at least one.</param>
    public static (WideResult Found, TwoViewAgreement Agreement) Run(WideSearch search, IReadOnlyList<double> unrelated)
    {
        var found = search.Run(TwoViewAgreement.Margin * unrelated.Max());
        var agreement = TwoViewAgreement.Of(found.Pair.Fit.Held, unrelated, search.OwnShare);
        for (var chances = 2; chances <= MostChances && agreement.Convicts && agreement.Linked < agreement.Judged && search.Completed(found, agreement.Links) is { } whole; chances++)
        {
            var next = TwoViewAgreement.Of(whole.Pair.Fit.Held, unrelated, search.OwnShare, chances);
            if (!next.Convicts || next.Linked <= agreement.Linked)
            {
                break;
            }

            (found, agreement) = (whole, next);
        }

        return (found, agreement);
    }
}
