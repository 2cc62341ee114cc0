using Pedigree.Anatomy;
using Pedigree.Numerics;
using Pedigree.Units;

namespace Pedigree.Alignment;

/// <summary>Reads a model in the normal form in which a rotation of the residual stream is a rotation of every row: the gain of a norm multiplied into the
/// matrices that read it, and for LayerNorm the mean direction projected out (methods 2).</summary>
/// <param name="model">The model.</param>
internal sealed class FoldedModel(ModelReader model)
{
    // Gains that start at 1 seldom cross 0; stored as the distance from 1 (Gemma) they scatter on both sides.
    private const double NegativeShareOfZeroStart = 0.1;

    private readonly double gainOffset = Offset(model);

    /// <summary>Width d.</summary>
    public int Width => model.Anatomy.Width;

    /// <summary>Number of layers.</summary>
    public int Layers => model.Anatomy.Layers;

    /// <summary>The model as stored.</summary>
    public ModelReader Stored => model;

    /// <summary>Experts of a layer that have an MLP, in canonical order; <see cref="Role.Dense"/> for the only MLP of a dense layer.</summary>
    public IReadOnlyList<int> Experts(int layer) =>
        [.. model.Anatomy.Views.Keys.Where(role => role.Part == Part.Up && role.Layer == layer && model.Find(role)!.Columns == Width).Select(role => role.Expert)];

    /// <summary>The MLPs of a layer that have the same matrices as most of its neurons, so that their rows can stand in one array.</summary>
    /// <param name="layer">Layer.</param>
    public IReadOnlyList<int> Alike(int layer)
    {
        (bool Gate, bool Down)? Matrices(int expert)
        {
            var (gate, up, down) = (model.Find(new Role(Part.Gate, layer, expert)), model.Find(new Role(Part.Up, layer, expert))!, model.Find(new Role(Part.Down, layer, expert)));
            var writes = down is not null && down.Rows == Width && down.Columns == up.Rows;
            return (gate is not null && (gate.Rows != up.Rows || gate.Columns != Width)) || (gate is null && !writes) ? null : (gate is not null, writes);
        }

        return Experts(layer).GroupBy(Matrices).Where(alike => alike.Key is not null)
            .OrderByDescending(alike => alike.Sum(expert => (long)Neurons(layer, expert))).ThenBy(alike => alike.Min())
            .Select(alike => (IReadOnlyList<int>)[.. alike]).FirstOrDefault([]);
    }

    /// <summary>Neurons of an MLP; 0 when there is none.</summary>
    public int Neurons(int layer, int expert) => model.Find(new Role(Part.Up, layer, expert))?.Rows ?? 0;

    /// <summary>Bytes of one embedding or unembedding row; 0 when there are none.</summary>
    public long VocabularyRowBytes => new[] { Part.Embedding, Part.Unembedding }.Max(part => model.Find(new Role(part)) is { } view ? ReadingPlan.RowBytes(view) : 0);

    /// <summary>Bytes of one neuron's rows, down not counted.</summary>
    public long NeuronBytes(int layer, int expert) =>
        new[] { Part.Gate, Part.Up }.Sum(part => model.Find(new Role(part, layer, expert)) is { } view ? ReadingPlan.RowBytes(view) : 0);

    /// <summary>Bytes of the whole down projection, all of which is read for any of its columns.</summary>
    public long DownBytes(int layer, int expert) =>
        model.Find(new Role(Part.Down, layer, expert)) is { } view ? ReadingPlan.RowBytes(view) * view.Rows : 0;

    /// <summary>Reads neurons.</summary>
    /// <param name="layer">Layer.</param>
    /// <param name="expert">Expert.</param>
    /// <param name="seats">Ascending seats.</param>
    /// <param name="withDown">Whether the columns of down are read too; without a gate they are the second view and always are.</param>
    /// <param name="storage">Gives an array of a length, whose contents do not matter; null for new ones.</param>
    /// <returns>The rows, or null when the MLP has no two views.</returns>
    public MlpRows? Mlp(int layer, int expert, int[] seats, bool withDown, Func<int, float[]>? storage = null)
    {
        var gate = model.Find(new Role(Part.Gate, layer, expert));
        var up = model.Find(new Role(Part.Up, layer, expert));
        var down = model.Find(new Role(Part.Down, layer, expert));
        if (up is null || up.Columns != Width || (gate is not null && (gate.Rows != up.Rows || gate.Columns != Width)))
        {
            return null;
        }

        var names = new List<string>(3);
        var views = new List<float[]>(3);
        var norm = NormOf(layer, Part.MlpNorm);
        if (gate is not null)
        {
            names.Add("gate");
            views.Add(Folded(gate, seats, norm, storage));
        }

        names.Add("up");
        views.Add(Folded(up, seats, norm, storage));
        if (down is not null && down.Rows == Width && down.Columns == up.Rows && (withDown || gate is null))
        {
            names.Add("down");
            var columns = model.Columns(down, [.. Enumerable.Range(0, Width)], seats, storage);
            CentreRows(columns, seats.Length, norm.Centred);
            views.Add(columns);
        }

        return views.Count < 2 ? null : new MlpRows(layer, expert, up.Rows, seats, Width, names, views, gate is not null);
    }

    /// <summary>Rows of a projection of attention, folded: query, key or value rows, or the columns of the output projection. In latent attention the products of both of its parts
    /// (<see cref="LatentRows"/>).</summary>
    /// <param name="part">Query, Key, Value or AttentionOutput.</param>
    /// <param name="layer">Layer.</param>
    /// <param name="most">Most rows to read; a contiguous run in the middle.</param>
    /// <returns>rows × d, or null when the layer has no such matrix.</returns>
    public float[]? Attention(Part part, int layer, int most)
    {
        if (model.Find(new Role(part, layer)) is not { } view)
        {
            return LatentRows.Of(this, part, layer, most);
        }

        var total = part == Part.AttentionOutput ? view.Columns : view.Rows;
        return total == 0 ? null : Attention(part, layer, (total - Math.Min(total, most)) / 2, Math.Min(total, most));
    }

    /// <summary>A run of rows of a projection of attention that stands in one matrix, folded.</summary>
    /// <param name="part">Query, Key, Value or AttentionOutput.</param>
    /// <param name="layer">Layer.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">Number of rows.</param>
    /// <returns>count × d, or null when the layer has no such matrix of this width.</returns>
    public float[]? Attention(Part part, int layer, int first, int count)
    {
        var norm = NormOf(layer, Part.AttentionNorm);
        var writes = part == Part.AttentionOutput;
        if (model.Find(new Role(part, layer)) is not { } view || (writes ? view.Rows : view.Columns) != Width)
        {
            return null;
        }

        int[] rows = [.. Enumerable.Range(first, count)];
        if (!writes)
        {
            return Folded(view, rows, norm);
        }

        var columns = model.Columns(view, [.. Enumerable.Range(0, Width)], rows);
        CentreRows(columns, rows.Length, norm.Centred);
        return columns;
    }

    /// <summary>All rows of a matrix that reads the stream where attention does, folded; null when the layer has none.</summary>
    public float[]? BeforeAttention(Part part, int layer) =>
        model.Find(new Role(part, layer)) is { } view && view.Columns == Width ? Folded(view, [.. Enumerable.Range(0, view.Rows)], NormOf(layer, Part.AttentionNorm)) : null;

    /// <summary>The gain of a norm inside a layer; null without one of this size.</summary>
    /// <param name="part">The norm.</param>
    /// <param name="layer">Layer.</param>
    /// <param name="size">Values.</param>
    public double[]? InnerGain(Part part, int layer, int size)
    {
        if (model.Find(new Role(part, layer)) is not { } view || view.Count != size)
        {
            return null;
        }

        var values = new float[size];
        model.Weights.ReadRows(view, 0, view.Rows, values);
        return [.. values.Select(value => double.IsFinite(value) ? value + gainOffset : 0)];
    }

    /// <summary>Rows of a layer's router, one an expert, with the gain of the norm before the MLP folded in; null when there is none.</summary>
    public float[]? Router(int layer) =>
        model.Find(new Role(Part.Router, layer)) is { } view && view.Columns == Width ? Folded(view, [.. Enumerable.Range(0, view.Rows)], NormOf(layer, Part.MlpNorm)) : null;

    /// <summary>Embedding rows of tokens.</summary>
    public float[]? Embedding(int[] tokens) => model.Find(new Role(Part.Embedding)) is { } view && view.Columns == Width ? model.Rows(view, tokens) : null;

    /// <summary>Unembedding rows of tokens with the gain of the final norm folded in; null when the model has none of its own.</summary>
    public float[]? Unembedding(int[] tokens) =>
        model.Find(new Role(Part.Unembedding)) is { } view && view.Columns == Width && tokens.All(token => token < view.Rows)
            ? Folded(view, tokens, NormOf(-1, Part.FinalNorm)) : null;

    private float[] Folded(TensorView view, int[] rows, (double[]? Gain, bool Centred) norm, Func<int, float[]>? storage = null)
    {
        var values = model.Rows(view, rows, storage);
        for (var r = 0; norm.Gain is { } gain && r < rows.Length; r++)
        {
            var row = values.AsSpan(r * Width, Width);
            for (var c = 0; c < Width; c++)
            {
                row[c] = (float)(row[c] * gain[c]);
            }
        }

        CentreRows(values, rows.Length, norm.Centred);
        return values;
    }

    private void CentreRows(float[] values, int rows, bool centred)
    {
        for (var r = 0; centred && r < rows; r++)
        {
            var row = values.AsSpan(r * Width, Width);
            double sum = 0;
            foreach (var value in row)
            {
                sum += value;
            }

            var mean = (float)(sum / Width);
            for (var c = 0; c < Width; c++)
            {
                row[c] -= mean;
            }
        }
    }

    // A layer whose attention and MLP read one norm (Phi, Falcon) has it under the attention's name. A norm with a bias is a LayerNorm, which removes the mean.
    private (double[]? Gain, bool Centred) NormOf(int layer, Part part)
    {
        var used = model.Find(new Role(part, layer)) is null && part == Part.MlpNorm ? Part.AttentionNorm : part;
        if (model.Find(new Role(used, layer))?.Count != Width)
        {
            return (null, false);
        }

        return (InnerGain(used, layer, Width), model.Find(new Role(Part.Bias, layer, Role.Dense, used)) is not null);
    }

    private static double Offset(ModelReader model)
    {
        long negative = 0, all = 0;
        foreach (var (role, view) in model.Anatomy.Views)
        {
            if (role.Part is Part.AttentionNorm or Part.MlpNorm or Part.FinalNorm && view.Count == model.Anatomy.Width)
            {
                var values = new float[view.Count];
                model.Weights.ReadRows(view, 0, view.Rows, values);
                negative += values.Count(value => value < 0);
                all += values.Length;
            }
        }

        return negative > NegativeShareOfZeroStart * all ? 1 : 0;
    }
}
