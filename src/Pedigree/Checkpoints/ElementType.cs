namespace Pedigree.Checkpoints;

/// <summary>The element type of a stored tensor, named as the safetensors format names it.</summary>
public enum ElementType
{
    /// <summary>IEEE 754 binary64.</summary>
    F64,
    /// <summary>IEEE 754 binary32.</summary>
    F32,
    /// <summary>IEEE 754 binary16.</summary>
    F16,
    /// <summary>bfloat16: the upper half of a binary32.</summary>
    BF16,
    /// <summary>FP8 with 4 exponent and 3 mantissa bits, finite only (E4M3FN).</summary>
    F8E4M3,
    /// <summary>FP8 with 5 exponent and 2 mantissa bits.</summary>
    F8E5M2,
    /// <summary>A power of two in 8 exponent bits, without sign or zero: the type of scales (OCP Microscaling Formats specification 1.0).</summary>
    F8E8M0,
    /// <summary>Signed 64-bit integer.</summary>
    I64,
    /// <summary>Signed 32-bit integer.</summary>
    I32,
    /// <summary>Signed 16-bit integer.</summary>
    I16,
    /// <summary>Signed 8-bit integer.</summary>
    I8,
    /// <summary>Unsigned 64-bit integer.</summary>
    U64,
    /// <summary>Unsigned 32-bit integer.</summary>
    U32,
    /// <summary>Unsigned 16-bit integer.</summary>
    U16,
    /// <summary>Unsigned 8-bit integer.</summary>
    U8,
    /// <summary>One byte a value, zero or one.</summary>
    Bool,
}

/// <summary>Facts about <see cref="ElementType"/> values.</summary>
public static class ElementTypeFacts
{
    /// <summary>Bytes that one element occupies: 1, 2, 4 or 8.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.F64 or ElementType.I64 or ElementType.U64 => 8,
        ElementType.F32 or ElementType.I32 or ElementType.U32 => 4,
        ElementType.F16 or ElementType.BF16 or ElementType.I16 or ElementType.U16 => 2,
        _ => 1,
    };

    /// <summary>Whether the type holds weights or their scales; integers and booleans hold indices, codes and masks.</summary>
    public static bool IsFloating(this ElementType type) => type <= ElementType.F8E8M0;
}
