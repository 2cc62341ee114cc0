using System.Buffers.Binary;
using Pedigree.Checkpoints.Archives;
using Pedigree.Checkpoints.Storages;

namespace Pedigree.Checkpoints.Numpy;

/// <summary>A NumPy array, or a zip archive of them as numpy.savez and numpy.savez_compressed write it. Arrays of Python objects are refused.</summary>
internal sealed class NumpyFormat : ICheckpointFormat
{
    private const string ArrayExtension = ".npy";

    // Floating-point weights hardly pack at all; an archive that unpacks to much more than it holds is none of weights, or a trap.
    private const long UnpackedShare = 64;
    private const long AlwaysUnpacked = 16L << 20;
    private const long MostUnpacked = 2L << 30;

    private NumpyFormat()
    {
    }

    /// <summary>The format.</summary>
    public static NumpyFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "NumPy";

    /// <inheritdoc/>
    public IReadOnlyList<string> Extensions { get; } = [".npz", ArrayExtension];

    /// <inheritdoc/>
    public bool Recognises(ShardFile file, ReadOnlySpan<byte> start) =>
        NumpyHeader.Begins(start)
        || (ZipDirectory.Begins(start) && (file.Path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase) || FirstName(start).EndsWith(".npy"u8)));

    /// <inheritdoc/>
    public ITensorSource Open(CheckpointFiles checkpoint) => new StridedSource(checkpoint, [.. checkpoint.Files.SelectMany(Read)]);

    private static ReadOnlySpan<byte> FirstName(ReadOnlySpan<byte> start)
    {
        int length = start.Length >= 30 ? BinaryPrimitives.ReadUInt16LittleEndian(start[26..]) : 0;
        return length <= start.Length - 30 ? start.Slice(30, length) : [];
    }

    private static IReadOnlyList<StridedTensor> Read(ShardFile file)
    {
        var start = new byte[Math.Min(NumpyHeader.Longest, file.Length)];
        file.ReadDirectly(0, start);
        return NumpyHeader.Begins(start)
            ? [NumpyArray.Read("array", null, start, new FileStorage(file, 0, file.Length), skipped => new FileStorage(file, skipped, file.Length - skipped))]
            : ReadArchive(file);
    }

    private static List<StridedTensor> ReadArchive(ShardFile file)
    {
        var entries = ZipDirectory.Read(file).Values.Where(entry => entry.Name.EndsWith(ArrayExtension, StringComparison.Ordinal)).OrderBy(entry => entry.Offset).ToArray();
        if (entries.Length == 0)
        {
            throw NumpyFault.NoArrays(file.Path);
        }

        var budget = Math.Min(MostUnpacked, Math.Max(AlwaysUnpacked, UnpackedShare * file.Length));
        var tensors = new List<StridedTensor>();
        foreach (var entry in entries)
        {
            if (entry.IsDeflated && entry.Length > budget)
            {
                throw ZipFault.TooLarge(file.Path, entry.Name, entry.Length, budget);
            }

            budget -= entry.IsDeflated ? entry.Length : 0;
            tensors.Add(ReadEntry(file, entry));
        }

        return tensors;
    }

    private static StridedTensor ReadEntry(ShardFile file, ZipEntry entry)
    {
        var start = new byte[Math.Min(NumpyHeader.Longest, entry.Length)];
        ZipUnpacker.ReadStart(file, entry, start);
        Storage Data(int skipped) => entry.IsDeflated
            ? new PackedStorage(file, entry, skipped, entry.Length)
            : new FileStorage(file, entry.Offset + skipped, entry.Length - skipped);
        return NumpyArray.Read(entry.Name[..^ArrayExtension.Length], entry.Name, start, Data(0), Data);
    }
}
