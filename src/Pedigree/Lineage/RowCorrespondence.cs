using Pedigree.Alignment;
using Pedigree.Anatomy;
using Pedigree.Evidence;
using Pedigree.Evidence.Descriptive;
using Pedigree.Evidence.Exact;
using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Lineage;

/// <summary>Where a relation is established by other tests, says which of attention, embedding and unembedding took part: whether rows resemble the row at their own seat, or of their own
/// token, more than the next one. It helps to no verdict; it says how much was inherited.</summary>
/// <remarks>
/// A row of a matrix that was not inherited is as likely to resemble its neighbour's counterpart as its own: the number that prefer their own is Binomial(n, ½), at the level of 1 in 100 for each
/// matrix of each layer. If a share f was inherited, (1 + f)/2 of the rows prefer their own, so f is estimated by 2K/n − 1. A matrix that was trained anew inside an inherited model is
/// drawn to its old place too, so its rows must also come at least half as close as the neurons that carry the verdict.
/// </remarks>
/// <param name="Parts">Matrices that were examined, in a fixed order.</param>
internal sealed record RowCorrespondence(IReadOnlyList<RowCorrespondence.Matrix> Parts)
{
    /// <summary>Tokens that both models have, by text or, without texts, by id.</summary>
    public int Tokens { get; init; }

    /// <summary>Identifier of the evidence items.</summary>
    public const string Test = "row-correspondence";

    private const string Attention = "attention", Embedding = "embedding", Unembedding = "unembedding";
    private const ulong TokenStream = 0x726f77746f6b656e;
    private const double Level = 0.01;
    private const int MostTokens = 512;
    private const int MostRows = 256;

    // What is left for rows of the layers when each vocabulary table has taken its part.
    private const int TokenPart = 6;

    private static readonly Part[] Reading = [Part.Query, Part.Key, Part.Value];

    /// <summary>Nothing was examined.</summary>
    public static RowCorrespondence None { get; } = new([]);

    /// <summary>Examines the rows.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="join">Ids of shared tokens; null to assume equal ids.</param>
    /// <param name="layers">Which layer of the reference stands behind which of the suspect.</param>
    /// <param name="map">The map from the reference's residual basis; null for the basis as stored.</param>
    /// <param name="cosine">Mean row cosine of the units that carry the verdict.</param>
    /// <param name="plan">Budget and seed.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    public static RowCorrespondence Measure(
        ModelReader suspect, ModelReader reference, (int[] Suspect, int[] Reference)? join, IReadOnlyList<(int SuspectLayer, int ReferenceLayer)> layers, ResidualMap? map,
        double cosine, ReadingPlan plan, ExactContext context)
    {
        var (one, two) = (new FoldedModel(suspect), new FoldedModel(reference));
        if (map is null && one.Width != two.Width)
        {
            return None;
        }

        float[] Mapped(float[] rows) => map is null ? rows : map.Apply(rows, rows.Length / two.Width, 1);
        var shared = join?.Suspect.Length ?? Math.Min(Vocabulary(one), Vocabulary(two));
        var tokens = Drawn(one, two, join, shared, plan);
        (string Name, Func<FoldedModel, int[], float[]?> Read)[] tables = [(Embedding, (model, ids) => model.Embedding(ids)), (Unembedding, (model, ids) => model.Unembedding(ids))];
        var rowBytes = layers.Sum(link => Reading.Sum(part => suspect.Find(new Role(part, link.SuspectLayer)) is { } view ? ReadingPlan.RowBytes(view) : 0));
        var most = ReadingPlan.Fit(plan.CorrespondenceBytes * (TokenPart - 2) / TokenPart, rowBytes, MostRows);
        var parts = new Matrix?[layers.Count + tables.Length];
        Parallel.For(0, parts.Length, SharedThreads.Options(context.Threads, context.Cancellation), i =>
        {
            if (i >= layers.Count)
            {
                var (name, read) = tables[i - layers.Count];
                parts[i] = shared >= 2 && read(one, tokens.Suspect) is { } mine && read(two, tokens.Reference) is { } theirs
                    ? Compare(name, -1, -1, mine, Mapped(theirs), one.Width, cosine) : null;
                return;
            }

            var (layer, from) = layers[i];
            foreach (var part in Reading)
            {
                // Heads that were dropped leave the others without a seat.
                if (suspect.Find(new Role(part, layer))?.Rows == reference.Find(new Role(part, from))?.Rows
                    && one.Attention(part, layer, most) is { } mine && two.Attention(part, from, most) is { } theirs)
                {
                    var matrix = Compare(Attention, layer, from, mine, Mapped(theirs), one.Width, cosine);
                    parts[i] = parts[i]?.Plus(matrix) ?? matrix;
                }
            }
        });
        return new RowCorrespondence([.. parts.OfType<Matrix>()]) { Tokens = shared };
    }

    /// <summary>The share of a tensor's rows that correspond, 0 to 1.</summary>
    /// <param name="role">The tensor.</param>
    public double Share(Role role) => role.Part switch
    {
        Part.Query or Part.Key or Part.Value or Part.AttentionOutput or Part.QueryKeyValue => Find(Attention, role.Layer),
        Part.Embedding => Find(Embedding, -1),
        Part.Unembedding => Find(Unembedding, -1),
        _ => 0,
    };

    /// <summary>What was examined, for the report.</summary>
    public IEnumerable<EvidenceItem> Items() => Parts.GroupBy(part => part.Name, StringComparer.Ordinal).Select(group =>
    {
        var (rows, nearer) = (group.Sum(part => part.Rows), group.Sum(part => part.Nearer));
        return new EvidenceItem
        {
            Test = Test,
            Tier = Tier.Descriptive,
            Statistic = rows == 0 ? null : (double)nearer / rows,
            StatisticName = group.Key is Attention ? "share of rows of attention nearer to their own seat than to the next" : $"share of rows of the {group.Key} nearer to their own token than to the next",
            Null = "a matrix that was not inherited: a fair coin for each row",
            NullExpectation = 0.5,
            PerLayer = [.. group.Select(part => new LayerEvidence(part.SuspectLayer, part.ReferenceLayer, part.Rows, part.Nearer, part.Rows == 0 ? null : part.Own / part.Rows, part.Share))],
        };
    });

    private double Find(string name, int layer) => Parts.FirstOrDefault(part => part.SuspectLayer == layer && string.Equals(part.Name, name, StringComparison.Ordinal))?.Share ?? 0;

    private static int Vocabulary(FoldedModel model) => model.Stored.Find(new Role(Part.Embedding))?.Rows ?? 0;

    private static (int[] Suspect, int[] Reference) Drawn(FoldedModel one, FoldedModel two, (int[] Suspect, int[] Reference)? join, int shared, ReadingPlan plan)
    {
        if (shared < 2)
        {
            return ([], []);
        }

        var wanted = ReadingPlan.Fit(plan.CorrespondenceBytes / TokenPart, Math.Max(one.VocabularyRowBytes, two.VocabularyRowBytes), MostTokens);
        var drawn = SeatSample.Draw(shared, wanted, plan.Seed, TokenStream);
        return join is { } ids ? ([.. drawn.Select(i => ids.Suspect[i])], [.. drawn.Select(i => ids.Reference[i])]) : (drawn, drawn);
    }

    private static Matrix Compare(string name, int suspectLayer, int referenceLayer, float[] mine, float[] theirs, int width, double cosine)
    {
        var rows = Math.Min(mine.Length / width, SignTest.Most / Reading.Length);
        int compared = 0, nearer = 0;
        double own = 0, next = 0;
        for (var row = 0; row < rows; row++)
        {
            var vector = mine.AsSpan(row * width, width);
            var (at, beside) = (Cosine(vector, theirs.AsSpan(row * width, width)), Cosine(vector, theirs.AsSpan((row + 1) % rows * width, width)));
            if (at is { } a && beside is { } b && a != b)
            {
                (compared, nearer, own, next) = (compared + 1, nearer + (a > b ? 1 : 0), own + a, next + b);
            }
        }

        return new Matrix(name, suspectLayer, referenceLayer, compared, nearer, own, next, cosine);
    }

    private static double? Cosine(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        var agreement = default(ValueAgreement);
        agreement.AddRow(x, y);
        return agreement.Cosine;
    }

    /// <summary>Rows of one matrix, or of the projections of one layer's attention.</summary>
    /// <param name="Name">attention, embedding or unembedding.</param>
    /// <param name="SuspectLayer">Layer of the suspect; -1 for the whole model.</param>
    /// <param name="ReferenceLayer">Layer of the reference; -1 likewise.</param>
    /// <param name="Rows">Rows compared.</param>
    /// <param name="Nearer">Rows that resemble their own counterpart more than the next one.</param>
    /// <param name="Own">Sum of cosines with the own counterpart.</param>
    /// <param name="Next">Sum of cosines with the next one.</param>
    /// <param name="Cosine">Mean row cosine of the units that carry the verdict.</param>
    internal sealed record Matrix(string Name, int SuspectLayer, int ReferenceLayer, int Rows, int Nearer, double Own, double Next, double Cosine)
    {
        /// <summary>The share that corresponds; 0 where that is not shown.</summary>
        public double Share =>
            // What all rows of a matrix have in common is in both sums.
            Rows > 0 && SignTest.UpperTail(Nearer, Rows) <= Level && Own - Next > Cosine / 2 * (Rows - Next) ? Math.Max(0, (2.0 * Nearer / Rows) - 1) : 0;

        /// <summary>Both together.</summary>
        public Matrix Plus(Matrix other) => this with { Rows = Rows + other.Rows, Nearer = Nearer + other.Nearer, Own = Own + other.Own, Next = Next + other.Next };
    }
}
