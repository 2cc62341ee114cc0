using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Pedigree.Checkpoints;

/// <summary>Names files that no format recognises, by their first bytes; the name only decides where the bytes leave a choice.</summary>
internal static class ForeignFile
{
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>Whether a name ends as files of weights in other formats do.</summary>
    public static bool HasKnownExtension(string name) => EndsIn(
        name, ".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".ggml", ".onnx", ".npz", ".npy", ".h5", ".hdf5", ".keras", ".msgpack", ".tflite");

    /// <summary>The fault if the file is a Git LFS pointer, or null.</summary>
    public static CheckpointException? PointerFault(ShardFile file)
    {
        var start = new byte[Math.Min(CheckpointFormats.Glance, file.Length)];
        file.ReadDirectly(0, start);
        return PointerFault(file.Path, start);
    }

    /// <summary>The fault that names the file's kind, or null if its name claims that it is safetensors, which then says what is wrong.</summary>
    /// <param name="path">The file.</param>
    /// <param name="start">Its first <see cref="CheckpointFormats.Glance"/> bytes, in which no format was recognised.</param>
    public static CheckpointException? Fault(string path, ReadOnlySpan<byte> start) =>
        FaultOfMagic(path, start) ?? FaultOfText(path, start) ?? FaultOfName(path);

    /// <summary>The fault if a file with these first bytes is a Git LFS pointer, or null.</summary>
    public static CheckpointException? PointerFault(string path, ReadOnlySpan<byte> start)
    {
        if (!start.StartsWith("version https://git-lfs.github.com/spec/"u8) && !start.StartsWith("version https://hawser.github.com/spec/"u8))
        {
            return null;
        }

        ulong? size = null;
        string? digest = null;
        foreach (var range in start.Split((byte)'\n'))
        {
            var line = start[range].TrimEnd((byte)'\r');
            if (line.StartsWith("size "u8) && Utf8Parser.TryParse(line[5..], out ulong bytes, out var used) && used == line.Length - 5)
            {
                size = bytes;
            }
            else if (line.StartsWith("oid sha256:"u8) && line.Length == 75 && !line[11..].ContainsAnyExcept(HexDigits))
            {
                digest = Encoding.ASCII.GetString(line[4..]);
            }
        }

        return ForeignFault.Pointer(path, size, digest);
    }

    // Sources: ggml.h of ggml for its old magics; the HDF5 file format specification; RFC 1952; RFC 8878; 7zFormat.txt of 7-Zip.
    private static CheckpointException? FaultOfMagic(string path, ReadOnlySpan<byte> start) => start switch
    {
        [(byte)'l', (byte)'m', (byte)'g', (byte)'g', ..] or [(byte)'t', (byte)'j', (byte)'g', (byte)'g', ..] or [(byte)'f', (byte)'m', (byte)'g', (byte)'g', ..] => ForeignFault.Ggml(path),
        [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ForeignFault.Hdf5(path),
        [0x1F, 0x8B, 8, ..] => ForeignFault.Packed(path, "gzip"),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => ForeignFault.Packed(path, "Zstandard"),
        [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => ForeignFault.Packed(path, "7-Zip"),
        _ => null,
    };

    private static CheckpointException? FaultOfText(string path, ReadOnlySpan<byte> start)
    {
        if (!IsText(start))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(start).Trim('\uFEFF', ' ', '\t', '\r', '\n');
        return text switch
        {
            _ when text.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) => ForeignFault.WebPage(path),
            ['{', ..] or ['[', ..] => ForeignFault.Json(path),
            _ when start.Length < CheckpointFormats.Glance && !text.AsSpan().ContainsAny(" \t\r\n") && text.AsSpan().ContainsAny('/', '\\') => ForeignFault.PathName(path),
            _ => ForeignFault.Text(path),
        };
    }

    // A name without extension may be a download cache's; it is judged as safetensors, like a name that claims to be that.
    private static CheckpointException? FaultOfName(string path) => path switch
    {
        _ when EndsIn(path, ".safetensors") || !Path.HasExtension(path) => null,
        _ => ForeignFault.Unknown(path),
    };

    private static bool IsText(ReadOnlySpan<byte> start)
    {
        foreach (var value in start)
        {
            if (value is 0x7F or (< 0x20 and not ((byte)'\t' or (byte)'\r' or (byte)'\n')))
            {
                return false;
            }
        }

        // A full glance may have cut the last character.
        for (var cut = 0; cut < (start.Length == CheckpointFormats.Glance ? 4 : 1); cut++)
        {
            if (Utf8.IsValid(start[..^cut]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool EndsIn(string path, params ReadOnlySpan<string> extensions)
    {
        foreach (var extension in extensions)
        {
            if (path.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
