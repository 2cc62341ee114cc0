using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Pedigree.Checkpoints;

/// <summary>A file of weights, held open so that a file put under the same name later is not mistaken for it. Mapped into memory on the first read of tensor data. Safe to use from several threads.</summary>
internal sealed class ShardFile : IDisposable
{
    private readonly SafeFileHandle handle;
    private readonly Lock mapping = new();
    private MemoryMappedFile? map;
    private MemoryMappedViewAccessor? view;
    private volatile bool prepared;
    private bool disposed;

    private ShardFile(string path, SafeFileHandle handle, long length, ReadMode mode)
    {
        Path = path;
        this.handle = handle;
        Length = length;
        Mode = mode;
    }

    /// <summary>The path that was opened.</summary>
    public string Path { get; }

    /// <summary>Bytes in the file when it was opened.</summary>
    public long Length { get; }

    /// <summary>How its bytes are fetched.</summary>
    public ReadMode Mode { get; }

    /// <summary>Opens a file; reads nothing.</summary>
    /// <exception cref="CheckpointException">The path is missing, a folder, empty or not readable.</exception>
    public static ShardFile Open(string path, ReadMode mode)
    {
        SafeFileHandle? opened = null;
        try
        {
            // Devices and pipes report no length. They are refused before they are opened, because opening a pipe would wait for a writer.
            var target = new FileInfo(path);
            target = target.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? target;
            if (Directory.Exists(path))
            {
                throw FileFault.IsFolder(path);
            }

            if (!target.Exists)
            {
                throw FileFault.Missing(path);
            }

            if (target.Length == 0)
            {
                throw FileFault.Empty(path);
            }

            opened = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            var shard = new ShardFile(path, opened, RandomAccess.GetLength(opened), mode);
            opened = null;
            return shard;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw FileFault.CannotOpen(path, cause);
        }
        finally
        {
            opened?.Dispose();
        }
    }

    /// <summary>Copies bytes without a memory map.</summary>
    /// <param name="offset">First byte, from the beginning of the file.</param>
    /// <param name="destination">Receives exactly its length of bytes.</param>
    /// <param name="tensor">The tensor concerned, for messages.</param>
    /// <exception cref="CheckpointException">The file ends before or cannot be read.</exception>
    public void ReadDirectly(long offset, Span<byte> destination, string? tensor = null)
    {
        try
        {
            while (!destination.IsEmpty)
            {
                var read = RandomAccess.Read(handle, destination, offset);
                if (read == 0)
                {
                    throw FileFault.Changed(Path, Length, RandomAccess.GetLength(handle), tensor);
                }

                offset += read;
                destination = destination[read..];
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FileFault.CannotRead(Path, cause, tensor);
        }
    }

    /// <summary>Copies bytes by the chosen mode, after a check that the file still has the length it was opened with.</summary>
    /// <param name="offset">First byte, from the beginning of the file; with destination inside the file.</param>
    /// <param name="destination">Receives exactly its length of bytes.</param>
    /// <param name="tensor">The tensor concerned, for messages.</param>
    /// <exception cref="CheckpointException">The file changed or cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The checkpoint was closed.</exception>
    public void Read(long offset, Span<byte> destination, string tensor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - destination.Length);

        // Touching a mapped page past the end of a shortened file would end the process, so the length is asked for each time.
        long now;
        try
        {
            now = RandomAccess.GetLength(handle);
        }
        catch (IOException cause)
        {
            throw FileFault.CannotRead(Path, cause, tensor);
        }

        if (now != Length)
        {
            throw FileFault.Changed(Path, Length, now, tensor);
        }

        Prepare();
        if (view is null)
        {
            ReadDirectly(offset, destination, tensor);
        }
        else
        {
            CopyMapped(view, offset, destination);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (mapping)
        {
            disposed = true;
            view?.Dispose();
            map?.Dispose();
            handle.Dispose();
        }
    }

    private void Prepare()
    {
        if (prepared)
        {
            return;
        }

        lock (mapping)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (!prepared && Mode != ReadMode.Stream)
            {
                Map();
            }

            prepared = true;
        }
    }

    private void Map()
    {
        try
        {
            map = MemoryMappedFile.CreateFromFile(handle, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            view = map.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or NotSupportedException or OutOfMemoryException or ArgumentException)
        {
            map?.Dispose();
            map = null;
            if (Mode == ReadMode.MemoryMap)
            {
                throw FileFault.CannotMap(Path, cause);
            }
        }
    }

    private static unsafe void CopyMapped(MemoryMappedViewAccessor view, long offset, Span<byte> destination)
    {
        // Acquiring counts a reference, so that closing the checkpoint on another thread cannot unmap the bytes under this copy.
        byte* start = null;
        try
        {
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            new ReadOnlySpan<byte>(start + view.PointerOffset + offset, destination.Length).CopyTo(destination);
        }
        finally
        {
            if (start is not null)
            {
                view.SafeMemoryMappedViewHandle.ReleasePointer();
            }
        }
    }
}
