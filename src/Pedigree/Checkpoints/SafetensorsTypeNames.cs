namespace Pedigree.Checkpoints;

/// <summary>How the safetensors format spells element types.</summary>
internal static class SafetensorsTypeNames
{
    /// <summary>The format's name of a type.</summary>
    public static string NameOf(ElementType type) => type switch
    {
        ElementType.F64 => "F64",
        ElementType.F32 => "F32",
        ElementType.F16 => "F16",
        ElementType.BF16 => "BF16",
        ElementType.F8E4M3 => "F8_E4M3",
        ElementType.F8E5M2 => "F8_E5M2",
        ElementType.F8E8M0 => "F8_E8M0",
        ElementType.I64 => "I64",
        ElementType.I32 => "I32",
        ElementType.I16 => "I16",
        ElementType.I8 => "I8",
        ElementType.U64 => "U64",
        ElementType.U32 => "U32",
        ElementType.U16 => "U16",
        ElementType.U8 => "U8",
        ElementType.Bool => "BOOL",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not an element type"),
    };

    /// <summary>The type that a name stands for, or null if this project does not read it.</summary>
    public static ElementType? Find(string name) => name switch
    {
        "F64" => ElementType.F64,
        "F32" => ElementType.F32,
        "F16" => ElementType.F16,
        "BF16" => ElementType.BF16,
        "F8_E4M3" => ElementType.F8E4M3,
        "F8_E5M2" => ElementType.F8E5M2,
        "F8_E8M0" => ElementType.F8E8M0,
        "I64" => ElementType.I64,
        "I32" => ElementType.I32,
        "I16" => ElementType.I16,
        "I8" => ElementType.I8,
        "U64" => ElementType.U64,
        "U32" => ElementType.U32,
        "U16" => ElementType.U16,
        "U8" => ElementType.U8,
        "BOOL" => ElementType.Bool,
        _ => null,
    };

    /// <summary>Whether the format defines a type of this name that this project does not read: packed, complex and other-bias types.</summary>
    public static bool IsDefinedButUnread(string name) =>
        name is "F4" or "F6_E2M3" or "F6_E3M2" or "F8_E4M3FNUZ" or "F8_E5M2FNUZ" or "C64";
}
