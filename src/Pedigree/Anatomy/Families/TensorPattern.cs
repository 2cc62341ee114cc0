namespace Pedigree.Anatomy.Families;

/// <summary>How a tensor lies in its layer, apart from being stored transposed, which shapes decide.</summary>
internal enum Layout
{
    /// <summary>A matrix of rows × d that reads the residual stream.</summary>
    Reads,
    /// <summary>A matrix of d × columns that writes to the residual stream.</summary>
    Writes,
    /// <summary>Query, key and value rows one after another, × d.</summary>
    FusedQueryKeyValue,
    /// <summary>For each KV group its query heads, its key head and its value head, × d; with as many KV groups as query heads, each head's three by turns.</summary>
    GroupedQueryKeyValue,
    /// <summary>Query, key and value rows in one tensor, in an order that the weights must show, × d.</summary>
    UnknownQueryKeyValue,
    /// <summary>For each head its query rows, then as many rows of a gate on its output, × d; the norm of queries tells how many. Query rows alone where there are not
    /// twice as many as the output has columns.</summary>
    QueryAndGate,
    /// <summary>Rows of a gate on the output of attention, query rows, key rows and value rows one after another, × d.</summary>
    GateQueryKeyValue,
    /// <summary>Four blocks of query rows, value rows and key rows, × d.</summary>
    FourQueryValueKey,
    /// <summary>Gate rows, then up rows, × d; up rows alone where there are only as many as down has columns.</summary>
    FusedGateUp,
    /// <summary>Up rows, then gate rows, × d.</summary>
    FusedUpGate,
    /// <summary>Gate and up rows by turns, × d.</summary>
    InterleavedGateUp,
    /// <summary>A matrix that reads a compressed vector, not the residual stream; stored [out, in].</summary>
    ReadsLatent,
    /// <summary>Rows of the compressed key and value, then rows of the rotary key, × d; the norm of the compressed vector tells how many.</summary>
    LatentAndRotaryKey,
    /// <summary>For each head its key rows, then its value rows, × the compressed vector.</summary>
    LatentKeyValue,
    /// <summary>A vector of length d.</summary>
    WidthVector,
    /// <summary>A vector of another length.</summary>
    OtherVector,
    /// <summary>A tensor that belongs to the family but has no role in the anatomy.</summary>
    NoRole,
}

/// <summary>One line of a family description: the tensors of one name, and what they are.</summary>
/// <param name="Name">The name without prefix, layer number and <c>.weight</c> or <c>.bias</c>, with <c>{expert}</c> where the number of an expert
/// stands; other numbers stand as they are. Before a colon may stand the end of the prefix, where a name means different things in different stacks.</param>
/// <param name="Layout">How the tensor lies.</param>
/// <param name="Part">What the tensor is for; of a fused tensor, its first part.</param>
internal sealed record TensorPattern(string Name, Layout Layout, Part Part)
{
    /// <summary><see cref="Role.Dense"/> or <see cref="Role.Shared"/>; a number in the name takes precedence.</summary>
    public int Expert { get; init; } = Role.Dense;

    /// <summary>Whether the first of three dimensions counts the experts.</summary>
    public bool Stacked { get; init; }

    /// <summary>Whether the rows (as stored) of all experts follow each other in one matrix; the router tells how many experts there are.</summary>
    public bool Joined { get; init; }

    /// <summary>Whether the family is recognised only where this tensor is present.</summary>
    public bool Required { get; init; }

    /// <summary>Names of tensors any of which makes this one something else where it stands in the same layer: <see cref="PartBeside"/>, or null for no role. Layers of linear
    /// attention, for instance, use the names of attention.</summary>
    public IReadOnlyList<string> Beside { get; init; } = [];

    /// <summary>What the tensor is for beside one of <see cref="Beside"/>.</summary>
    public Part? PartBeside { get; init; }

    /// <summary>Place among the sublayers that a layer of the checkpoint counts for.</summary>
    public int Sublayer { get; init; }

    public static TensorPattern Reads(string name, Part part) => new(name, Layout.Reads, part);

    public static TensorPattern Writes(string name, Part part) => new(name, Layout.Writes, part);

    public static TensorPattern FusedQueryKeyValue(string name) => new(name, Layout.FusedQueryKeyValue, Part.Query);

    public static TensorPattern GroupedQueryKeyValue(string name) => new(name, Layout.GroupedQueryKeyValue, Part.QueryKeyValue);

    public static TensorPattern UnknownQueryKeyValue(string name) => new(name, Layout.UnknownQueryKeyValue, Part.QueryKeyValue);

    public static TensorPattern QueryAndGate(string name) => new(name, Layout.QueryAndGate, Part.Query);

    public static TensorPattern GateQueryKeyValue(string name) => new(name, Layout.GateQueryKeyValue, Part.Query);

    public static TensorPattern FourQueryValueKey(string name) => new(name, Layout.FourQueryValueKey, Part.Query);

    public static TensorPattern FusedGateUp(string name) => new(name, Layout.FusedGateUp, Part.Gate);

    public static TensorPattern FusedUpGate(string name) => new(name, Layout.FusedUpGate, Part.Up);

    public static TensorPattern InterleavedGateUp(string name) => new(name, Layout.InterleavedGateUp, Part.Gate);

    public static TensorPattern ReadsLatent(string name, Part part) => new(name, Layout.ReadsLatent, part);

    public static TensorPattern LatentAndRotaryKey(string name) => new(name, Layout.LatentAndRotaryKey, Part.LatentKeyValue);

    public static TensorPattern LatentKeyValue(string name) => new(name, Layout.LatentKeyValue, Part.KeyFromLatent);

    public static TensorPattern Gain(string name, Part part) => new(name, Layout.WidthVector, part);

    public static TensorPattern HeadGain(string name, Part part) => new(name, Layout.OtherVector, part);

    public static TensorPattern WithoutRole(string name) => new(name, Layout.NoRole, Part.OtherNorm);

    public TensorPattern OfSharedExpert() => this with { Expert = Role.Shared };

    public TensorPattern OfAllExperts() => this with { Stacked = true };

    public TensorPattern OfJoinedExperts() => this with { Joined = true };

    public TensorPattern ExceptBeside(params string[] names) => this with { Beside = names };

    public TensorPattern Becomes(Part part, params string[] names) => this with { Beside = names, PartBeside = part };

    public TensorPattern InSublayer(int sublayer) => this with { Sublayer = sublayer };

    public TensorPattern AsRequired() => this with { Required = true };
}
