namespace Pedigree.Checkpoints;

/// <summary>A kind of file that holds tensors, and how it is opened. A format is added to the program by one line in <see cref="CheckpointFormats"/>.</summary>
internal interface ICheckpointFormat
{
    /// <summary>The format's name, for messages.</summary>
    string Name { get; }

    /// <summary>How names of its files end, each with its dot. An index of shards has <c>.index.json</c> after that.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>The file that is meant where a folder holds several, or null.</summary>
    string? UsualName => null;

    /// <summary>Whether the path of one counted part (<c>-00001-of-00003</c>) stands for all parts.</summary>
    bool OnePartOpensAll => false;

    /// <summary>Whether a file is in this format, by its first bytes; its name may only decide where the bytes leave a choice.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="start">Its first <see cref="CheckpointFormats.Glance"/> bytes, or all of them.</param>
    bool Recognises(ShardFile file, ReadOnlySpan<byte> start);

    /// <summary>Reads and checks what describes the tensors; leaves their data alone.</summary>
    /// <param name="checkpoint">The files, all of this format. The source that is returned disposes them; where this method throws, the caller does.</param>
    /// <exception cref="CheckpointException">A file is not what the format asks.</exception>
    ITensorSource Open(CheckpointFiles checkpoint);
}
