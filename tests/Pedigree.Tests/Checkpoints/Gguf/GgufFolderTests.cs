using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Checkpoints.Gguf;

public sealed class GgufFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("m-00001-of-00002.gguf")]
    [InlineData("m-00002-of-00002.gguf")]
    public void The_folder_and_every_part_open_the_whole(string opened)
    {
        Part("m-00001-of-00002.gguf", "b", 0, 2);
        Part("m-00002-of-00002.gguf", "a", 1, 2);
        if (opened.Length > 0)
        {
            Part("other.gguf", "c", 0, 1);
        }

        using var source = Checkpoint.Open(folder.Join(opened));

        Assert.Equal(["a", "b"], source.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([1, 0], source.Tensors.Select(tensor => tensor.Shard));
    }

    [Fact]
    public void A_missing_part_is_named()
    {
        Part("m-00001-of-00003.gguf", "b", 0, 3);
        Part("m-00003-of-00003.gguf", "a", 2, 3);

        AssertRefused(folder.Join("m-00001-of-00003.gguf"), "lacks the shard 'm-00002-of-00003.gguf'");
    }

    [Fact]
    public void Parts_that_count_otherwise_than_their_names_are_refused()
    {
        Part("m-00001-of-00002.gguf", "b", 1, 2);
        Part("m-00002-of-00002.gguf", "a", 0, 2);

        AssertRefused(folder.Path, "says that it is part 2 of 2 of its model where part 1 of 2 was expected");
    }

    [Fact]
    public void A_part_under_another_name_is_opened_with_a_finding()
    {
        Part("renamed.gguf", "b", 0, 2);

        using var source = Checkpoint.Open(folder.Path);

        Assert.Contains(source.Findings, finding => finding.Id is "one-part-of-several");
    }

    [Fact]
    public void Several_encodings_of_one_model_are_a_choice_for_the_user()
    {
        Part("m-Q4_K_M.gguf", "a", 0, 1);
        Part("m-Q8_0.gguf", "a", 0, 1);

        AssertRefused(folder.Path, "'m-Q4_K_M.gguf', 'm-Q8_0.gguf'");
    }

    [Fact]
    public void Safetensors_come_first_in_a_folder()
    {
        Part("m.gguf", "a", 0, 1);
        Samples.WriteOne(folder.Join("model.safetensors"), "s");

        using var source = Checkpoint.Open(folder.Path);

        Assert.Equal(["s"], source.Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public void Content_decides_the_format_of_a_named_file()
    {
        File.WriteAllBytes(folder.Join("model.safetensors"), new GgufFile().Tensor("w", 0, [8], new byte[32]).ToArray());

        using var source = Checkpoint.Open(folder.Path);

        Assert.Equal(["w"], source.Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public void Parts_of_two_formats_are_refused()
    {
        Part("m-00001-of-00002.gguf", "b", 0, 2);
        Samples.WriteOne(folder.Join("m-00002-of-00002.gguf"), "s");

        AssertRefused(folder.Path, "mixes formats");
    }

    private void Part(string name, string tensor, uint number, uint count) =>
        folder.Write(name, new GgufFile().Number("split.no", number).Number("split.count", count).Tensor(tensor, 0, [8], new byte[32]).ToArray());

    private static void AssertRefused(string path, string expected) =>
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => Checkpoint.Open(path)).Message, StringComparison.Ordinal);
}
