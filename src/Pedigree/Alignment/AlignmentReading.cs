using Pedigree.Anatomy;
using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Alignment;

/// <summary>What an alignment will read of both models: the same share of the neurons of every layer, chosen without looking at content.</summary>
/// <param name="SeatsPerMlp">Neurons read of each MLP; all where there are no more.</param>
/// <param name="WithDown">Whether down projections are read.</param>
/// <param name="TokensPerDimension">Embedding and unembedding rows read, in multiples of the width.</param>
/// <param name="SuspectLayers">Layers of the suspect whose MLPs take part: all, or as many as the work allows, evenly spread.</param>
/// <param name="Bytes">Bytes that either model will cost, at most.</param>
/// <param name="IsWhole">Whether every neuron of the MLPs that take part is read and the widths can be aligned whole. Where it is not, see <see cref="WidePlan"/>.</param>
internal sealed record AlignmentReading(int SeatsPerMlp, bool WithDown, int TokensPerDimension, IReadOnlyList<int> SuspectLayers, long Bytes, bool IsWhole)
{
    private const ulong SeatStream = 0x616c69676e6d6c70;
    private const ulong ExpertStream = 0x657870727473;

    // Of m seats of either model, m²/n are expected to be the same neuron where order was not kept. 32 is four times the largest of 10^4 counts that are 1 on average.
    private const int LeastCommon = 32;

    // Matching holds two matrices of similarities: 4,096² floats are 64 MiB each.
    private const int MostSeats = 4096;

    // Rows of one model are held as floats while both are compared.
    private const long MostValues = 1L << 29;

    // Multiply-adds of one comparison of all layers, about ten seconds on two cores; an alignment makes twenty or so.
    private const double MostWork = 1e12;

    private const int FewestLayers = 8;
    private const int MostExperts = 8;
    private const int MostAttentionRows = 4096;

    private static readonly Part[] AttentionParts = [Part.Query, Part.Key, Part.Value, Part.AttentionOutput];

    /// <summary>Plans within a budget.</summary>
    /// <param name="suspect">The suspect.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="budget">Bytes that may still be read of each model.</param>
    /// <param name="needed">Receives the fewest bytes that would do.</param>
    /// <returns>The plan, or null when the budget is too small.</returns>
    public static AlignmentReading? Within(FoldedModel suspect, FoldedModel reference, long budget, out long needed)
    {
        var largest = Math.Max(Largest(suspect), Largest(reference));
        var least = Math.Min(largest, (int)Math.Ceiling(Math.Sqrt((double)LeastCommon * largest)));
        var vocabulary = VocabularyBytesOf(suspect, reference, VocabularyAlignment.RowsPerDimension);
        needed = Math.Max(Cost(suspect, least, false), Cost(reference, least, false)) + vocabulary;
        var all = (int)Math.Max(least, Math.Min(Math.Min(largest, MostSeats), MostValues / Math.Max(1, Math.Max(ValuesPerSeat(suspect), ValuesPerSeat(reference)))));
        for (var seats = all; ; seats = Math.Max(least, seats / 2))
        {
            foreach (var down in seats == all ? new[] { true, false } : [false])
            {
                foreach (var rows in new[] { VocabularyAlignment.MostRowsPerDimension, VocabularyAlignment.RowsPerDimension })
                {
                    var words = VocabularyBytesOf(suspect, reference, rows);
                    var cost = Math.Max(Cost(suspect, seats, down), Cost(reference, seats, down)) + words;
                    if (cost <= budget)
                    {
                        return new AlignmentReading(
                            seats, down, rows, LayersOf(suspect, reference, seats), cost, seats >= largest && Math.Max(suspect.Width, reference.Width) <= WidePlan.MostWholeWidth);
                    }
                }
            }

            if (seats <= least)
            {
                return null;
            }
        }
    }

    /// <summary>Reads a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="mlpLayers">Layers whose MLPs are read; null for all.</param>
    /// <param name="tokens">Ids of the tokens whose embeddings are read; empty for none.</param>
    /// <param name="seed">The comparison's seed.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="cancellation">Stops the work.</param>
    public AlignmentInput Read(FoldedModel model, IReadOnlyList<int>? mlpLayers, int[] tokens, ulong seed, int threads, CancellationToken cancellation)
    {
        var layers = new LayerInput[model.Layers];
        Parallel.For(0, model.Layers, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, layer =>
        {
            var mlps = new List<MlpRows>();
            foreach (var expert in mlpLayers is null || mlpLayers.Contains(layer) ? Chosen(model, layer, seed) : [])
            {
                var total = model.Neurons(layer, expert);
                if (total > 1 && model.Mlp(layer, expert, SeatSample.Draw(total, Math.Min(total, SeatsPerMlp), seed, SeatStream), WithDown) is { } rows)
                {
                    mlps.Add(rows);
                }
            }

            var attention = new SortedDictionary<string, float[]>(StringComparer.Ordinal);
            foreach (var part in AttentionParts)
            {
                if (model.Attention(part, layer, MostAttentionRows) is { } rows)
                {
                    attention[part.ToString()] = rows;
                }
            }

            layers[layer] = new LayerInput(mlps, attention);
        });
        return new AlignmentInput(
            model.Width, layers, tokens.Length == 0 ? null : model.Embedding(tokens), tokens.Length == 0 ? null : model.Unembedding(tokens));
    }

    // The same draw for every model with as many experts, so that equal experts meet.
    private static IEnumerable<int> Chosen(FoldedModel model, int layer, ulong seed)
    {
        var experts = model.Experts(layer);
        if (experts.Count <= MostExperts)
        {
            return experts;
        }

        var order = new CounterRandom(seed, CounterRandom.Mix(ExpertStream, (ulong)experts.Count)).Permutation(experts.Count);
        return order.Take(MostExperts).Order().Select(i => experts[i]);
    }

    private static long ValuesPerSeat(FoldedModel model) => Enumerable.Range(0, model.Layers).Sum(layer => 3L * model.Width * Math.Min(MostExperts, model.Experts(layer).Count));

    private static IReadOnlyList<int> LayersOf(FoldedModel suspect, FoldedModel reference, int seats)
    {
        var each = 2.0 * seats * seats * suspect.Width * reference.Layers;
        var count = (int)Math.Clamp(MostWork / each, FewestLayers, Math.Max(FewestLayers, suspect.Layers));
        if (count >= suspect.Layers)
        {
            return [.. Enumerable.Range(0, suspect.Layers)];
        }

        // Pairs of neighbours, so that both halves reach every depth.
        var pairs = count / 2;
        return [.. Enumerable.Range(0, pairs).Select(i => (int)((i + 0.5) * (suspect.Layers - 1) / pairs)).SelectMany(first => new[] { first, first + 1 }).Distinct().Order()];
    }

    private static int Largest(FoldedModel model) =>
        Enumerable.Range(0, model.Layers).SelectMany(layer => model.Experts(layer).Select(expert => model.Neurons(layer, expert))).Append(1).Max();

    private static long Cost(FoldedModel model, int seats, bool down)
    {
        long bytes = 0;
        for (var layer = 0; layer < model.Layers; layer++)
        {
            foreach (var expert in model.Experts(layer).Take(MostExperts))
            {
                bytes += model.NeuronBytes(layer, expert) * Math.Min(seats, model.Neurons(layer, expert));
                bytes += down || model.Stored.Find(new Role(Part.Gate, layer, expert)) is null ? model.DownBytes(layer, expert) : 0;
            }
        }

        return bytes + Enumerable.Range(0, model.Layers).Sum(layer => AttentionParts.Sum(part =>
            model.Stored.Find(new Role(part, layer)) is { } view
                ? ReadingPlan.RowBytes(view) * (part == Part.AttentionOutput ? view.Rows : Math.Min(view.Rows, MostAttentionRows)) : 0));
    }

    private static long VocabularyBytesOf(FoldedModel suspect, FoldedModel reference, int rowsPerDimension) =>
        2L * rowsPerDimension * Math.Min(suspect.Width, reference.Width) * Math.Max(suspect.VocabularyRowBytes, reference.VocabularyRowBytes);
}
