namespace Pedigree.Checkpoints.Torch;

/// <summary>The element types of PyTorch by the names of its storage classes (<c>torch.FloatStorage</c>) and of its number types (<c>torch.float32</c>).</summary>
internal static class TorchTypes
{
    /// <summary>The class of a storage that states no element type and counts bytes.</summary>
    public const string Untyped = "UntypedStorage";

    /// <summary>The element type of a storage class, or null.</summary>
    public static ElementType? OfStorage(string name) => name switch
    {
        "DoubleStorage" => ElementType.F64,
        "FloatStorage" => ElementType.F32,
        "HalfStorage" => ElementType.F16,
        "BFloat16Storage" => ElementType.BF16,
        "LongStorage" => ElementType.I64,
        "IntStorage" => ElementType.I32,
        "ShortStorage" => ElementType.I16,
        "CharStorage" => ElementType.I8,
        "ByteStorage" => ElementType.U8,
        "BoolStorage" => ElementType.Bool,
        _ => null,
    };

    /// <summary>The element type of a number type, or null.</summary>
    public static ElementType? OfNumberType(string name) => name switch
    {
        "float64" or "double" => ElementType.F64,
        "float32" or "float" => ElementType.F32,
        "float16" or "half" => ElementType.F16,
        "bfloat16" => ElementType.BF16,
        "float8_e4m3fn" => ElementType.F8E4M3,
        "float8_e5m2" => ElementType.F8E5M2,
        "float8_e8m0fnu" => ElementType.F8E8M0,
        "int64" or "long" => ElementType.I64,
        "int32" or "int" => ElementType.I32,
        "int16" or "short" => ElementType.I16,
        "int8" => ElementType.I8,
        "uint64" => ElementType.U64,
        "uint32" => ElementType.U32,
        "uint16" => ElementType.U16,
        "uint8" => ElementType.U8,
        "bool" => ElementType.Bool,
        _ => null,
    };
}
