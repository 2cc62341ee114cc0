using System.Globalization;
using System.Text.Json;
using Pedigree.Anatomy;
using Pedigree.Tests.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Anatomy;

/// <summary>Checkpoints with the names and shapes that published configurations imply: the anatomy must read their figures back from the shapes.</summary>
public class PublishedFiguresTests
{
    [Theory]
    [InlineData("deepseek_config_16B.json", 16)]
    [InlineData("deepseek_config_236B.json", 128)]
    [InlineData("deepseek_config_671B.json", 128)]
    public void DeepSeek_configurations_are_read_back_from_shapes(string file, int heads)
    {
        var config = Config(file);
        int Get(string key) => config.GetProperty(key).GetInt32();
        var (d, layers, dense, experts, mlp) = (Get("dim"), Get("n_layers"), Get("n_dense_layers"), Get("n_routed_experts"), Get("moe_inter_dim"));
        var (plain, rotary, values, keyLatent) = (Get("qk_nope_head_dim"), Get("qk_rope_head_dim"), Get("v_head_dim"), Get("kv_lora_rank"));
        var queryLatent = Get("q_lora_rank");
        using var source = Outside(d, Get("vocab_size"));
        for (var layer = 0; layer < layers; layer++)
        {
            var at = $"model.layers.{layer}.";
            Norms(source, at, d);
            var queries = Get("n_heads") * (plain + rotary);
            if (queryLatent > 0)
            {
                source.Add(at + "self_attn.q_a_proj.weight", queryLatent, d);
                source.Add(at + "self_attn.q_a_layernorm.weight", queryLatent);
                source.Add(at + "self_attn.q_b_proj.weight", queries, queryLatent);
            }
            else
            {
                source.Add(at + "self_attn.q_proj.weight", queries, d);
            }

            source.Add(at + "self_attn.kv_a_proj_with_mqa.weight", keyLatent + rotary, d);
            source.Add(at + "self_attn.kv_a_layernorm.weight", keyLatent);
            source.Add(at + "self_attn.kv_b_proj.weight", Get("n_heads") * (plain + values), keyLatent);
            source.Add(at + "self_attn.o_proj.weight", d, Get("n_heads") * values);
            if (layer < dense)
            {
                Mlp(source, at + "mlp.", Get("inter_dim"), d);
                continue;
            }

            source.Add(at + "mlp.gate.weight", experts, d);
            Mlp(source, at + "mlp.shared_experts.", Get("n_shared_experts") * mlp, d);
            for (var expert = 0; expert < experts; expert++)
            {
                Mlp(source, $"{at}mlp.experts.{expert}.", mlp, d);
            }
        }

        var anatomy = AnatomyReader.Read(source);
        Assert.Equal("deepseek", anatomy.Family);
        Assert.Empty(anatomy.NotUnderstood);
        Assert.Equal((layers, d, experts), (anatomy.Layers, anatomy.Width, anatomy.Experts));
        Assert.Equal((heads, heads, plain + rotary), (anatomy.Heads!.Query, anatomy.Heads.KeyValue, anatomy.Heads.Dimension));
        Assert.Equal((heads * plain, heads * values), (anatomy.Views[new Role(Part.KeyFromLatent, 0)].Rows, anatomy.Views[new Role(Part.ValueFromLatent, 0)].Rows));
        Assert.Equal((keyLatent, rotary), (anatomy.Views[new Role(Part.LatentKeyValue, 1)].Rows, anatomy.Views[new Role(Part.RotaryKey, 1)].Rows));
        Assert.Equal(Get("inter_dim"), anatomy.Views[new Role(Part.Up, 0)].Rows);
        Assert.Equal(Get("n_shared_experts") * mlp, anatomy.Views[new Role(Part.Up, dense, Role.Shared)].Rows);
        Assert.DoesNotContain(anatomy.Findings, finding => finding.Id is "shapes-disagree" or "two-tensors-one-role");
        // A handful of megabytes of a model of up to 1.3 TB.
        Assert.InRange(source.BytesRead, 0, 40L << 20);
    }

    [Theory]
    [InlineData("Pangu Pro MoE, defaults in code", "pangu-moe", "shared_expert", "gate", false)]
    [InlineData("Hunyuan-A13B", "hunyuan-moe", "shared_mlp", "gate.wg", true)]
    public void Figures_of_mixtures_are_read_back_from_shapes(string model, string family, string shared, string router, bool headNorms)
    {
        var facts = Facts(model);
        var (layers, d, heads, groups, experts, mlp, sharedMlp) = (facts["layers"], facts["hidden"], facts["heads"], facts["kv_heads"], facts["experts"], facts["expert_mlp"], facts["shared_expert_mlp"]);
        var head = d / heads;
        using var source = Outside(d, facts["vocabulary"], tied: headNorms);
        for (var layer = 0; layer < layers; layer++)
        {
            var at = $"model.layers.{layer}.";
            Norms(source, at, d);
            Attention(source, at, heads * head, groups * head, d);
            if (headNorms)
            {
                source.Add(at + "self_attn.query_layernorm.weight", head);
                source.Add(at + "self_attn.key_layernorm.weight", head);
            }

            source.Add($"{at}mlp.{router}.weight", experts, d);
            Mlp(source, $"{at}mlp.{shared}.", sharedMlp, d);
            for (var expert = 0; expert < experts; expert++)
            {
                Mlp(source, $"{at}mlp.experts.{expert}.", mlp, d);
            }
        }

        var anatomy = AnatomyReader.Read(source);
        Assert.Equal(family, anatomy.Family);
        Assert.Empty(anatomy.NotUnderstood);
        Assert.Equal((layers, d, experts), (anatomy.Layers, anatomy.Width, anatomy.Experts));
        Assert.Equal((mlp, sharedMlp), (anatomy.Views[new Role(Part.Up, 0, 0)].Rows, anatomy.Views[new Role(Part.Up, 0, Role.Shared)].Rows));
        Assert.Equal((heads * head, groups * head), (anatomy.Views[new Role(Part.Query, 0)].Rows, anatomy.Views[new Role(Part.Key, 0)].Rows));
        Assert.Equal(facts["vocabulary"], anatomy.Views[new Role(Part.Embedding)].Rows);
        // Nothing in values without structure tells heads; norms of heads do.
        Assert.Equal(headNorms ? (heads, groups, head) : null, anatomy.Heads is { } found ? (found.Query, found.KeyValue, found.Dimension) : ((int, int, int)?)null);
    }

    [Theory]
    [InlineData("Qwen2.5-14B-Instruct")]
    [InlineData("Qwen1.5-0.5B-Chat")]
    public void Figures_of_dense_models_are_read_back_from_shapes(string model)
    {
        var facts = Facts(model);
        var (layers, d, heads, groups, mlp) = (facts["layers"], facts["hidden"], facts["heads"], facts["kv_heads"], facts["mlp"]);
        using var source = Outside(d, facts["vocabulary"]);
        for (var layer = 0; layer < layers; layer++)
        {
            var at = $"model.layers.{layer}.";
            Norms(source, at, d);
            Attention(source, at, d, d / heads * groups, d);
            source.Add(at + "self_attn.q_proj.bias", d);
            source.Add(at + "self_attn.k_proj.bias", d / heads * groups);
            source.Add(at + "self_attn.v_proj.bias", d / heads * groups);
            Mlp(source, at + "mlp.", mlp, d);
        }

        var anatomy = AnatomyReader.Read(source);
        Assert.Equal("llama", anatomy.Family);
        Assert.Empty(anatomy.NotUnderstood);
        Assert.Equal((layers, d, 0), (anatomy.Layers, anatomy.Width, anatomy.Experts));
        Assert.Equal(mlp, anatomy.Views[new Role(Part.Up, layers - 1)].Rows);
        Assert.Equal(layers * 3, anatomy.Views.Keys.Count(role => role.BiasOf is not null));
    }

    private static ShapesOnlySource Outside(int d, int vocabulary, bool tied = false)
    {
        var source = new ShapesOnlySource();
        source.Add("model.embed_tokens.weight", vocabulary, d);
        source.Add("model.norm.weight", d);
        if (!tied)
        {
            source.Add("lm_head.weight", vocabulary, d);
        }

        return source;
    }

    private static void Norms(ShapesOnlySource source, string at, int d)
    {
        source.Add(at + "input_layernorm.weight", d);
        source.Add(at + "post_attention_layernorm.weight", d);
    }

    private static void Attention(ShapesOnlySource source, string at, int queries, int keys, int d)
    {
        source.Add(at + "self_attn.q_proj.weight", queries, d);
        source.Add(at + "self_attn.k_proj.weight", keys, d);
        source.Add(at + "self_attn.v_proj.weight", keys, d);
        source.Add(at + "self_attn.o_proj.weight", d, queries);
    }

    private static void Mlp(ShapesOnlySource source, string at, int neurons, int d)
    {
        source.Add(at + "gate_proj.weight", neurons, d);
        source.Add(at + "up_proj.weight", neurons, d);
        source.Add(at + "down_proj.weight", d, neurons);
    }

    private static JsonElement Config(string file)
    {
        var folder = SharedData.Find("data");
        Assert.SkipWhen(folder is null, "the shared data is not on this machine");
        return JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "configs", "json", file))).RootElement;
    }

    private static Dictionary<string, int> Facts(string model)
    {
        var folder = SharedData.Find("data");
        Assert.SkipWhen(folder is null, "the shared data is not on this machine");
        var lines = File.ReadAllLines(Path.Combine(folder, "configs", "facts.tsv"));
        var header = lines[0].Split('\t');
        var cells = lines.Select(line => line.Split('\t')).Single(line => line[0] == model);
        return header.Zip(cells).Skip(1)
            .Where(cell => int.TryParse(cell.Second, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .ToDictionary(cell => cell.First, cell => int.Parse(cell.Second, CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }
}
