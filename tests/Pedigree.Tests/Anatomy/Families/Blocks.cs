namespace Pedigree.Tests.Anatomy.Families;

/// <summary>Groups of lines that the checkpoints of several families share, and a way to say in which layers they stand.</summary>
internal static class Blocks
{
    public const string Attention = """
        self_attn.q_proj.weight q d Query
        self_attn.k_proj.weight k d Key
        self_attn.v_proj.weight k d Value
        self_attn.o_proj.weight d q AttentionOutput
        """;

    public const string HeadNorms = """
        self_attn.q_norm.weight hd QueryNorm
        self_attn.k_norm.weight hd KeyNorm
        """;

    public const string LatentQueries = """
        self_attn.q_a_proj.weight ql d LatentQuery
        self_attn.q_a_layernorm.weight ql LatentQueryNorm
        """;

    public const string LatentAttention = LatentQueries + """

        self_attn.q_b_proj.weight qa ql QueryFromLatent
        self_attn.kv_a_proj_with_mqa.weight kl+r d LatentKeyValue,RotaryKey
        self_attn.kv_a_layernorm.weight kl LatentKeyValueNorm
        self_attn.kv_b_proj.weight kv kl KeyFromLatent,ValueFromLatent
        self_attn.o_proj.weight d vo AttentionOutput
        """;

    public const string Norms = """
        input_layernorm.weight d AttentionNorm
        post_attention_layernorm.weight d MlpNorm
        """;

    public const string StateSpace = """
        mamba.A_log 8 none
        mamba.D 8 none
        mamba.conv1d.weight 160 1 4 none
        mamba.conv1d.bias 160 none
        mamba.dt_bias 8 none
        mamba.in_proj.weight 296 d none
        mamba.norm.weight d none
        mamba.out_proj.weight d 128 none
        """;

    /// <summary>The lines behind the name of layers, such as <c>model.layers.{l&gt;0}</c>.</summary>
    public static string In(string layers, params string[] blocks) => string.Concat(blocks
        .SelectMany(block => block.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .Select(line => $"{layers}.{line}\n"));

    public static string Mlp(string module, string size = "h") => $"""
        {module}.gate_proj.weight {size} d Gate
        {module}.up_proj.weight {size} d Up
        {module}.down_proj.weight d {size} Down
        """;

    public static string Experts(string module, string gate = "gate_proj", string up = "up_proj", string down = "down_proj") => $$"""
        {{module}}.{e}.{{gate}}.weight m d Gate
        {{module}}.{e}.{{up}}.weight m d Up
        {{module}}.{e}.{{down}}.weight d m Down
        """;

    public static string Unused(params string[] names) => string.Join('\n', names.Select(name => $"{name} none"));
}
