using System.Buffers.Binary;
using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Quantised;

public sealed class QuantisedFuzzTests : IDisposable
{
    private const int Rounds = 2000;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Parts_that_contradict_each_other_are_read_or_refused_and_nothing_else()
    {
        var rounds = Environment.GetEnvironmentVariable("PEDIGREE_FUZZ_ROUNDS") is { } many ? int.Parse(many, System.Globalization.CultureInfo.InvariantCulture) : Rounds;
        var seed = Environment.GetEnvironmentVariable("PEDIGREE_FUZZ_SEED") is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}; set PEDIGREE_FUZZ_SEED to repeat.");
        var random = new Random(seed);
        var original = Original(random);
        var headerEnd = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(original);
        var (decoded, plain, refused) = (0, 0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var damaged = Damage(original, headerEnd, random);
            try
            {
                switch (Try(damaged))
                {
                    case null: refused++; break;
                    case 0: plain++; break;
                    default: decoded++; break;
                }
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"seed {seed}, round {round}, file {Convert.ToBase64String(damaged)}", fault);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{decoded} with quantised weights, {plain} without, {refused} refused.");
        Assert.True(decoded > 0 && refused > 0);
    }

    private byte[] Original(Random random)
    {
        int[,] Codes(int rows, int columns)
        {
            var codes = new int[rows, columns];
            for (var i = 0; i < codes.Length; i++)
            {
                codes[i / columns, i % columns] = random.Next(1, 8);
            }

            return codes;
        }

        float[,] Scales(int rows, int columns) => new float[rows, columns];
        var groups = Enumerable.Range(0, 16).Select(i => (uint)i / 8).ToArray();
        var writer = new QuantisedWriter()
            .Gptq("a", 4, Codes(16, 8), Codes(2, 8), Scales(2, 8), groups).Awq("b", Codes(4, 8), Codes(2, 8), Scales(2, 8)).Packed("c", 4, Codes(3, 9), Codes(3, 3), Scales(3, 3))
            .Add("d.weight", ElementType.F8E4M3, [6, 4], new byte[24]).Floats("d.weight_scale", ElementType.F32, [6, 1], new float[6])
            .Add("e.weight", ElementType.U8, [8, 1], new byte[8]).Floats("e.weight.absmax", ElementType.F32, [2], 1, 2).Floats("e.weight.quant_map", ElementType.F32, [16], new float[16])
            .Text("e.weight.quant_state.bitsandbytes__nf4", """{"quant_type":"nf4","blocksize":8,"shape":[4,4]}""")
            .Add("f_blocks", ElementType.U8, [2, 1, 16], new byte[32]).Add("f_scales", ElementType.U8, [2, 1], new byte[2]);
        return File.ReadAllBytes(Path.Combine(writer.Write(folder), "model.safetensors"));
    }

    // Number of quantised weights that were read, or null if the file was refused.
    private int? Try(byte[] content)
    {
        var path = folder.Write("damaged.safetensors", content);
        try
        {
            using var source = Checkpoint.Open(path, new CheckpointOptions { ReadMode = ReadMode.Stream });
            foreach (var tensor in source.Tensors)
            {
                // A scale and a code for each value would be five bytes; the densest weight has 2 bits a value.
                Assert.InRange(tensor.Length, 0, content.Length * 32L);
                source.Read(tensor, 0, new byte[tensor.Length]);
            }

            return source.Tensors.Count(tensor => tensor.Encoding is not null);
        }
        catch (CheckpointException fault)
        {
            Assert.Contains("damaged.safetensors", fault.Message, StringComparison.Ordinal);
            return null;
        }
    }

    // Exchanged dimensions keep their product, so that the safetensors reader accepts them and the schemes see them.
    private static byte[] Damage(byte[] original, int headerEnd, Random random)
    {
        var bytes = original.ToArray();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            switch (random.Next(4))
            {
                case 0:
                    bytes[random.Next(headerEnd, bytes.Length)] = (byte)random.Next(256);
                    break;
                case 1:
                    // The dimensions of some tensor are exchanged.
                    Exchange(bytes.AsSpan(random.Next(8, headerEnd)));
                    break;
                case 2:
                    // A name loses its place: one letter of it changes.
                    bytes[random.Next(8, headerEnd)] = (byte)random.Next('a', 'h');
                    break;
                default:
                    var state = original.AsSpan().IndexOf("\"blocksize\":8"u8);
                    bytes[state + random.Next(40)] = (byte)"0123456789-[],"[random.Next(14)];
                    break;
            }
        }

        return bytes;
    }

    private static void Exchange(Span<byte> text)
    {
        var open = text.IndexOf("\"shape\":["u8) + 9;
        if (open < 9)
        {
            return;
        }

        var own = text[open..];
        var close = own.IndexOf((byte)']');
        var comma = own.IndexOf((byte)',');
        if (comma > 0 && comma < close)
        {
            byte[] swapped = [.. own[(comma + 1)..close], (byte)',', .. own[..comma]];
            swapped.CopyTo(own);
        }
    }
}
