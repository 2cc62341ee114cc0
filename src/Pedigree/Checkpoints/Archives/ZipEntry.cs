namespace Pedigree.Checkpoints.Archives;

/// <summary>A file inside a zip archive, after its two headers have been compared and its place checked against the archive.</summary>
/// <param name="Name">Its name: a label, never used as a path.</param>
/// <param name="IsDeflated">Whether it is packed; otherwise its bytes lie in the archive as they are.</param>
/// <param name="Checksum">CRC-32 of the unpacked bytes, as the archive states it.</param>
/// <param name="PackedLength">Bytes that it occupies.</param>
/// <param name="Length">Bytes that it unpacks to, as the archive states it.</param>
/// <param name="HeaderOffset">Position of its own header.</param>
/// <param name="Offset">Position of its first byte.</param>
internal sealed record ZipEntry(string Name, bool IsDeflated, uint Checksum, long PackedLength, long Length, long HeaderOffset, long Offset)
{
    /// <summary>Position after its last byte.</summary>
    public long End => Offset + PackedLength;
}
