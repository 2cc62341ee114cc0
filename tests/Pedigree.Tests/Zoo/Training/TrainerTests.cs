using Pedigree.Tests.Evidence.Exact;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Text;
using Pedigree.Zoo.Training;
using Xunit;

namespace Pedigree.Tests.Zoo.Training;

public sealed class TrainerTests
{
    private static readonly TrainingPlan s_plan = new() { Corpus = "A", Steps = 12, Sequences = 64, Length = 16, Batch = 8, LearningRate = 1e-2 };

    [Fact]
    public void EveryShapeLearnsAndThreadsDoNotMatter()
    {
        var seed = PlantedUnits.FreshSeed();
        foreach (var shape in FreshShapes.All(seed))
        {
            var start = Start(shape, seed);
            var alone = Run(start, s_plan, threads: 1);
            var together = Run(start, s_plan, threads: 4);
            Assert.All(alone.Model.Tensors, tensor => Assert.Equal(tensor.Value.Values, together.Model[tensor.Key].Values));
            // Guessing costs ln 613 = 6.4 nats; twelve steps learn which words are frequent.
            Assert.InRange(alone.FirstLoss, 5.5, 7.5);
            Assert.True(alone.LastLoss < alone.FirstLoss - 0.2, $"{shape}: {alone.FirstLoss:f3} to {alone.LastLoss:f3}");
        }
    }

    [Fact]
    public void SeedsOfStartAndOrderMatterEachByItself()
    {
        var seed = PlantedUnits.FreshSeed();
        var shape = FreshShapes.All(seed)[0];
        var start = Start(shape, seed);
        var first = Run(start, s_plan).Model;
        Assert.NotEqual(first[Slot.Embedding].Values, Run(start, s_plan with { OrderSeed = 1 }).Model[Slot.Embedding].Values);
        Assert.NotEqual(first[Slot.Embedding].Values, Run(start, s_plan with { Corpus = "B" }).Model[Slot.Embedding].Values);
        Assert.NotEqual(first[Slot.Embedding].Values, Run(Start(shape, seed + 1), s_plan).Model[Slot.Embedding].Values);
    }

    [Fact]
    public void FrozenTensorsStay()
    {
        var seed = PlantedUnits.FreshSeed();
        var start = Start(FreshShapes.All(seed)[1], seed);
        var trained = Run(start, s_plan with { Frozen = ["layers.0.", Slot.Embedding] }).Model;
        Assert.All(start.Tensors, tensor =>
        {
            var isFrozen = tensor.Key.StartsWith("layers.0.", StringComparison.Ordinal) || tensor.Key == Slot.Embedding;
            Assert.Equal(isFrozen, tensor.Value.Values.SequenceEqual(trained[tensor.Key].Values));
        });
    }

    [Fact]
    public void AStudentComesToPredictWhatItsTeacherPredicts()
    {
        var seed = PlantedUnits.FreshSeed();
        var shape = FreshShapes.All(seed)[0];
        var teacher = Run(Start(shape, seed), s_plan with { Steps = 60 }).Model;
        var plan = s_plan with { Steps = 60 };
        var student = Run(Start(shape, seed + 1), plan, teacher).Model;
        Assert.True(Distance(teacher, student) < 0.8 * Distance(teacher, Start(shape, seed + 1)));
    }

    private static TrainingResult Run(DecoderModel start, TrainingPlan plan, DecoderModel? teacher = null, int threads = 1) =>
        Trainer.Train(start, plan, teacher, threads, cancellation: TestContext.Current.CancellationToken);

    private static DecoderModel Start(DecoderShape shape, ulong seed) =>
        FreshDecoder.Create(shape with { Vocabulary = Lexicon.Tokens.Count, Context = s_plan.Length }, seed, Lexicon.Tokens);

    // Mean total variation between next-token distributions on text.
    private static double Distance(DecoderModel left, DecoderModel right)
    {
        var tokens = Corpus.Create("A", 1, s_plan.Length)[0].ToArray();
        var rows = DecoderForward.Logits(left, tokens).Zip(DecoderForward.Logits(right, tokens));
        return rows.Average(pair => Shares(pair.First).Zip(Shares(pair.Second)).Sum(shares => Math.Abs(shares.First - shares.Second)) / 2);
    }

    private static double[] Shares(double[] logits)
    {
        var powers = logits.Select(logit => Math.Exp(logit - logits.Max())).ToArray();
        return [.. powers.Select(power => power / powers.Sum())];
    }
}
