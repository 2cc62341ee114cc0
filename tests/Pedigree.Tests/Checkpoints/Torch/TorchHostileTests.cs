using Pedigree.Checkpoints;
using Pedigree.Tests.Checkpoints.Pickles;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Torch;

/// <summary>Pickles that try to make a reader descend, allocate or work without end.</summary>
public sealed class TorchHostileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Objects_that_hold_themselves_are_walked_once()
    {
        // An object whose state is itself, a dictionary that holds itself, and a list that holds both.
        var pickle = new PickleBytes()
            .Global("a", "B").Code(')').Raw(0x81).Raw((byte)'q', 0).Raw((byte)'h', 0).Code('b')
            .Raw((byte)'0').Code('}').Raw((byte)'q', 1).Text("self").Raw((byte)'h', 1).Code('s').Text("object").Raw((byte)'h', 0).Code('s')
            .Text("w").Tensor("FloatStorage", "0", 1, 0, [1], [1]).Code('s').Stop();
        using var source = Open(pickle);

        Assert.Equal("w", source.Tensors.Single().Name);
    }

    [Fact]
    public void Objects_nested_without_end_are_left_alone()
    {
        var pickle = new PickleBytes();
        const int depth = 50_000;
        for (var i = 0; i < depth; i++)
        {
            pickle.Global("a", "B").Code(')').Raw(0x81).Code('}').Text("_modules").Code('}').Text("x");
        }

        pickle.Code('N');
        for (var i = 0; i < depth; i++)
        {
            pickle.Code('s').Code('s').Code('b');
        }

        Assert.Contains("holds no tensors", Refused(pickle.Stop()).Message, StringComparison.Ordinal);

        var tuples = new PickleBytes().Global("a", "B").Code(')').Raw(0x81).Code('N');
        for (var i = 0; i < depth; i++)
        {
            tuples.Code('N').Raw(0x86);
        }

        Assert.Contains("holds no tensors", Refused(tuples.Code('b').Stop()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_doubling_web_of_lists_is_walked_once()
    {
        var pickle = new PickleBytes().Code(']').Raw((byte)'q', 0);
        for (byte level = 1; level < 60; level++)
        {
            pickle.Code(']').Raw((byte)'h', (byte)(level - 1)).Code('a').Raw((byte)'h', (byte)(level - 1)).Code('a').Raw((byte)'q', level);
        }

        Assert.Contains("holds no tensors", Refused(pickle.Stop()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_names_and_shapes_are_not_repeated_without_end()
    {
        var shape = new PickleBytes().Code('}').Text("w").Tensor("FloatStorage", "0", 1, 0, new long[65], new long[65]).Code('s').Stop();
        Assert.Contains("does not read", Refused(shape).Message, StringComparison.Ordinal);

        var name = new PickleBytes().Code('}').Text(new string('n', 3000)).Code('}').Text("w").Tensor("FloatStorage", "0", 1, 0, [1], [1]).Code('s').Code('s').Stop();
        Assert.Contains("characters", Refused(name).Message, StringComparison.Ordinal);

        var import = new PickleBytes().Text(new string('m', 2000)).Text("x").Raw(0x93).Stop();
        Assert.Contains("name longer", Refused(import).Message, StringComparison.Ordinal);
    }

    private ITensorSource Open(byte[] pickle) => Checkpoint.Open(folder.Write("c.pt", TorchFile.Archive(pickle).Add("archive/data/0", new byte[4]).ToArray()));

    private CheckpointException Refused(byte[] pickle) => Assert.Throws<CheckpointException>(() => Open(pickle));
}
