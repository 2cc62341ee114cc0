using System.Buffers.Binary;
using System.Text;
using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Checkpoints;

public sealed class SafetensorsFuzzTests : IDisposable
{
    private const int Rounds = 4000;
    private const int DataLength = 35;

    // Pieces that steer a mutation to where the parser decides something.
    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "null", "true", "-1", "0", "1e9", "1.5", "9223372036854775807", "18446744073709551615",
        "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"__metadata__\"", "\"F64\"", "\"U8\"", "\"F4\"", "[0,0]", "\u00ff", " ",
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_damaged_file_opens_and_reads_or_is_refused_and_nothing_else()
    {
        var seed = Environment.GetEnvironmentVariable("PEDIGREE_FUZZ_SEED") is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}; set PEDIGREE_FUZZ_SEED to repeat.");
        var random = new Random(seed);
        var original = Original();
        var (opened, refused) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var damaged = Damage(original, random);
            try
            {
                if (Try(damaged))
                {
                    opened++;
                }
                else
                {
                    refused++;
                }
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"seed {seed}, round {round}, file {Convert.ToBase64String(damaged)}", fault);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{opened} opened, {refused} refused.");
        Assert.True(opened > 0 && refused > 0);
    }

    private byte[] Original()
    {
        var path = folder.Join("original");
        SafetensorsWriter.Write(
            path,
            [("a.weight", ElementType.F32, [2, 3], Samples.Bytes(24)), ("b", ElementType.BF16, [5], Samples.Bytes(10)), ("c", ElementType.F8E4M3, [], Samples.Bytes(1)), ("none", ElementType.I64, [0], default)],
            new Dictionary<string, string> { ["format"] = "pt", ["note"] = "ä" });
        return File.ReadAllBytes(path);
    }

    private bool Try(byte[] content)
    {
        var path = folder.Write("damaged.safetensors", content);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            using var source = Checkpoint.Open(path, new CheckpointOptions { ReadMode = ReadMode.Stream });
            foreach (var tensor in source.Tensors)
            {
                Assert.InRange(tensor.Length, 0, content.Length);
                var bytes = new byte[tensor.Length];
                source.Read(tensor, 0, bytes);
                Assert.Equal(content.AsSpan((int)tensor.Offset, bytes.Length).ToArray(), bytes);
                ElementDecoder.Decode(tensor.Type, bytes, new float[tensor.Count]);
            }

            Assert.Equal(source.TotalBytes, source.BytesRead);
            return true;
        }
        catch (CheckpointException fault)
        {
            Assert.Contains("damaged.safetensors", fault.Message, StringComparison.Ordinal);
            return false;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
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
                    bytes.InsertRange(at, Encoding.Latin1.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
                case 4:
                    var digits = Enumerable.Range(8, Math.Max(0, bytes.Count - 8)).Where(i => char.IsAsciiDigit((char)bytes[i])).ToList();
                    if (digits.Count > 0)
                    {
                        bytes[digits[random.Next(digits.Count)]] = (byte)('0' + random.Next(10));
                    }

                    break;
                case 5:
                    bytes.AddRange(new byte[random.Next(4)]);
                    break;
                default:
                    var from = random.Next(bytes.Count);
                    bytes.InsertRange(at, bytes.GetRange(from, Math.Min(random.Next(60), bytes.Count - from)));
                    break;
            }

            if (bytes.Count == 0)
            {
                return [];
            }
        }

        // Most damage changes the header's length; half of the time the prefix is set right, so that the parser sees the rest.
        var result = bytes.ToArray();
        if (result.Length > 8 && random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(result, Math.Max(0, result.Length - 8 - DataLength));
        }

        return result;
    }
}
