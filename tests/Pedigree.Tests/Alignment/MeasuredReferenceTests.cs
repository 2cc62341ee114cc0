using Pedigree.Alignment;
using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Storage;
using Xunit;

namespace Pedigree.Tests.Alignment;

public sealed class MeasuredReferenceTests
{
    // Searches ask from many threads at once, and each answer is measured on several threads itself.
    [Fact]
    public void What_is_kept_is_what_would_be_measured_again()
    {
        var seed = PlantedUnits.FreshSeed();
        var model = RandomDecoder.Create(RandomDecoder.DrawShape(seed, 64, 4, 64), seed);
        using var source = ModelFiles.ToSource(model);
        var folded = Folding.Of(source);
        var token = TestContext.Current.CancellationToken;
        var (_, input) = AlignedPair.Read(folded, folded, null, AlignmentReading.Within(folded, folded, long.MaxValue / 4)!, seed, 2, token);
        var measured = new MeasuredReference(input, 4, token);
        string[] kinds = [.. measured.Directions(0, 32).Keys];
        var answers = new NeuronInvariants[64];
        Parallel.For(0, answers.Length, i => answers[i] = measured.Neurons(i % 2, 32, i % 4 < 2 ? kinds : kinds[1..]));
        for (var i = 0; i < answers.Length; i++)
        {
            Assert.Same(answers[i % 4], answers[i]);
        }

        for (var i = 0; i < 4; i++)
        {
            var fresh = new MeasuredReference(input, 1, token).Neurons(i % 2, 32, i < 2 ? kinds : kinds[1..]);
            Assert.Equal((fresh.Places, fresh.Fixed, fresh.Mixed), (answers[i].Places, answers[i].Fixed, answers[i].Mixed), (one, two) =>
                one.Places.SequenceEqual(two.Places) && one.Fixed.SequenceEqual(two.Fixed) && one.Mixed.SequenceEqual(two.Mixed));
            Assert.NotEqual(answers[i].Fixed, answers[(i + 1) % 4].Fixed);
        }
    }
}
