using System.Collections.Immutable;

namespace Pedigree.Checkpoints.Onnx;

/// <summary>A tensor as an ONNX model describes it (onnx.proto, <c>TensorProto</c>); nothing of it has been checked.</summary>
internal sealed class OnnxTensor
{
    /// <summary>Its name; empty if it has none.</summary>
    public string Name { get; set; } = "";

    /// <summary>Dimensions.</summary>
    public List<long> Dimensions { get; } = [];

    /// <summary>Number of its element type.</summary>
    public ulong Type { get; set; }

    /// <summary>Where its raw bytes lie, if it has any.</summary>
    public (long Start, long End)? Raw { get; set; }

    /// <summary>Where its values lie as packed numbers of the field with the number; several where a writer split them.</summary>
    public List<(long Field, long Start, long End)> Packed { get; } = [];

    /// <summary>Where an outside file is described: keys and values.</summary>
    public List<(string Key, string Value)> External { get; } = [];

    /// <summary>Whether the values lie in another file.</summary>
    public bool IsExternal { get; set; }

    /// <summary>The element type, or null if it is none that is read.</summary>
    public ElementType? ElementType => Type switch
    {
        1 => Checkpoints.ElementType.F32,
        2 => Checkpoints.ElementType.U8,
        3 => Checkpoints.ElementType.I8,
        4 => Checkpoints.ElementType.U16,
        5 => Checkpoints.ElementType.I16,
        6 => Checkpoints.ElementType.I32,
        7 => Checkpoints.ElementType.I64,
        9 => Checkpoints.ElementType.Bool,
        10 => Checkpoints.ElementType.F16,
        11 => Checkpoints.ElementType.F64,
        12 => Checkpoints.ElementType.U32,
        13 => Checkpoints.ElementType.U64,
        16 => Checkpoints.ElementType.BF16,
        17 => Checkpoints.ElementType.F8E4M3,
        19 => Checkpoints.ElementType.F8E5M2,
        24 => Checkpoints.ElementType.F8E8M0,
        _ => null,
    };
}

/// <summary>A node that multiplies by a tensor, which tells what the tensor is for where its name does not.</summary>
/// <param name="Node">Name of the node, such as <c>/model/layers.0/mlp/up_proj/MatMul</c>.</param>
/// <param name="Operation"><c>MatMul</c> or <c>Gemm</c>.</param>
/// <param name="Weight">Name of the tensor that it multiplies by.</param>
/// <param name="IsTransposed">Whether the node transposes the tensor before it multiplies.</param>
internal sealed record OnnxProduct(string Node, string Operation, string Weight, bool IsTransposed);
