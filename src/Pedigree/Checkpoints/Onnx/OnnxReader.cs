using Pedigree.Checkpoints.Storages;

namespace Pedigree.Checkpoints.Onnx;

/// <summary>Walks through an ONNX model (onnx.proto of the ONNX project) for its initialisers, constants and products. Field numbers stand beside their names.</summary>
internal sealed class OnnxReader
{
    private const int DeepestGraph = 16;
    private const int MostTensors = 250_000;
    private const int MostDimensions = 64;

    private readonly string file;
    private readonly WireInput input;

    private OnnxReader(ShardFile file)
    {
        this.file = file.Path;
        input = new WireInput(new FileWindow(file), file.Path);
    }

    /// <summary>The tensors with values, of the graph and of the graphs inside it.</summary>
    public List<OnnxTensor> Tensors { get; } = [];

    /// <summary>The products of the graph.</summary>
    public List<OnnxProduct> Products { get; } = [];

    /// <summary>What the model says of itself, as free text.</summary>
    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads a model.</summary>
    /// <exception cref="CheckpointException">It is no valid ONNX model.</exception>
    public static OnnxReader Read(ShardFile file)
    {
        var reader = new OnnxReader(file);
        reader.ReadModel();
        return reader;
    }

    private void ReadModel()
    {
        var hasGraph = false;
        while (input.Position < input.Length)
        {
            switch (input.Field(input.Length))
            {
                case (2, WireInput.Kind.Run): // producer_name
                    Metadata.TryAdd("producer", input.Text(input.Length));
                    break;
                case (7, WireInput.Kind.Run): // graph
                    hasGraph = true;
                    ReadGraph(input.RunEnd(input.Length), 0);
                    break;
                case (14, WireInput.Kind.Run): // metadata_props
                    var (key, value) = ReadEntry(input.RunEnd(input.Length));
                    Metadata.TryAdd(key, value);
                    break;
                case var (_, kind):
                    input.Skip(kind, input.Length);
                    break;
            }
        }

        if (!hasGraph)
        {
            throw OnnxFault.NoGraph(file);
        }
    }

    private void ReadGraph(long end, int depth)
    {
        if (depth > DeepestGraph)
        {
            throw OnnxFault.TooDeep(file);
        }

        while (input.Position < end)
        {
            switch (input.Field(end))
            {
                case (1, WireInput.Kind.Run): // node
                    ReadNode(input.RunEnd(end), depth);
                    break;
                case (5, WireInput.Kind.Run): // initializer
                    Add(ReadTensor(input.RunEnd(end)));
                    break;
                case var (_, kind):
                    input.Skip(kind, end);
                    break;
            }
        }
    }

    private void ReadNode(long end, int depth)
    {
        var (inputs, output, name, operation) = (new List<string>(), "", "", "");
        OnnxTensor? constant = null;
        var transposes = false;
        while (input.Position < end)
        {
            switch (input.Field(end))
            {
                case (1, WireInput.Kind.Run): // input
                    inputs.Add(input.Text(end));
                    break;
                case (2, WireInput.Kind.Run): // output
                    output = input.Text(end);
                    break;
                case (3, WireInput.Kind.Run): // name
                    name = input.Text(end);
                    break;
                case (4, WireInput.Kind.Run): // op_type
                    operation = input.Text(end);
                    break;
                case (5, WireInput.Kind.Run): // attribute
                    constant = ReadAttribute(input.RunEnd(end), depth, ref transposes) ?? constant;
                    break;
                case var (_, kind):
                    input.Skip(kind, end);
                    break;
            }
        }

        if (constant is not null && operation is "Constant")
        {
            constant.Name = output;
            Add(constant);
        }
        else if (operation is "MatMul" or "Gemm" && inputs.Count > 1)
        {
            Products.Add(new OnnxProduct(name, operation, inputs[1], transposes));
        }
    }

    private OnnxTensor? ReadAttribute(long end, int depth, ref bool transposes)
    {
        var name = "";
        OnnxTensor? tensor = null;
        ulong number = 0;
        while (input.Position < end)
        {
            switch (input.Field(end))
            {
                case (1, WireInput.Kind.Run): // name
                    name = input.Text(end);
                    break;
                case (3, WireInput.Kind.Variable): // i
                    number = input.Variable(end);
                    break;
                case (5, WireInput.Kind.Run): // t
                    tensor = ReadTensor(input.RunEnd(end));
                    break;
                case (6 or 11, WireInput.Kind.Run): // g, graphs
                    ReadGraph(input.RunEnd(end), depth + 1);
                    break;
                case var (_, kind):
                    input.Skip(kind, end);
                    break;
            }
        }

        transposes |= name is "transB" && number != 0;
        return name is "value" ? tensor : null;
    }

    private OnnxTensor ReadTensor(long end)
    {
        var tensor = new OnnxTensor();
        while (input.Position < end)
        {
            var (field, kind) = input.Field(end);
            switch (field, kind)
            {
                case (1, WireInput.Kind.Variable): // dims
                    AddDimension(tensor, input.Variable(end));
                    break;
                case (1, WireInput.Kind.Run): // dims, packed
                    for (var last = input.RunEnd(end); input.Position < last;)
                    {
                        AddDimension(tensor, input.Variable(last));
                    }

                    break;
                case (2, WireInput.Kind.Variable): // data_type
                    tensor.Type = input.Variable(end);
                    break;
                case (4 or 5 or 7 or 10 or 11, WireInput.Kind.Run): // float_data, int32_data, int64_data, double_data, uint64_data
                    var packed = input.RunEnd(end);
                    tensor.Packed.Add((field, input.Position, packed));
                    input.GoTo(packed);
                    break;
                case (8, WireInput.Kind.Run): // name
                    tensor.Name = input.Text(end);
                    break;
                case (9, WireInput.Kind.Run): // raw_data
                    var raw = input.RunEnd(end);
                    tensor.Raw = (input.Position, raw);
                    input.GoTo(raw);
                    break;
                case (13, WireInput.Kind.Run): // external_data
                    tensor.External.Add(ReadEntry(input.RunEnd(end)));
                    break;
                case (14, WireInput.Kind.Variable): // data_location
                    tensor.IsExternal = input.Variable(end) == 1;
                    break;
                default:
                    input.Skip(kind, end);
                    break;
            }
        }

        return tensor;
    }

    private (string Key, string Value) ReadEntry(long end)
    {
        var (key, value) = ("", "");
        while (input.Position < end)
        {
            switch (input.Field(end))
            {
                case (1, WireInput.Kind.Run):
                    key = input.Text(end);
                    break;
                case (2, WireInput.Kind.Run):
                    value = input.Text(end);
                    break;
                case var (_, kind):
                    input.Skip(kind, end);
                    break;
            }
        }

        return (key, value);
    }

    private void AddDimension(OnnxTensor tensor, ulong dimension)
    {
        if (tensor.Dimensions.Count == MostDimensions || dimension > long.MaxValue)
        {
            throw OnnxFault.Shape(file, tensor.Name);
        }

        tensor.Dimensions.Add((long)dimension);
    }

    private void Add(OnnxTensor tensor)
    {
        if (tensor.Name.Length == 0)
        {
            return;
        }

        if (Tensors.Count == MostTensors)
        {
            throw OnnxFault.TooMany(file);
        }

        Tensors.Add(tensor);
    }
}
