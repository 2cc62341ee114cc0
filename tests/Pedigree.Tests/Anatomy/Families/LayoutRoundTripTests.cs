using System.Runtime.InteropServices;
using Pedigree.Anatomy;
using Pedigree.Lineage;
using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Descriptive;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Units;
using Xunit;

namespace Pedigree.Tests.Anatomy.Families;

/// <summary>One model stored in many ways: whatever is fused, interleaved, transposed or renamed, every figure of the exact evidence stays the same.</summary>
public class LayoutRoundTripTests
{
    private const int Width = 128;

    private static readonly FamilyCheckpoint MultiHead = new("plain multi-head", "llama", NamedLikeLlama.Mlp + NamedLikeLlama.Norms + NamedLikeLlama.Outside + """
        model.layers.{l}.self_attn.q_proj.weight q d Query
        model.layers.{l}.self_attn.k_proj.weight q d Key
        model.layers.{l}.self_attn.v_proj.weight q d Value
        model.layers.{l}.self_attn.o_proj.weight d q AttentionOutput
        """);

    private static readonly FamilyCheckpoint Grouped = new("plain grouped", "llama", NamedLikeLlama.Attention + NamedLikeLlama.Mlp + NamedLikeLlama.Norms + NamedLikeLlama.Outside);

    private static readonly FamilyCheckpoint WithoutGate = new("plain without gate", "llama", NamedLikeLlama.Norms + NamedLikeLlama.Tied + """
        model.layers.{l}.self_attn.q_proj.weight q d Query
        model.layers.{l}.self_attn.k_proj.weight q d Key
        model.layers.{l}.self_attn.v_proj.weight q d Value
        model.layers.{l}.self_attn.o_proj.weight d q AttentionOutput
        model.layers.{l}.mlp.up_proj.weight h d Up
        model.layers.{l}.mlp.down_proj.weight d h Down
        """);

    private static readonly FamilyCheckpoint Experts = new("plain experts", "qwen2-moe", NamedLikeLlama.Attention + NamedLikeLlama.Norms + NamedLikeLlama.Outside + """
        model.layers.{l}.mlp.gate.weight E d Router
        model.layers.{l}.mlp.experts.{e}.gate_proj.weight m d Gate
        model.layers.{l}.mlp.experts.{e}.up_proj.weight m d Up
        model.layers.{l}.mlp.experts.{e}.down_proj.weight d m Down
        """);

    public static TheoryData<string> Layouts() => [.. Conversions.Keys.Order(StringComparer.Ordinal)];

    private static readonly Dictionary<string, (FamilyCheckpoint Plain, string Family, Func<MemorySource, MemorySource> Convert)> Conversions = new(StringComparer.Ordinal)
    {
        ["Phi-3"] = (Grouped, "phi3", plain => Convert(plain, layer =>
        {
            layer.Join("self_attn.qkv_proj.weight", layer.Query, layer.Key, layer.Value);
            layer.Join("mlp.gate_up_proj.weight", layer.Gate, layer.Up);
        })),
        ["GLM-4"] = (Grouped, "glm", plain => Convert(plain, layer => layer.Join("mlp.gate_up_proj.weight", layer.Gate, layer.Up))),
        ["ChatGLM"] = (Grouped, "chatglm", plain => Convert(plain, layer =>
        {
            layer.Join("self_attention.query_key_value.weight", layer.Query, layer.Key, layer.Value);
            layer.Join("mlp.dense_h_to_4h.weight", layer.Gate, layer.Up);
            layer.Rename("self_attn.o_proj", "self_attention.dense");
            layer.Rename("mlp.down_proj", "mlp.dense_4h_to_h");
        }, [("model.layers", "transformer.encoder.layers"), ("model.embed_tokens", "transformer.embedding.word_embeddings"), ("model.norm", "transformer.encoder.final_layernorm"), ("lm_head", "transformer.output_layer")])),
        ["OLMo 1"] = (MultiHead, "olmo", plain => Convert(plain, layer =>
        {
            layer.Join("att_proj.weight", layer.Query, layer.Key, layer.Value);
            layer.Join("ff_proj.weight", layer.Up, layer.Gate);
            layer.Rename("self_attn.o_proj", "attn_out");
            layer.Rename("mlp.down_proj", "ff_out");
            layer.Rename("input_layernorm", "attn_norm");
            layer.Rename("post_attention_layernorm", "ff_norm");
        }, [("model.layers", "model.transformer.blocks"), ("model.embed_tokens", "model.transformer.wte"), ("model.norm", "model.transformer.ln_f"), ("lm_head", "model.transformer.ff_out")])),
        ["Qwen 1"] = (MultiHead, "qwen", plain => Convert(plain, layer =>
        {
            layer.Join("attn.c_attn.weight", layer.Query, layer.Key, layer.Value);
            layer.Rename("self_attn.o_proj", "attn.c_proj");
            layer.Rename("mlp.gate_proj", "mlp.w2");
            layer.Rename("mlp.up_proj", "mlp.w1");
            layer.Rename("mlp.down_proj", "mlp.c_proj");
            layer.Rename("input_layernorm", "ln_1");
            layer.Rename("post_attention_layernorm", "ln_2");
        }, [("model.layers", "transformer.h"), ("model.embed_tokens", "transformer.wte"), ("model.norm", "transformer.ln_f")])),
        ["GPT-2, transposed"] = (WithoutGate, "gpt2", plain => Convert(plain, layer =>
        {
            layer.Join("attn.c_attn.weight", layer.Query, layer.Key, layer.Value);
            layer.Rename("self_attn.o_proj", "attn.c_proj");
            layer.Rename("mlp.up_proj", "mlp.c_fc");
            layer.Rename("mlp.down_proj", "mlp.c_proj");
            layer.Rename("input_layernorm", "ln_1");
            layer.Rename("post_attention_layernorm", "ln_2");
            layer.Transpose("attn.c_attn.weight", "attn.c_proj.weight", "mlp.c_fc.weight", "mlp.c_proj.weight");
        }, [("model.layers", "h"), ("model.embed_tokens", "wte"), ("model.norm", "ln_f")])),
        ["GPT-NeoX"] = (WithoutGate, "gpt-neox", plain => Convert(plain, layer =>
        {
            layer.Interleave("attention.query_key_value.weight");
            layer.Rename("self_attn.o_proj", "attention.dense");
            layer.Rename("mlp.up_proj", "mlp.dense_h_to_4h");
            layer.Rename("mlp.down_proj", "mlp.dense_4h_to_h");
        }, [("model.layers", "gpt_neox.layers"), ("model.embed_tokens", "gpt_neox.embed_in"), ("model.norm", "gpt_neox.final_layer_norm")])),
        ["Falcon-40B"] = (Grouped, "falcon", plain => Convert(plain, layer =>
        {
            layer.Interleave("self_attention.query_key_value.weight");
            layer.Rename("self_attn.o_proj", "self_attention.dense");
            layer.Rename("input_layernorm", "ln_attn");
            layer.Rename("post_attention_layernorm", "ln_mlp");
            layer.Rename("mlp.up_proj", "mlp.dense_h_to_4h");
            layer.Rename("mlp.down_proj", "mlp.dense_4h_to_h");
            layer.Drop("mlp.gate_proj.weight");
        }, [("model.layers", "transformer.h"), ("model.embed_tokens", "transformer.word_embeddings"), ("model.norm", "transformer.ln_f")])),
        ["InternLM2"] = (Grouped, "internlm2", plain => Convert(plain, layer =>
        {
            layer.Interleave("attention.wqkv.weight");
            layer.Rename("self_attn.o_proj", "attention.wo");
            layer.Rename("mlp.gate_proj", "feed_forward.w1");
            layer.Rename("mlp.up_proj", "feed_forward.w3");
            layer.Rename("mlp.down_proj", "feed_forward.w2");
            layer.Rename("input_layernorm", "attention_norm");
            layer.Rename("post_attention_layernorm", "ffn_norm");
        }, [("model.embed_tokens", "model.tok_embeddings"), ("lm_head", "output")])),
        ["gpt-oss, gate and up by turns"] = (Experts, "gpt-oss", plain => Convert(plain, layer =>
        {
            layer.Stack("mlp.experts.gate_up_proj", expert => ByTurns(expert("gate_proj"), expert("up_proj"), Width), 2 * 64, Width, transposed: true);
            layer.Stack("mlp.experts.down_proj", expert => expert("down_proj"), Width, 64, transposed: true);
            layer.Rename("mlp.gate.weight", "mlp.router.weight");
            layer.Add("self_attn.sinks", new float[8], 8);
        })),
        ["Llama 4, stacked and transposed"] = (Experts, "stacked-moe", plain => Convert(plain, layer =>
        {
            layer.Stack("feed_forward.experts.gate_up_proj", expert => [.. expert("gate_proj"), .. expert("up_proj")], 2 * 64, Width, transposed: true);
            layer.Stack("feed_forward.experts.down_proj", expert => expert("down_proj"), Width, 64, transposed: true);
            layer.Rename("mlp.gate.weight", "feed_forward.router.weight");
        })),
        ["HRM-Text"] = (MultiHead, "hrm-text", plain => Convert(plain, layer =>
        {
            layer.Add("gate", new float[Width * Width], Width, Width);
            layer.Join("attn.gqkv_proj.weight", "gate", layer.Query, layer.Key, layer.Value);
            layer.Join("mlp.gate_up_proj.weight", layer.Gate, layer.Up);
            layer.Rename("self_attn.o_proj", "attn.o_proj");
            layer.Drop("input_layernorm.weight");
            layer.Drop("post_attention_layernorm.weight");
        }, [("model.layers", "model.L_module.layers"), ("model.norm", "model.z_L_init")])),
        ["Qwen3-Next, query and gate by turns"] = (Grouped, "qwen3-next", plain => Convert(plain, layer =>
        {
            layer.Add("gate", new float[Width * Width], Width, Width);
            layer.Interleave(layer.Query, layer.Query, "gate", FamilyCheckpoint.QueryHeads);
            layer.Add("self_attn.q_norm.weight", Ones(FamilyCheckpoint.Head), FamilyCheckpoint.Head);
            layer.Add("self_attn.k_norm.weight", Ones(FamilyCheckpoint.Head), FamilyCheckpoint.Head);
            layer.Add("linear_attn.A_log", new float[4], 4);
        })),
        ["DBRX, experts joined"] = (Experts, "dbrx", plain => Convert(plain, layer =>
        {
            layer.Join("norm_attn_norm.attn.Wqkv.weight", layer.Query, layer.Key, layer.Value);
            layer.Rename("self_attn.o_proj", "norm_attn_norm.attn.out_proj");
            layer.Rename("input_layernorm", "norm_attn_norm.norm_1");
            layer.Rename("post_attention_layernorm", "norm_attn_norm.norm_2");
            layer.Rename("mlp.gate.weight", "ffn.router.layer.weight");
            layer.StackRows("ffn.experts.mlp.w1", "gate_proj");
            layer.StackRows("ffn.experts.mlp.v1", "up_proj");
            layer.StackRows("ffn.experts.mlp.w2", "down_proj", transposedFrom: Width);
        }, [("model.layers", "transformer.blocks"), ("model.embed_tokens", "transformer.wte"), ("model.norm", "transformer.norm_f")])),
        ["Granite MoE, stacked"] = (Experts, "granite-moe", plain => Convert(plain, layer =>
        {
            layer.Stack("block_sparse_moe.input_linear.weight", expert => [.. expert("gate_proj"), .. expert("up_proj")], 2 * 64, Width, transposed: false);
            layer.Stack("block_sparse_moe.output_linear.weight", expert => expert("down_proj"), Width, 64, transposed: false);
            layer.Rename("mlp.gate.weight", "block_sparse_moe.router.layer.weight");
        })),
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Exact_evidence_does_not_depend_on_the_layout(string layout)
    {
        var (plain, family, convert) = Conversions[layout];
        var seed = PlantedUnits.FreshSeed();
        var (suspect, reference) = Pair(plain, seed);
        // What a layout has no room for is left out on both sides.
        var (first, second) = layout.StartsWith("Falcon", StringComparison.Ordinal) ? (WithoutGates(reference), WithoutGates(suspect)) : (reference, suspect);
        var converted = convert(second);
        Assert.Equal(family, AnatomyReader.Read(converted).Family);
        Assert.Empty(AnatomyReader.Read(converted).NotUnderstood.Select(tensor => tensor.Name));
        var expected = Figures(second, first, seed);
        Assert.Equal(expected, Figures(converted, first, seed));
        Assert.Equal(expected, Figures(converted, convert(first), seed));
    }

    [Theory]
    [InlineData("GPT-NeoX")]
    [InlineData("InternLM2")]
    [InlineData("GPT-2, transposed")]
    public void Names_without_meaning_leave_the_exact_evidence_alone(string layout)
    {
        var (plain, _, convert) = Conversions[layout];
        var seed = PlantedUnits.FreshSeed();
        var (suspect, reference) = Pair(plain, seed);
        var converted = convert(suspect);
        var renamed = Meaningless(converted);
        Assert.Equal("unknown", AnatomyReader.Read(renamed).Family);
        Assert.Equal(Figures(converted, reference, seed), Figures(renamed, reference, seed));
    }

    // Heads of a plain model are found by tests that abstain now and then, by their level; a pair for which they do says nothing about layouts.
    private static (MemorySource Suspect, MemorySource Reference) Pair(FamilyCheckpoint plain, ulong seed)
    {
        for (ulong draw = 0; draw < 12; draw++)
        {
            var reference = plain.Make(CounterRandom.Mix(seed, draw));
            var suspect = FamilyTests.Noisy(plain, reference, seed);
            if (AnatomyReader.Read(reference).Heads is { Dimension: FamilyCheckpoint.Head } && AnatomyReader.Read(suspect).Heads is { Dimension: FamilyCheckpoint.Head })
            {
                return (suspect, reference);
            }
        }

        throw new InvalidOperationException("heads were not found in twelve pairs");
    }

    private static string Figures(MemorySource suspect, MemorySource reference, ulong seed)
    {
        var pair = PairComparison.Measure(
            new ModelReader(suspect, AnatomyReader.Read(suspect)), new ModelReader(reference, AnatomyReader.Read(reference)), [],
            new ReadingPlan(seed, Full: true, 0), 1, null, null, CancellationToken.None);
        return string.Join('\n', pair.Exact.Runs.Select(run =>
            $"{run.Id}: {run.Test?.Hits} of {run.Test?.Compared}, {run.Test?.Log10P:R}, content {run.Test?.Companion?.MeanCosine:R}, layers {string.Join(' ', run.Test?.Groups.Select(group => group.Hits) ?? [])} {run.Note}"));
    }

    private static MemorySource Convert(MemorySource plain, Action<PlainLayer> change, (string From, string To)[]? names = null)
    {
        var all = plain.Tensors.ToDictionary(tensor => tensor.Name, tensor => (Values: Read(plain, tensor), Shape: tensor.Shape.ToArray()), StringComparer.Ordinal);
        for (var layer = 0; layer < FamilyCheckpoint.Layers; layer++)
        {
            change(new PlainLayer(all, $"model.layers.{layer}."));
        }

        var converted = new MemorySource();
        foreach (var (name, (values, shape)) in all)
        {
            (string From, string To)[] rules = [.. names ?? [], ("", "")];
            var (from, to) = Array.Find(rules, rule => name.StartsWith(rule.From, StringComparison.Ordinal));
            converted.Add(to + name[from.Length..], values, shape);
        }

        return converted;
    }

    private static MemorySource WithoutGates(MemorySource plain) => Convert(plain, layer => layer.Drop("mlp.gate_proj.weight"));

    private static MemorySource Meaningless(MemorySource source)
    {
        // Every name component but the numbers becomes a word of its own; the order of tensors is another one.
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        var renamed = new MemorySource();
        foreach (var tensor in source.Tensors)
        {
            renamed.Add(string.Join('.', tensor.Name.Split('.').Select(Word)), Read(source, tensor), [.. tensor.Shape]);
        }

        return renamed;

        string Word(string component) => component.All(char.IsAsciiDigit) || component is "weight" or "bias" ? component
            : words.TryGetValue(component, out var word) ? word
            : words[component] = $"x{(char)('a' + ((words.Count * 7) % 26))}{(char)('a' + (words.Count / 26))}q";
    }

    internal static float[] Read(MemorySource source, Pedigree.Checkpoints.StoredTensor tensor)
    {
        var values = new float[tensor.Count];
        source.Read(tensor, 0, MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    private static float[] Ones(int length) => [.. Enumerable.Repeat(1f, length)];

    private static float[] ByTurns(float[] first, float[] second, int columns)
    {
        var values = new float[2 * first.Length];
        for (var row = 0; row < first.Length / columns; row++)
        {
            first.AsSpan(row * columns, columns).CopyTo(values.AsSpan(2 * row * columns));
            second.AsSpan(row * columns, columns).CopyTo(values.AsSpan(((2 * row) + 1) * columns));
        }

        return values;
    }
}
