using System.Buffers.Binary;
using Pedigree.Checkpoints;
using Pedigree.Checkpoints.Gguf;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Gguf;

public sealed class GgufFuzzTests : IDisposable
{
    private const int Rounds = 3000;

    // Numbers at which a parser decides something, as 4 or 8 bytes.
    private static readonly ulong[] Edges =
    [
        0, 1, 2, 3, 4, 5, 8, 9, 12, 13, 16, 31, 32, 33, 255, 256, 65535, 65536, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1UL << 32, 1UL << 60, 1UL << 62, 1UL << 63, ulong.MaxValue,
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_damaged_file_opens_and_reads_or_is_refused_and_nothing_else()
    {
        var rounds = Environment.GetEnvironmentVariable("PEDIGREE_FUZZ_ROUNDS") is { } many ? int.Parse(many, System.Globalization.CultureInfo.InvariantCulture) : Rounds;
        var seed = Environment.GetEnvironmentVariable("PEDIGREE_FUZZ_SEED") is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}; set PEDIGREE_FUZZ_SEED to repeat.");
        var random = new Random(seed);
        byte[][] originals = [Original(3, false), Original(2, true), Original(1, false)];
        var (opened, refused) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var damaged = Damage(originals[random.Next(originals.Length)], random);
            try
            {
                _ = Try(damaged) ? opened++ : refused++;
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"seed {seed}, round {round}, file {Convert.ToBase64String(damaged)}", fault);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{opened} opened, {refused} refused.");
        Assert.True(opened > 0 && refused > 0);
    }

    private static byte[] Original(uint version, bool bigEndian)
    {
        var file = new GgufFile { Version = version, BigEndian = bigEndian }
            .Text("general.architecture", "llama").Number("llama.attention.head_count", 2).Numbers("llama.attention.head_count_kv", 1, 1)
            .Texts("tokenizer.ggml.tokens", "a", "ä", "\u0120b").Texts("general.languages", "en").Number("split.count", 1);
        var random = new Random(1);
        foreach (var type in new[] { "F32", "F16", "Q8_0", "Q4_K", "Q6_K", "MXFP4", "I64" })
        {
            var known = GgufType.Find(TestQuantiser.Numbers[type])!;
            var data = new byte[2 * known.Bytes];
            random.NextBytes(data);
            file.Tensor($"blk.0.{type}", TestQuantiser.Numbers[type], [2, known.Values], data);
        }

        return file.Tensor("blk.0.attn_q.weight", 0, [8, 2], new byte[64]).ToArray();
    }

    private bool Try(byte[] content)
    {
        var path = folder.Write("damaged.gguf", content);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var source = Checkpoint.Open(path, new CheckpointOptions { ReadMode = ReadMode.Stream });
            var opening = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.InRange(opening, 0, 1 << 20);
            foreach (var tensor in source.Tensors)
            {
                // Two bits a value is the densest encoding, and a plain value has up to eight bytes.
                Assert.InRange(tensor.StoredLength, 0, content.Length);
                Assert.InRange(tensor.Length, 0, content.Length * 32L);
                var bytes = new byte[tensor.Length];
                source.Read(tensor, 0, bytes);
                ElementDecoder.Decode(tensor.Type, bytes, new float[tensor.Count]);
            }

            Assert.Equal(source.TotalBytes, source.BytesRead);
            return true;
        }
        catch (CheckpointException fault)
        {
            Assert.Contains("damaged.gguf", fault.Message, StringComparison.Ordinal);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
            return false;
        }
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        var bytes = original.ToList();
        var header = original.AsSpan().IndexOf("blk.0.attn_q"u8) + 60;
        for (var times = random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            // The data decide nothing, so most damage goes to what stands before them.
            var at = random.Next(random.Next(8) == 0 ? bytes.Count : Math.Min(header, bytes.Count));
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
                    bytes.InsertRange(at, bytes.GetRange(0, Math.Min(random.Next(60), bytes.Count)));
                    break;
                case 4 or 5:
                    Put(bytes, at, Edges[random.Next(Edges.Length)], random.Next(2) == 0 ? 4 : 8, random.Next(4) == 0);
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }

    private static void Put(List<byte> bytes, int at, ulong value, int width, bool bigEndian)
    {
        var number = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(number, value);
        for (var i = 0; i < width && at + i < bytes.Count; i++)
        {
            bytes[at + i] = number[bigEndian ? width - 1 - i : i];
        }
    }
}
