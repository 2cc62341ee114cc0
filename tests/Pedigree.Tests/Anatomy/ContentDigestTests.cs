using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Tests.Checkpoints;
using Pedigree.Tests.Checkpoints.Gguf;
using Xunit;

namespace Pedigree.Tests.Anatomy;

public sealed class ContentDigestTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Exact_encodings_have_the_digests_of_the_original_and_others_have_not()
    {
        var original = Digest(SampleModel.Path("A1"));
        var number = 0;
        foreach (var encoding in EncodedCopies.Exact)
        {
            var copy = Digest(EncodedCopies.Write(SampleModel.Path("A1"), encoding, folder.Join($"{number++}")));
            Assert.Equal(original.Tensors.Select(tensor => (tensor.Label, tensor.Sha256)), copy.Tensors.Select(tensor => (tensor.Label, tensor.Sha256)));
            Assert.Equal(original.Model, copy.Model);
        }

        var lossy = EncodedCopies.Lossy.Select(encoding => Digest(EncodedCopies.Write(SampleModel.Path("A1"), encoding, folder.Join($"{number++}"))).Model).ToArray();
        Assert.DoesNotContain(original.Model, lossy);

        // Binary16 is binary16 in either container; quantised values differ from it and from each other.
        Assert.Equal(lossy[0], lossy[1]);
        Assert.Equal(4, lossy.Distinct(StringComparer.Ordinal).Count());
        Assert.NotEqual(original.Model, Digest(SampleModel.Path("ft")).Model);
    }

    [Fact]
    public void Digests_do_not_depend_on_threads_and_notice_one_bit()
    {
        var original = Digest(SampleModel.Path("A1"), 1);
        Assert.Equal(original.Tensors, Digest(SampleModel.Path("A1"), 4).Tensors);

        File.Copy(Path.Combine(SampleModel.Path("A1"), "model.safetensors"), folder.Join("model.safetensors"));
        using (var source = Checkpoint.Open(folder.Path))
        {
            var tensor = source.Tensors.Single(tensor => tensor.Name is "model.layers.2.mlp.up_proj.weight");
            using var file = File.Open(folder.Join("model.safetensors"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            file.Position = tensor.Offset + 1000;
            var value = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(value ^ 1));
        }

        var changed = Digest(folder.Path);

        Assert.NotEqual(original.Model, changed.Model);
        Assert.Equal(["layer 2 Up"], original.Tensors.Zip(changed.Tensors).Where(pair => pair.First != pair.Second).Select(pair => pair.First.Label));
    }

    [Fact]
    public void Fusing_and_transposing_leave_the_digest_of_a_part_alone()
    {
        var zoo = SharedData.Find("zoo");
        Assert.SkipWhen(zoo is null, "There is no folder ../shared/zoo beside the repository.");

        Assert.Equal(Digest(Path.Combine(zoo!, "ft")).Model, Digest(Path.Combine(zoo, "fused")).Model);
    }

    [Fact]
    public void Values_that_are_not_finite_are_counted_and_all_nans_are_one()
    {
        var (one, other) = (BitConverter.Int32BitsToSingle(0x7FC00001), BitConverter.Int32BitsToSingle(unchecked((int)0xFFC12345)));
        SafetensorsWriter.Write(folder.Join("one.safetensors"), [("w", ElementType.F32, [2, 2], TestQuantiser.ElementBytes(ElementType.F32, [1, one, float.PositiveInfinity, 2]))]);
        SafetensorsWriter.Write(folder.Join("two.safetensors"), [("w", ElementType.F32, [2, 2], TestQuantiser.ElementBytes(ElementType.F32, [1, other, float.PositiveInfinity, 2]))]);

        var (first, second) = (Digest(folder.Join("one.safetensors")), Digest(folder.Join("two.safetensors")));

        Assert.Equal(first.Model, second.Model);
        Assert.Equal(2, Assert.Single(first.Tensors).NotFinite);
    }

    private static ContentDigest Digest(string path, int threads = 2)
    {
        using var source = Checkpoint.Open(path);
        return ContentDigest.Compute(source, AnatomyReader.Read(source), threads, TestContext.Current.CancellationToken);
    }
}
