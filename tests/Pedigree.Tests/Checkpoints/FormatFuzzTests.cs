using System.Globalization;
using Pedigree.Checkpoints;
using Pedigree.Tests.Checkpoints.Archives;
using Pedigree.Tests.Checkpoints.Numpy;
using Pedigree.Tests.Checkpoints.Onnx;
using Pedigree.Tests.Checkpoints.Pickles;
using Pedigree.Tests.Checkpoints.Torch;
using Xunit;

namespace Pedigree.Tests.Checkpoints;

/// <summary>Damages a valid file of each format at random: it opens and reads within its own bytes, or is refused by a <see cref="CheckpointException"/>.</summary>
public sealed class FormatFuzzTests : IDisposable
{
    private const int UsualRounds = 1500;

    // Numbers at which parsers decide something, as bytes.
    private static readonly byte[][] Pieces =
    [
        [0], [0xFF], [0x80], [0x7F], [0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0, 0, 0, 0, 0x80], [0x50, 0x4B, 3, 4], [0x50, 0x4B, 1, 2],
        (byte[])[.. "("u8], [.. "t"u8], [.. "R"u8], [.. "}"u8], [.. "u"u8], [.. "q\0h\0"u8], [.. "cos\nsystem\n"u8], [.. ")"u8], [.. "]"u8], [.. "0"u8], [.. "-1"u8],
    ];

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Formats => ["torch-zip", "torch-pickle", "torch-tar", "npy", "npz", "onnx", "llama2c", "rwkv"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_damaged_file_opens_and_reads_or_is_refused_and_nothing_else(string format)
    {
        var seed = Environment.GetEnvironmentVariable("PEDIGREE_FUZZ_SEED") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : Random.Shared.Next();
        var rounds = Environment.GetEnvironmentVariable("PEDIGREE_FUZZ_ROUNDS") is { } wanted ? int.Parse(wanted, CultureInfo.InvariantCulture) : UsualRounds;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}; set PEDIGREE_FUZZ_SEED to repeat.");
        var random = new Random(seed);
        var (name, original) = Original(format);
        Assert.True(Try(name, original), "The undamaged file is not read.");
        var (opened, refused) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var damaged = Damage(original, random);
            try
            {
                _ = Try(name, damaged) ? opened++ : refused++;
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"{format}, seed {seed}, round {round}, file {Convert.ToBase64String(damaged)}", fault);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{opened} opened, {refused} refused.");
        Assert.True(opened > 0 && refused > 0);
    }

    private bool Try(string name, byte[] content)
    {
        var path = folder.Write(name, content);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var source = Checkpoint.Open(path, new CheckpointOptions { ReadMode = ReadMode.Stream });
            foreach (var tensor in source.Tensors)
            {
                // Packed entries and variable-length numbers unpack to more than they take, each within its own limit.
                Assert.InRange(tensor.Length, 0, tensor.Encoding is null ? content.Length : 64 * content.Length);
                var bytes = new byte[tensor.Length];
                source.Read(tensor, 0, bytes);
                ElementDecoder.Decode(tensor.Type, bytes, new float[tensor.Count]);
            }

            return true;
        }
        catch (CheckpointException fault)
        {
            Assert.Contains(name, fault.Message, StringComparison.Ordinal);
            return false;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        }
    }

    private static (string Name, byte[] Content) Original(string format)
    {
        TorchSample[] tensors =
        [
            new("model.layers.0.up.weight", ElementType.F32, [2, 3], Samples.Bytes(24).ToArray()), new("b", ElementType.BF16, [5], Samples.Bytes(10).ToArray()),
            new("none", ElementType.I64, [0], []),
        ];
        return format switch
        {
            "torch-zip" => ("m.pt", TorchFile.Zip(tensors, "state_dict", hasChecksums: false)),
            "torch-pickle" => ("m.bin", TorchFile.Legacy(tensors)),
            "torch-tar" => ("m.pt", TorchFile.Tar(tensors)),
            "npy" => ("m.npy", NumpyFormatTests.Array(">f4", true, "(2, 3)", Samples.Bytes(24).ToArray())),
            "npz" => ("m.npz", new ZipFile { IsAligned = false }
                .Add("a.npy", NumpyFormatTests.Array("<f2", false, "(2, 3)", Samples.Bytes(12).ToArray()), deflated: true)
                .Add("b.npy", NumpyFormatTests.Array("<f8", true, "(2,)", Samples.Bytes(16).ToArray())).ToArray()),
            "onnx" => ("m.onnx", OnnxFile.Model(new OnnxFile()
                .Message(1, new OnnxFile().Text(1, "x").Text(1, "onnx::MatMul_1").Text(3, "/a/b/MatMul").Text(4, "MatMul"))
                .Message(5, OnnxFile.Tensor("onnx::MatMul_1", 1, 2, 3).Run(9, Samples.Bytes(24).Span))
                .Message(5, OnnxFile.Tensor("h", 10, 2).Packed(5, 1, 2000))
                .Message(5, OnnxFile.Tensor("f", 1, 1).Run(4, Samples.Bytes(4).Span)))),
            "llama2c" => ("m.bin", LlamaC()),
            "rwkv" => ("m.bin", Rwkv()),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };
    }

    private static byte[] LlamaC()
    {
        // Width 4, hidden 3, 1 layer, 2 heads, 1 KV group, 5 tokens, context 2.
        int[] header = [4, 3, 1, 2, 1, 5, 2];
        var values = (5 * 4) + 4 + 16 + 8 + 8 + 16 + 4 + 12 + 12 + 12 + 4 + 2 + 2;
        return [.. header.SelectMany(BitConverter.GetBytes), .. Samples.Bytes(4 * values).Span];
    }

    private static byte[] Rwkv()
    {
        List<byte> file = [.. "fmgg"u8];
        foreach (var number in (int[])[101, 5, 32, 1, 0])
        {
            file.AddRange(BitConverter.GetBytes(number));
        }

        void Add(string name, int type, int[] dimensions, int length)
        {
            foreach (var number in (int[])[dimensions.Length, name.Length, type, .. dimensions])
            {
                file.AddRange(BitConverter.GetBytes(number));
            }

            file.AddRange(System.Text.Encoding.ASCII.GetBytes(name));
            file.AddRange(Samples.Bytes(length).Span);
        }

        Add("emb.weight", 0, [3, 2], 24);
        Add("w", 1, [4], 8);
        Add("q", 7, [32, 2], 44);
        return [.. file];
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var times = random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 4:
                    // In place, so that offsets elsewhere stay right.
                    var piece = Pieces[random.Next(Pieces.Length)];
                    for (var i = 0; i < piece.Length && at + i < bytes.Count; i++)
                    {
                        bytes[at + i] = piece[i];
                    }

                    break;
                case 5:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    var from = random.Next(bytes.Count);
                    bytes.InsertRange(at, bytes.GetRange(from, Math.Min(random.Next(60), bytes.Count - from)));
                    break;
            }
        }

        return [.. bytes];
    }
}
