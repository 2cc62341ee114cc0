using Pedigree.Checkpoints;
using Xunit;

namespace Pedigree.Tests.Checkpoints;

/// <summary>Trained models, where they have been put beside the repository.</summary>
public class RealCheckpointTests
{
    [Theory]
    [InlineData("zoo")]
    [InlineData("data/models")]
    public void Every_trained_model_opens_and_holds_finite_weights(string name)
    {
        var folder = SharedData.Find(name);
        Assert.SkipWhen(folder is null, $"There is no folder ../shared/{name} beside the repository.");
        var files = Directory.GetFiles(folder!, "*.safetensors", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var usual = Path.GetFileName(file) is "model.safetensors";
            using var source = Checkpoint.Open(usual ? Path.GetDirectoryName(file)! : file);
            Assert.NotEmpty(source.Tensors);
            foreach (var tensor in source.Tensors)
            {
                var bytes = new byte[tensor.Length];
                var values = new float[tensor.Count];
                source.Read(tensor, 0, bytes);
                ElementDecoder.Decode(tensor.Type, bytes, values);
                Assert.True(!tensor.Type.IsFloating() || Array.TrueForAll(values, float.IsFinite), $"{file}: {tensor.Name}");
            }

            Assert.Equal(source.TotalBytes, source.BytesRead);
        }
    }
}
