using System.Text;
using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Checkpoints;

public sealed class CheckpointFolderTests : IDisposable
{
    private const string Index = "model.safetensors.index.json";
    private const string First = "model-00001-of-00002.safetensors";
    private const string Second = "model-00002-of-00002.safetensors";

    private readonly TemporaryFolder folder = new();

    /// <summary>Text of an index beside shards that hold tensors "a" and "b", and what the message must say.</summary>
    public static TheoryData<string, string> WrongIndexes => new()
    {
        { """{"weight_map":""", "not valid JSON" },
        { """{"weight_map":{}} x""", "not valid JSON" },
        { """[1]""", "no object 'weight_map'" },
        { """{"metadata":{}}""", "no object 'weight_map'" },
        { """{"weight_map":{}}""", "no object 'weight_map'" },
        { """{"weight_map":[]}""", "no object 'weight_map'" },
        { $$$"""{"weight_map":{"a":"{{{First}}}","b":"{{{Second}}}"},"weight_map":{"a":"{{{First}}}"}}""", "two entries 'weight_map'" },
        { $$$"""{"weight_map":{"a":"{{{First}}}","a":"{{{First}}}"}}""", "names tensor 'a' twice" },
        { """{"weight_map":{"a":1}}""", "gives tensor 'a' a shard that is not a string" },
        { """{"weight_map":{"\udc00":"x"}}""", "not valid Unicode" },
        { """{"weight_map":{"a":"../model.safetensors"}}""", "not a plain path inside the folder" },
        { """{"weight_map":{"a":"x/../../model.safetensors"}}""", "not a plain path inside the folder" },
        { """{"weight_map":{"a":"./model.safetensors"}}""", "not a plain path inside the folder" },
        { """{"weight_map":{"a":"/etc/passwd"}}""", "not a plain path inside the folder" },
        { """{"weight_map":{"a":"..\\model.safetensors"}}""", "not a plain path inside the folder" },
        { """{"weight_map":{"a":"C:\\model.safetensors"}}""", "not a plain path inside the folder" },
        { """{"weight_map":{"a":"C:model.safetensors"}}""", "not a plain path inside the folder" },
        { """{"weight_map":{"a":"x\u0000.safetensors"}}""", "not a plain path inside the folder" },
        { """{"weight_map":{"a":""}}""", "not a plain path inside the folder" },
        { """{"weight_map":{"a":"model-00003-of-00003.safetensors"}}""", "lacks the shard 'model-00003-of-00003.safetensors'" },
        { $$$"""{"weight_map":{"a":"{{{First}}}"}}""", "" },
        { $$$"""{"weight_map":{"a":"{{{First}}}","b":"{{{First}}}"}}""", "places tensor 'b' in the shard" },
        { $$$"""{"weight_map":{"a":"{{{First}}}","b":"{{{Second}}}","c":"{{{Second}}}"}}""", "places tensor 'c' in the shard" },
        { $$$"""{"weight_map":{"a":"{{{Second}}}","b":"{{{First}}}"}}""", "holds tensor 'a', which the index" },
        { $$$"""{"weight_map":{"c":"{{{First}}}","b":"{{{Second}}}"}}""", "holds tensor 'a', which the index" },
        { "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 23950\n", "Git LFS pointer" },
    };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(WrongIndexes))]
    public void A_wrong_index_is_refused_with_its_own_message(string index, string expected)
    {
        Samples.WriteOne(folder.Join(First), "a");
        Samples.WriteOne(folder.Join(Second), "b");
        folder.Write(Index, Encoding.UTF8.GetBytes(index));
        if (expected.Length == 0)
        {
            // An index may leave a whole shard out: then the shard is no part of the checkpoint.
            using var source = Checkpoint.Open(folder.Path);
            Assert.Single(source.Tensors);
            return;
        }

        var fault = Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_may_lie_in_a_folder_below()
    {
        Directory.CreateDirectory(folder.Join("parts"));
        Samples.WriteOne(folder.Join("parts/one.safetensors"), "a");
        folder.Write(Index, """{"weight_map":{"a":"parts/one.safetensors"}}"""u8);

        using var source = Checkpoint.Open(folder.Path);

        Assert.Single(source.Tensors);
    }

    [Fact]
    public void A_missing_path_is_said_to_be_missing() => AssertRefused(folder.Join("nothing"), "There is no file or folder at");

    [Fact]
    public void An_empty_folder_is_said_to_be_empty() => AssertRefused(folder.Path, "is empty");

    [Fact]
    public void A_folder_without_weights_is_said_to_have_none()
    {
        folder.Write("config.json", "{}"u8);
        AssertRefused(folder.Path, "holds no file of weights");
    }

    [Fact]
    public void An_empty_file_is_said_to_be_empty() => AssertRefused(folder.Write("model.safetensors", []), "is empty");

    [Fact]
    public void A_folder_named_like_a_file_of_weights_is_not_taken_for_one()
    {
        Directory.CreateDirectory(folder.Join("model.safetensors"));
        AssertRefused(folder.Path, "is a folder where a file of weights was expected");
    }

    [Fact]
    public void A_device_is_refused_before_it_is_opened()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "This system has no /dev/zero.");
        AssertRefused("/dev/zero", "is empty");
        File.CreateSymbolicLink(folder.Join("model.safetensors"), "/dev/zero");
        AssertRefused(folder.Path, "is empty");
    }

    [Fact]
    public void A_link_is_followed_as_download_caches_need()
    {
        Samples.WriteOne(folder.Join("blob"), "w");
        File.CreateSymbolicLink(folder.Join("model.safetensors"), "blob");

        using var source = Checkpoint.Open(folder.Path);

        Assert.Single(source.Tensors);
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_refused()
    {
        File.CreateSymbolicLink(folder.Join("model.safetensors"), "gone");
        Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Path));
        Assert.Throws<CheckpointException>(() => Checkpoint.Open(folder.Join("model.safetensors")));
    }

    [Fact]
    public void Counted_shards_must_all_be_there()
    {
        Samples.WriteOne(folder.Join("model-00001-of-00003.safetensors"), "a");
        Samples.WriteOne(folder.Join("model-00003-of-00003.safetensors"), "b");
        AssertRefused(folder.Path, "lacks the shard 'model-00002-of-00003.safetensors'");
    }

    [Fact]
    public void A_single_counted_shard_is_not_taken_for_the_whole()
    {
        Samples.WriteOne(folder.Join(Second), "a");
        AssertRefused(folder.Path, $"lacks the shard '{First}'");
    }

    [Fact]
    public void A_huge_count_of_shards_ends_at_the_first_that_is_missing()
    {
        Samples.WriteOne(folder.Join("model-00001-of-99999.safetensors"), "a");
        AssertRefused(folder.Path, "lacks the shard 'model-00002-of-99999.safetensors'");
    }

    [Theory]
    [InlineData("a.safetensors", "b.safetensors")]
    [InlineData(First, "extra.safetensors")]
    [InlineData(First, "model-00001-of-00003.safetensors")]
    [InlineData("one.safetensors.index.json", "two.safetensors.index.json")]
    public void A_choice_is_left_to_the_user(string one, string other)
    {
        Samples.WriteOne(folder.Join(one), "a");
        Samples.WriteOne(folder.Join(other), "b");
        AssertRefused(folder.Path, "several files that could be meant");
    }

    [Fact]
    public void One_tensor_in_two_shards_is_refused()
    {
        Samples.WriteOne(folder.Join(First), "a");
        Samples.WriteOne(folder.Join(Second), "a");
        AssertRefused(folder.Path, "'a' lies in two shards");
    }

    [Fact]
    public void Side_files_beyond_their_limit_are_left_out()
    {
        Samples.WriteOne(folder.Join("model.safetensors"), "a");
        folder.Write("config.json", new byte[(4 << 20) + 1]);
        folder.Write("vocab.json", new byte[4 << 20]);
        folder.Write("tokenizer.json", new byte[(4 << 20) + 1]);
        folder.Write("merges.txt", []);
        using (var stream = File.Create(folder.Join("README.md")))
        {
            stream.SetLength(1L << 40);
        }

        using var source = Checkpoint.Open(folder.Join("model.safetensors"));

        Assert.Equal(["tokenizer.json", "vocab.json"], source.SideFiles.Keys.Order(StringComparer.Ordinal));
    }

    private static void AssertRefused(string path, string expected)
    {
        var fault = Assert.Throws<CheckpointException>(() => Checkpoint.Open(path));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", fault.Message, StringComparison.Ordinal);
    }
}
