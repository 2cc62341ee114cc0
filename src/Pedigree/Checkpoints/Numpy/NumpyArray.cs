using Pedigree.Checkpoints.Pickles;
using Pedigree.Checkpoints.Storages;

namespace Pedigree.Checkpoints.Numpy;

/// <summary>Lays a tensor over the data of a NumPy array.</summary>
internal static class NumpyArray
{
    private const long MostScanned = 1 << 20;

    /// <summary>Reads the description of an array and checks it against the bytes that are there.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="entry">The archive entry, for messages, or null for a whole file.</param>
    /// <param name="start">The first bytes of the array.</param>
    /// <param name="array">All bytes of the array, header included.</param>
    /// <param name="data">Makes the storage of the data, given the number of bytes before it.</param>
    /// <exception cref="CheckpointException">The array holds objects, is of a type that is not read, or has not the bytes that its shape needs.</exception>
    public static StridedTensor Read(string name, string? entry, ReadOnlySpan<byte> start, Storage array, Func<int, Storage> data)
    {
        var file = array.File.Path;
        var header = NumpyHeader.Read(start, file, entry);
        if (header.Descriptor is null)
        {
            throw NumpyFault.Type(file, entry, "a record of fields");
        }

        if (header.Descriptor.Contains('O', StringComparison.Ordinal))
        {
            throw NumpyFault.Objects(file, entry, Imports(array, header.Length));
        }

        if (TypeOf(header.Descriptor) is not { } type)
        {
            throw NumpyFault.Type(file, entry, header.Descriptor);
        }

        if (StridedTensor.CountOf(header.Shape, type) is not { } count)
        {
            throw NumpyFault.Shape(file, entry);
        }

        var storage = data(header.Length);
        if (storage.Length != count * type.Size())
        {
            throw NumpyFault.Length(file, entry, count * type.Size(), storage.Length);
        }

        var strides = header.IsColumnMajor ? StridedTensor.ColumnMajor(header.Shape) : StridedTensor.RowMajor(header.Shape);
        return new StridedTensor(name, type, header.Shape, storage, 0, strides, header.Descriptor[0] == '>');
    }

    // Byte order, kind, size (numpy: Data type objects). An order of '|' says that it does not matter; '=' never stands in a file.
    private static ElementType? TypeOf(string descriptor) => descriptor switch
    {
        ['<' or '>', .. var kind] => kind switch
        {
            "f8" => ElementType.F64,
            "f4" => ElementType.F32,
            "f2" => ElementType.F16,
            "i8" => ElementType.I64,
            "i4" => ElementType.I32,
            "i2" => ElementType.I16,
            "u8" => ElementType.U64,
            "u4" => ElementType.U32,
            "u2" => ElementType.U16,
            _ => Single(kind),
        },
        ['|', .. var kind] => Single(kind),
        _ => null,
    };

    private static ElementType? Single(string kind) => kind switch
    {
        "i1" => ElementType.I8,
        "u1" => ElementType.U8,
        "b1" => ElementType.Bool,
        _ => null,
    };

    private static string? Imports(Storage array, int skipped)
    {
        var content = new byte[Math.Clamp(array.Length - skipped, 0, MostScanned)];
        array.Read(skipped, content, "");
        var imports = new PickleImports();
        PickleScan.Imports(new PickleInput(content), imports);
        return imports.Foreign();
    }
}
