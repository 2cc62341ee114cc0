using System.Numerics;
using System.Text;
using Pedigree.Checkpoints.Pickles;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Pickles;

public class PickleMachineTests
{
    /// <summary>Pickles of plain values, as Latin-1, and what they stand for.</summary>
    public static TheoryData<string, object?> Values => new()
    {
        { "N.", null },
        { "\u0080\u0002\u0088.", true },
        { "I00\n.", false },
        { "I-7\n.", -7L },
        { "L123456789012345678901L\n.", BigInteger.Parse("123456789012345678901") },
        { "F-0.5\n.", -0.5 },
        { "G\u003f\u00f0\0\0\0\0\0\0.", 1.0 },
        { "K\u00ff.", 255L },
        { "M\u0001\u0002.", 513L },
        { "J\u00ff\u00ff\u00ff\u00ff.", -1L },
        { "\u008a\u0001\u0080.", -128L },
        { "\u008a\0.", 0L },
        { "S'a\\n'\n.", "a\\n" },
        { "Vb\n.", "b" },
        { "U\u0002xy.", "xy" },
        { "\u008c\u0002\u00c3\u00a4.", "ä" },
        { "\u0080\u0004\u0095\u0005\0\0\0\0\0\0\0\u008c\u0001z\u0094.", "z" },
        { "K\u0001K\u00020.", 1L },
        { "(K\u0001K\u00021K\u0003.", 3L },
        { "K\u0005q\u0007K\u00060h\u0007.", 5L },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Plain_values_are_read(string pickle, object? expected) => Assert.Equal(expected, Read(pickle, out _).Value);

    [Fact]
    public void Containers_are_read_and_filled()
    {
        var list = Assert.IsType<PickleList>(Read("(lp0\nI1\naI2\na.", out _).Value);
        Assert.Equal([1L, 2L], list.Items);
        var dictionary = Assert.IsType<PickleDictionary>(Read("}(K\u0001K\u0002K\u0003K\u0004u.", out _).Value);
        Assert.Equal([(1L, 2L), (3L, 4L)], dictionary.Pairs.Select(pair => ((long)pair.Key!, (long)pair.Value!)));
        Assert.Equal([1L], Assert.IsType<PickleTuple>(Read("K\u0001\u0085.", out _).Value).Items);
        Assert.Equal(3, Assert.IsType<PickleTuple>(Read("K\u0001K\u0002K\u0003\u0087.", out _).Value).Items.Length);
    }

    [Theory]
    [InlineData("cos\nsystem\n(S'true'\ntR.", "os.system", 0)]
    [InlineData("\u0080\u0004\u008c\u0002os\u008c\u0006system\u0093\u008c\u0001x\u0085R.", "os.system", 14)]
    [InlineData("(S'true'\nios\nsystem\n.", "os.system", 9)]
    [InlineData("(cos\nsystem\nS'true'\no.", "os.system", 1)]
    [InlineData("(cos\nsystem\nNtK\u0001.", "os.system", 1)]
    [InlineData("K\u0001K\u0002\u0093.", ".(a name built at run time)", 4)]
    public void Imports_are_listed_with_their_place_and_nothing_is_called(string pickle, string expected, long position)
    {
        Read(pickle, out var imports);

        Assert.Contains(expected.TrimStart('.'), imports.Foreign(), StringComparison.Ordinal);
        Assert.Contains($"(byte {position})", imports.Foreign(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "breaks off")]
    [InlineData("K", "breaks off")]
    [InlineData("cos\nsys", "breaks off")]
    [InlineData(".", "stack")]
    [InlineData("K\u0001\u0086.", "stack")]
    [InlineData("t.", "mark")]
    [InlineData("(K\u0001(aK\u0001.", "stack")]
    [InlineData("h\u0001.", "never remembered")]
    [InlineData("}K\u0001(K\u0001u.", "without a value")]
    [InlineData("K\u0001K\u0001a.", "no list")]
    [InlineData("K\u0001K\u0001K\u0001s.", "no dictionary")]
    [InlineData("\u0082\u0001.", "0x82")]
    [InlineData("\u0080\u0006.", "protocol")]
    [InlineData("X\u00ff\u00ff\u00ff\u007fab.", "text longer")]
    [InlineData("X\u0010\0\0\0ab.", "breaks off")]
    [InlineData("\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffab.", "breaks off")]
    [InlineData("B\u00ff\u00ff\u00ff\u00ffab.", "breaks off")]
    [InlineData("I1x\n.", "number that is none")]
    public void Damage_is_refused(string pickle, string expected) =>
        Assert.Contains(expected, Assert.Throws<PickleFault>(() => Read(pickle, out _)).Message, StringComparison.Ordinal);

    [Fact]
    public void Operations_are_limited()
    {
        var bytes = new byte[PickleMachine.MostOperations + 2];
        Array.Fill(bytes, (byte)'N');

        Assert.Contains("operations", Assert.Throws<PickleFault>(() => PickleMachine.Read(new PickleInput(bytes), new PickleImports())).Message, StringComparison.Ordinal);
    }

    private static PickleDocument Read(string pickle, out PickleImports imports)
    {
        imports = new PickleImports();
        return PickleMachine.Read(new PickleInput(Encoding.Latin1.GetBytes(pickle)), imports);
    }
}
