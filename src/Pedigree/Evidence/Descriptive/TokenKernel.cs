using System.Globalization;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Numerics;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Whether the embeddings of shared tokens are alike each other in the same way in both models: debiased kernel alignment of the inner products of their rows.
/// A rotation of the residual basis, another width and a reordered vocabulary leave it. It does not tell shared weights from shared text: what tokens mean and how often
/// they occur makes independent models agree far above random orders of tokens, which is why no order test is made of it.</summary>
internal static class TokenKernel
{
    /// <summary>Identifier of the evidence item.</summary>
    public const string Test = "embedding-cka";

    private const int MostTokens = 256;
    private const int FewestTokens = 16;
    private const ulong Stream = 0x746f6b656e73;

    /// <summary>The item; without a statistic where too few tokens are shared.</summary>
    /// <param name="reference">The model that may be the parent.</param>
    /// <param name="suspect">The model examined.</param>
    /// <param name="join">Ids of shared tokens; null where a vocabulary is absent, so that ids stand for tokens if both tables have as many.</param>
    /// <param name="budgetBytes">Bytes that may be read from each model.</param>
    /// <param name="seed">Seed of the choice of tokens and of the random orders.</param>
    public static EvidenceItem Compare(DescribedModel reference, DescribedModel suspect, (int[] Reference, int[] Suspect)? join, long budgetBytes, ulong seed)
    {
        var role = new Role(Part.Embedding);
        if (reference.Anatomy.Find(role) is not { } one || suspect.Anatomy.Find(role) is not { } two || !RowRuns.IsReadable(one) || !RowRuns.IsReadable(two)
            || Math.Max(one.Columns, two.Columns) > FoldedRows.WidestRow)
        {
            return Item(null, 0, 0, "Not computed: no embedding in both models.");
        }

        var (first, second) = join ?? (one.Rows == two.Rows ? ([.. Enumerable.Range(0, one.Rows)], [.. Enumerable.Range(0, two.Rows)]) : ([], []));
        var widest = Math.Max(one.Columns * (long)one.Tensor.Type.Size(), two.Columns * (long)two.Tensor.Type.Size());
        var count = (int)Math.Min(Math.Min(MostTokens, first.Length), budgetBytes / widest);
        if (count < FewestTokens)
        {
            return Item(null, 0, 0, first.Length < FewestTokens ? "Not computed: too few shared tokens." : "Not computed: the budget is too small.");
        }

        // Drawn over the whole vocabulary: neighbours in it are about as frequent.
        var chosen = new CounterRandom(seed, Stream).Permutation(first.Length).AsSpan(0, count).ToArray();
        Array.Sort(chosen);
        var (rows, others) = (Rows(reference, one, [.. chosen.Select(token => first[token])]), Rows(suspect, two, [.. chosen.Select(token => second[token])]));
        if (!Array.TrueForAll(rows, float.IsFinite) || !Array.TrueForAll(others, float.IsFinite))
        {
            return Item(null, count, 0, "Not computed: an embedding has a value that is not finite.");
        }

        var agreement = KernelAgreement.Of([(CentredGram.Of(rows, one.Columns), CentredGram.Of(others, two.Columns))], seed, reference.Threads);
        var bytes = count * ((one.Columns * (long)one.Tensor.Type.Size()) + (two.Columns * (long)two.Tensor.Type.Size()));
        return Item(agreement, count, bytes, agreement.Mean is null
            ? "Not computed: the embeddings of the tokens do not vary."
            : string.Create(CultureInfo.InvariantCulture, $"{count} of {first.Length:N0} shared tokens, joined by {(join is null ? "id, as no vocabulary could be read" : "the bytes that they stand for")}; random orders vary by {agreement.Spread:0.000}."));
    }

    private static EvidenceItem Item(KernelAgreement? agreement, int count, long bytes, string note) => new()
    {
        Test = Test,
        Tier = Tier.Descriptive,
        Statistic = agreement?.Mean,
        StatisticName = "unbiased CKA of the embeddings of shared tokens",
        Null = "tokens in random order, far too low a bar: independent models gave up to 0.98; expectation exactly 0, percentile of 999 orders; independent models gave 0.34 to 0.98 where they read the same text and 0.03 to 0.15 "
            + "where they did not, a student of another's outputs 0.58, a child trained on for as long as its parent 0.54 (our small models)",
        NullExpectation = agreement?.Mean is null ? null : 0,
        NullPercentile = agreement?.Percentile,
        BytesRead = bytes,
        Note = count == 0 ? note : note + " It cannot tell shared weights from shared text.",
    };

    private static float[] Rows(DescribedModel model, TensorView view, int[] ids)
    {
        var values = new float[checked(ids.Length * view.Columns)];
        for (var i = 0; i < ids.Length; i++)
        {
            model.Reader.ReadRows(view, ids[i], 1, values.AsSpan(i * view.Columns, view.Columns));
        }

        return values;
    }
}
