using Pedigree.Numerics;
using Pedigree.Tests.Checkpoints;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Units;
using Xunit;

namespace Pedigree.Tests.Lineage;

/// <summary>An independent model reordered to match another, which leaves what it computes unchanged: the order agrees, and no relation may be claimed.</summary>
public class ForgedOrderTests
{
    [Theory]
    [InlineData("mlp.gate_proj")]
    [InlineData("mlp.up_proj")]
    [InlineData("mlp.gate_proj", "mlp.up_proj")]
    [InlineData("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj")]
    public void Neurons_matched_to_the_reference(params string[] views) => NotConvicted((suspect, reference) => ForgeNeurons(suspect, reference, views));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Residual_dimensions_matched_to_the_reference(bool embeddings) => NotConvicted((suspect, reference) => ForgeResidual(suspect, reference, embeddings));

    [Fact]
    public void Residual_dimensions_and_then_neurons_matched_to_the_reference() => NotConvicted((suspect, reference) =>
    {
        ForgeResidual(suspect, reference, embeddings: true);
        ForgeNeurons(suspect, reference, ["mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"]);
    });

    [Theory]
    [InlineData("mlp.gate_proj", "mlp.up_proj")]
    [InlineData("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj")]
    public void Neurons_and_residual_dimensions_matched_in_turn(params string[] views) => NotConvicted((suspect, reference) =>
    {
        for (var turn = 0; turn < 6; turn++)
        {
            ForgeNeurons(suspect, reference, views);
            ForgeResidual(suspect, reference, embeddings: false);
        }

        ForgeNeurons(suspect, reference, views);
    });

    [Fact]
    public void Residual_basis_rotated_to_match_the_embeddings()
    {
        var (suspect, reference) = (EditableModel.Sample("A2"), EditableModel.Sample("A1"));
        suspect.FoldNorms();
        reference.FoldNorms();
        suspect.Rotate(Rotation.Between(suspect.Tensors["model.embed_tokens.weight"], reference.Tensors["model.embed_tokens.weight"]));
        using var folder = new TemporaryFolder();
        var (one, two) = (suspect.Save(folder.Join("one")), reference.Save(folder.Join("two")));
        foreach (var stored in new[] { one, two })
        {
            // Without its vocabulary the rows could have been dealt anew as well, and the allowance for that is larger.
            File.Copy(Path.Combine(Repository.Sample("A1"), "vocab.json"), Path.Combine(stored, "vocab.json"));
        }

        foreach (var verdict in new[] { Disguise.Compare(one, two).Verdict, Disguise.Compare(two, one).Verdict })
        {
            Assert.Equal(("cannot-tell", "rotation-not-excluded"), (verdict.Relation, verdict.Reason));
            Assert.NotEmpty(verdict.Settles);
        }
    }

    [Fact]
    public void Embeddings_are_not_alone_where_neurons_agree_in_another_order()
    {
        var child = EditableModel.Sample("cpt");
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 12);
        for (var layer = 0; layer < child.Layers; layer++)
        {
            child.ReorderNeurons(layer, [.. random.Permutation(child[layer, "mlp.up_proj"].Rows)]);
        }

        using var folder = new TemporaryFolder();
        var verdict = Disguise.Compare(child.Save(folder.Join("child"), rename: Meaningless), Repository.Sample("A1")).Verdict;
        Assert.Equal(("related", "calibrated"), (verdict.Relation, verdict.Tier));

        // Names without a word of the field: what a tensor is must come from its shape and values.
        static string Meaningless(string name) => string.Concat(name.Select(letter => letter is >= 'a' and <= 'y' ? (char)(letter + 1) : letter));
    }

    [Fact]
    public void Embeddings_taken_over_bit_for_bit_are_found()
    {
        var (suspect, reference) = (EditableModel.Sample("A2"), EditableModel.Sample("A1"));
        suspect.Tensors["model.embed_tokens.weight"] = reference.Tensors["model.embed_tokens.weight"];
        var result = Disguise.Compare(suspect, reference);
        Assert.True(result.Verdict.Relation is "related" or "shared-initialisation", Comparisons.Line(result));
    }

    [Fact]
    public void The_forged_sample_is_an_independent_model_reordered_to_match()
    {
        var (forged, suspect, reference) = (EditableModel.Sample("forged"), EditableModel.Sample("A2"), EditableModel.Sample("A1"));
        ForgeNeurons(suspect, reference, ["mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"]);
        Assert.All(suspect.Tensors, tensor => Assert.Equal(tensor.Value.Values, forged.Tensors[tensor.Key].Values));
        var verdict = Disguise.Compare(forged, reference).Verdict;
        Assert.Equal(("cannot-tell", "order-without-content"), (verdict.Relation, verdict.Reason));
        Assert.True(verdict.Log10P < -100);
    }

    [Fact]
    public void Only_the_sampled_seats_filled_from_all_units()
    {
        const int width = 128, total = 4096, sampled = 64, layers = 6;
        var seed = PlantedUnits.FreshSeed();
        var random = new CounterRandom(seed, 11);
        var groups = new List<UnitGroup>();
        for (var layer = 0; layer < layers; layer++)
        {
            var views = new List<UnitView>();
            var (reference, pool) = (new float[2][], new float[2][]);
            var similarity = new float[sampled * total];
            for (var v = 0; v < 2; v++)
            {
                reference[v] = PlantedUnits.Gaussian(ref random, sampled * width);
                pool[v] = PlantedUnits.Gaussian(ref random, total * width);
                RowProducts.Multiply(reference[v], sampled, pool[v], total, width, similarity, accumulate: v > 0);
            }

            var match = new int[sampled];
            StableMatching.Match(similarity, sampled, total, match);
            for (var v = 0; v < 2; v++)
            {
                var of = pool[v];
                views.Add(new UnitView(v == 0 ? "gate" : "up", width, [.. match.SelectMany(unit => of[(unit * width)..((unit + 1) * width)])], reference[v], v == 1));
            }

            groups.Add(new UnitGroup(layer, layer, 0, total, [.. Enumerable.Range(0, sampled)], views, StandardiseColumns: true));
        }

        var test = PlantedUnits.Run(groups, seed).Test!;
        TestContext.Current.TestOutputHelper?.WriteLine($"hits {test.Hits}, log10 p {test.Log10P:0.0}, content {test.Companion}");
        Assert.True(test.Log10P < -6, "the forger did not even reach the order");
        Assert.False(test.Companion!.Passed, $"forged order passed with {test.Companion}");
    }

    private static void NotConvicted(Action<EditableModel, EditableModel> forge)
    {
        var (one, two) = PlantedUnits.FreshSeed() % 2 == 0 ? ("A2", "A1") : ("A1", "A2");
        var (suspect, reference) = (EditableModel.Sample(one), EditableModel.Sample(two));
        forge(suspect, reference);
        var result = Disguise.Compare(suspect, reference);
        TestContext.Current.TestOutputHelper?.WriteLine(Comparisons.Line(result));
        Disguise.IsNotConvicted(result);
        // A forged pair the other way round is the accuser's trick.
        Disguise.IsNotConvicted(Disguise.Compare(reference, suspect));
    }

    private static void ForgeNeurons(EditableModel suspect, EditableModel reference, string[] views)
    {
        for (var layer = 0; layer < suspect.Layers; layer++)
        {
            var neurons = suspect[layer, "mlp.up_proj"].Rows;
            var similarity = new float[neurons * neurons];
            foreach (var view in views)
            {
                Add(Units(reference, layer, view), Units(suspect, layer, view), neurons, similarity);
            }

            suspect.ReorderNeurons(layer, Match(similarity, neurons));
        }
    }

    private static void ForgeResidual(EditableModel suspect, EditableModel reference, bool embeddings)
    {
        var width = suspect.Tensors["model.norm.weight"].Columns;
        var similarity = new float[width * width];
        string[] names = embeddings
            ? ["model.embed_tokens.weight", "lm_head.weight"]
            : [.. suspect.Tensors.Keys.Where(name => name.Contains("q_proj", StringComparison.Ordinal) || name.Contains("gate_proj", StringComparison.Ordinal) || name.Contains("up_proj", StringComparison.Ordinal))];
        foreach (var name in names)
        {
            Add(Transposed(reference.Tensors[name]), Transposed(suspect.Tensors[name]), width, similarity);
        }

        suspect.ReorderResidual(Match(similarity, width));
    }

    private static float[] Units(EditableModel model, int layer, string part) =>
        part == "mlp.down_proj" ? Transposed(model[layer, part]) : [.. model[layer, part].Values];

    private static float[] Transposed((int Rows, int Columns, float[] Values) tensor)
    {
        var result = new float[tensor.Values.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[(i % tensor.Columns * tensor.Rows) + (i / tensor.Columns)] = tensor.Values[i];
        }

        return result;
    }

    private static void Add(float[] reference, float[] suspect, int units, float[] similarity)
    {
        var length = reference.Length / units;
        foreach (var rows in new[] { reference, suspect })
        {
            Standardisation.Columns(rows, units, length, centre: true);
            Standardisation.Rows(rows, units, length, new double[units]);
        }

        RowProducts.Multiply(reference, units, suspect, units, length, similarity, accumulate: true);
    }

    private static int[] Match(float[] similarity, int units)
    {
        var match = new int[units];
        StableMatching.Match(similarity, units, units, match);
        return match;
    }
}
