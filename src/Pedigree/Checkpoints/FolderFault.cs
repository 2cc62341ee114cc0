using static Pedigree.Checkpoints.Quotation;

namespace Pedigree.Checkpoints;

/// <summary>One method for each way in which a folder or an index of shards can be wrong.</summary>
internal static class FolderFault
{
    private const string DownloadAll = "Download the whole folder again, with all files that its publisher lists.";

    public static CheckpointException Empty(string folder) =>
        new($"The folder {OfPath(folder)} is empty.", folder, hint: DownloadAll);

    public static CheckpointException NoWeights(string folder) =>
        new($"The folder {OfPath(folder)} holds no file of weights.", folder, hint: "Give the folder that holds model.safetensors or its shards, or the file itself.");

    public static CheckpointException CannotList(string folder, Exception cause) =>
        new($"The folder {OfPath(folder)} cannot be listed: {cause.Message}", folder, inner: cause);

    public static CheckpointException Ambiguous(string folder, IReadOnlyList<string> names) =>
        new(
            $"The folder {OfPath(folder)} holds several files that could be meant: {string.Join(", ", names.Take(6).Select(Of))}{(names.Count > 6 ? " and more" : "")}.",
            folder,
            hint: "Give the path of the one file that you mean.");

    public static CheckpointException MixedFormats(string file, string format, string other, string otherFormat) =>
        new(
            $"The checkpoint mixes formats: {OfPath(file)} is {format} and {OfPath(other)} is {otherFormat}.",
            other,
            hint: "Give the path of the one file that you mean.");

    public static CheckpointException ShardAbsent(string folder, string shard) =>
        new($"The folder {OfPath(folder)} lacks the shard {Of(shard)}.", folder, hint: DownloadAll);

    public static CheckpointException TensorInTwoShards(string shard, string tensor, string other) =>
        new($"The tensor {Of(tensor)} lies in two shards, {OfPath(other)} and {OfPath(shard)}.", shard, tensor, "Keep only the shards of one checkpoint in the folder.");

    public static CheckpointException IndexTooLong(string index, long length) =>
        new($"The index {OfPath(index)} has {OfBytes(length)}, more than an index of shards needs.", index);

    public static CheckpointException IndexNotJson(string index, long position) =>
        new($"The index {OfPath(index)} is not valid JSON near byte {position}.", index, hint: DownloadAll);

    public static CheckpointException IndexWithoutMap(string index) =>
        new($"The index {OfPath(index)} has no object 'weight_map' from tensor names to file names.", index, hint: DownloadAll);

    public static CheckpointException IndexMapTwice(string index) =>
        new($"The index {OfPath(index)} has two entries 'weight_map'.", index, hint: DownloadAll);

    public static CheckpointException IndexNameTwice(string index, string tensor) =>
        new($"The index {OfPath(index)} names tensor {Of(tensor)} twice.", index, tensor, DownloadAll);

    public static CheckpointException IndexShardNotText(string index, string tensor) =>
        new($"The index {OfPath(index)} gives tensor {Of(tensor)} a shard that is not a string.", index, tensor, DownloadAll);

    public static CheckpointException IndexTextNotUnicode(string index) =>
        new($"The index {OfPath(index)} contains text that is not valid Unicode.", index, hint: DownloadAll);

    public static CheckpointException IndexLeavesFolder(string index, string shard) =>
        new(
            $"The index {OfPath(index)} names the shard {Of(shard)}, which is not a plain path inside the folder.",
            index,
            hint: "An index must not point outside its folder; do not trust this download.");

    public static CheckpointException TensorNotInIndex(string shard, string tensor, string index) =>
        new($"The shard {OfPath(shard)} holds tensor {Of(tensor)}, which the index {OfPath(index)} does not place there.", shard, tensor, DownloadAll);

    public static CheckpointException TensorNotInShard(string shard, string tensor, string index) =>
        new($"The index {OfPath(index)} places tensor {Of(tensor)} in the shard {OfPath(shard)}, which does not hold it.", shard, tensor, DownloadAll);
}
