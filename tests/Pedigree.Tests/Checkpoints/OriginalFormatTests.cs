using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Checkpoints;

/// <summary>Trained models in the formats that their makers chose, against plain copies of them.</summary>
public class OriginalFormatTests
{
    private const string Names = "data/models";

    /// <summary>The originals that have a copy in safetensors beside them.</summary>
    public static TheoryData<string> Originals =>
    [
        "own_gpt/own_gpt_pretrained.pt", "own_gpt/own_gpt_finetuned.pt", "makemore/eddy_anime.pt", "makemore/eddy_names.pt", "makemore/esmail.pt", "makemore/jayesh_indian.pt",
        "makemore/lmj9.pt", "makemore/manal.pt", "makemore/michal_names.pt", "makemore/michal_out.pt", "makemore/vkerem0_turkish.pt", "slm4096/kunal_ckpt.pt",
        "nanoebm/sdan_tiny_gpt.pt", "nanoebm/sdan_tiny_ebm.pt", "llama2c/stories260K.bin", "llama2xs/llama2xs_model.bin", "rwkv/tiny-rwkv-4v0-660K-FP32.bin",
        "rwkv/tiny-rwkv-5v1-730K-FP32.bin", "rwkv/tiny-rwkv-5v2-730K-FP32.bin", "rwkv/tiny-rwkv-5v1-730K-FP16.bin", "rwkv/tiny-rwkv-5v1-730K-Q5_0.bin", "rwkv/tiny-rwkv-5v1-730K-Q5_1.bin",
    ];

    [Theory]
    [MemberData(nameof(Originals))]
    public void An_original_holds_the_tensors_of_its_copy(string name)
    {
        var folder = SharedData.Find(Names);
        Assert.SkipWhen(folder is null, $"There is no folder ../shared/{Names} beside the repository.");
        using var original = Checkpoint.Open(Path.Combine(folder!, name));
        using var copy = Checkpoint.Open(Path.Combine(folder!, Path.ChangeExtension(name, File.Exists(Path.Combine(folder!, Path.ChangeExtension(name, ".gguf"))) ? ".gguf" : ".safetensors")));

        // The copies of nanoebm kept the name of the key that their weights lie under.
        var prefix = name.StartsWith("nanoebm", StringComparison.Ordinal) ? "model." : "";
        Assert.Equal(copy.Tensors.Select(tensor => (tensor.Name[prefix.Length..], tensor.Type)), original.Tensors.Select(tensor => (tensor.Name, tensor.Type)));
        foreach (var (mine, theirs) in original.Tensors.Zip(copy.Tensors))
        {
            Assert.Equal(theirs.Shape, mine.Shape);
            Assert.Equal(Bytes(copy, theirs), Bytes(original, mine));
        }
    }

    private static byte[] Bytes(ITensorSource source, StoredTensor tensor)
    {
        var bytes = new byte[tensor.Length];
        source.Read(tensor, 0, bytes);
        return bytes;
    }
}
