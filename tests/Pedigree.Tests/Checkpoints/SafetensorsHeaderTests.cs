using System.Buffers.Binary;
using System.Text;
using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Checkpoints;

public sealed class SafetensorsHeaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>Header, bytes of data, and what the message must say.</summary>
    public static TheoryData<string, int, string> Malformed => new()
    {
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", 4, "not valid JSON" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} {}""", 4, "not valid JSON" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},}""", 4, "not valid JSON" },
        { """ {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "does not begin with '{'" },
        { """[]""", 0, "does not begin with '{'" },
        { "", 4, "does not begin with '{'" },
        { """{"a":3}""", 0, "'a' is not described by an object" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "'a' is named twice" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "'a' is named twice" },
        { """{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "has the field 'dtype' twice" },
        { """{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "lacks the field 'dtype'" },
        { """{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4, "lacks the field 'shape'" },
        { """{"a":{"dtype":"F32","shape":[1]}}""", 4, "lacks the field 'data_offsets'" },
        { """{"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}""", 4, "'dtype' that is not a string" },
        { """{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}""", 4, "element type 'F33', which the safetensors format does not define" },
        { """{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}""", 4, "element type 'f32'" },
        { """{"a":{"dtype":"F4","shape":[8],"data_offsets":[0,4]}}""", 4, "element type 'F4', which Pedigree does not read" },
        { """{"a":{"dtype":"F6_E2M3","shape":[8],"data_offsets":[0,6]}}""", 6, "element type 'F6_E2M3', which Pedigree does not read" },
        { """{"a":{"dtype":"F8_E4M3FNUZ","shape":[4],"data_offsets":[0,4]}}""", 4, "element type 'F8_E4M3FNUZ', which Pedigree does not read" },
        { """{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}""", 8, "element type 'C64', which Pedigree does not read" },
        { """{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", 4, "'shape' that is not an array of numbers" },
        { """{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, "'shape' that is not an array of numbers" },
        { """{"a":{"dtype":"F32","shape":[[1]],"data_offsets":[0,4]}}""", 4, "'shape' that is not an array of numbers" },
        { """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "negative number -1 in 'shape'" },
        { """{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}""", 4, "'shape' that is not a whole number" },
        { """{"a":{"dtype":"F32","shape":[18446744073709551617],"data_offsets":[0,4]}}""", 4, "'shape' that is not a whole number" },
        { """{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "overflows 63 bits" },
        { """{"a":{"dtype":"F64","shape":[9223372036854775807],"data_offsets":[0,0]}}""", 0, "overflows 63 bits" },
        { $$$"""{"a":{"dtype":"F32","shape":[{{{string.Join(',', Enumerable.Repeat(1, 65))}}}],"data_offsets":[0,4]}}""", 4, "more than 64 dimensions" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "not exactly two numbers" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}""", 4, "not exactly two numbers" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":"0,4"}}""", 4, "'data_offsets' that is not an array" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "negative number -4 in 'data_offsets'" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "ends at byte 0, before its begin at byte 4" },
        { """{"a":{"dtype":"F32","shape":[3,3],"data_offsets":[0,16]}}""", 16, "type F32 and shape [3, 3], which need 36 bytes, but its offsets span 16 bytes" },
        { """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,2]}}""", 2, "which need 1 byte, but its offsets span 2 bytes" },
        { """{"a":{"dtype":"F32","shape":[1000],"data_offsets":[0,4000]}}""", 40, "cut short" },
        { """{"a":{"dtype":"U8","shape":[9223372036854775800],"data_offsets":[0,9223372036854775800]}}""", 4, "cut short" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "'b' overlaps the bytes of tensor 'a'" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "overlaps the bytes" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""", 8, "'b' overlaps the bytes of tensor 'a'" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "'b' follows a gap of 4 bytes" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "'a' follows a gap of 4 bytes" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 9, "ends with 5 bytes that belong to no tensor" },
        { """{}""", 3, "ends with 3 bytes that belong to no tensor" },
        { """{"__metadata__":[]}""", 0, "'__metadata__' entry that is not an object" },
        { """{"__metadata__":{"k":1}}""", 0, "value under 'k' that is not a string" },
        { """{"__metadata__":{"k":{"x":"y"}}}""", 0, "value under 'k' that is not a string" },
        { """{"__metadata__":{"k":null}}""", 0, "value under 'k' that is not a string" },
        { """{"__metadata__":{"k":"1","k":"2"}}""", 0, "has the key 'k' twice" },
        { """{"__metadata__":{},"__metadata__":{}}""", 0, "second '__metadata__' entry" },
        { """{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "not valid Unicode" },
        { $$$"""{"a":{"more":{{{new string('[', 40)}}}{{{new string(']', 40)}}},"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "nests deeper" },
        { $$$"""{"a":{"more":{{{new string('[', 5000)}}}{{{new string(']', 5000)}}} } }""", 4, "nests deeper" },
    };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_header_is_refused_with_its_own_message(string header, int dataLength, string expected)
    {
        var path = folder.Write("model.safetensors", Samples.File(header, dataLength));

        var fault = Assert.Throws<CheckpointException>(() => Checkpoint.Open(path));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Contains("model.safetensors", fault.Message, StringComparison.Ordinal);
        Assert.Equal(path, fault.File);
        Assert.NotNull(fault.Hint);
    }

    [Fact]
    public void Unknown_fields_and_trailing_blanks_are_allowed()
    {
        var path = folder.Write("model.safetensors", Samples.File("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":[{"x":[1]}]}}  """, 4));

        using var source = Checkpoint.Open(path);

        Assert.Single(source.Tensors);
    }

    [Theory]
    [InlineData(ulong.MaxValue, "claims a header of 18,446,744,073,709,551,615 bytes")]
    [InlineData(1UL << 63, "claims a header of 9,223,372,036,854,775,808 bytes")]
    [InlineData(1_000_000, "claims a header of 1,000,000 bytes, but the file has only 10 bytes")]
    [InlineData(3, "claims a header of 3 bytes, but the file has only 10 bytes")]
    public void A_header_longer_than_the_file_is_refused(ulong length, string expected)
    {
        var file = new byte[10];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        file[8] = (byte)'{';

        AssertRefused(file, expected);
    }

    [Fact]
    public void A_header_beyond_the_limit_is_refused_without_reading_it()
    {
        var path = folder.Join("model.safetensors");
        using (var stream = File.Create(path))
        {
            Span<byte> start = stackalloc byte[9];
            BinaryPrimitives.WriteUInt64LittleEndian(start, 100_000_001);
            start[8] = (byte)'{';
            stream.Write(start);
            stream.SetLength(200_000_000);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Assert.Throws<CheckpointException>(() => Checkpoint.Open(path));

        Assert.Contains("more than the 100,000,000 bytes that the format allows", fault.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void A_file_without_room_for_the_length_is_refused(int length) =>
        AssertRefused(new byte[length], "too few for the header length");

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused()
    {
        var header = Encoding.UTF8.GetBytes("""{"a?":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""");
        header[3] = 0xFF;

        AssertRefused(Samples.File(header, 4), "not valid");
    }

    [Fact]
    public void A_message_cannot_be_steered_or_flooded_by_a_name()
    {
        var name = "\\u001b[31m\\u202e" + new string('x', 5000);

        var fault = AssertRefused(Samples.File($$$"""{"{{{name}}}":3}""", 0), "is not described by an object");

        Assert.DoesNotContain('\u001b', fault.Message);
        Assert.DoesNotContain('\u202e', fault.Message);
        Assert.Contains("<U+001B>", fault.Message, StringComparison.Ordinal);
        Assert.InRange(fault.Message.Length, 1, 1000);
        Assert.StartsWith("\u001b[31m", fault.Tensor, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_element_type_of_the_format_opens()
    {
        var tensors = Enum.GetValues<ElementType>().Select(type => (type.ToString(), type, new long[] { 3 }, Samples.Bytes(3 * type.Size()))).ToList();
        var path = folder.Join("model.safetensors");
        SafetensorsWriter.Write(path, tensors);

        using var source = Checkpoint.Open(path);

        Assert.All(source.Tensors, tensor => Assert.Equal(tensor.Name, tensor.Type.ToString()));
        Assert.Equal(tensors.Count, source.Tensors.Count);
    }

    private CheckpointException AssertRefused(byte[] file, string expected)
    {
        var path = folder.Write("model.safetensors", file);
        var fault = Assert.Throws<CheckpointException>(() => Checkpoint.Open(path));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        return fault;
    }
}
