using Pedigree.Numerics;
using Pedigree.Zoo.Models;
using Pedigree.Zoo.Text;

namespace Pedigree.Zoo.Training;

/// <summary>What training gave.</summary>
/// <param name="Model">The model after the last step.</param>
/// <param name="FirstLoss">Mean cross-entropy of the first step, in nats a token.</param>
/// <param name="LastLoss">The same over the last twentieth of the steps.</param>
internal sealed record TrainingResult(DecoderModel Model, double FirstLoss, double LastLoss);

/// <summary>Trains decoders on generated text. The outcome depends on start and plan, not on the number of threads.</summary>
internal static class Trainer
{
    /// <summary>Trains a copy of a model.</summary>
    /// <param name="start">Where training starts.</param>
    /// <param name="plan">How.</param>
    /// <param name="teacher">A model whose probabilities are learned instead of the text; null for none.</param>
    /// <param name="threads">Threads that may work at once.</param>
    /// <param name="progress">Receives step and loss; may be null.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static TrainingResult Train(
        DecoderModel start, TrainingPlan plan, DecoderModel? teacher = null, int threads = 1, Action<int, double>? progress = null, CancellationToken cancellation = default)
    {
        var layout = new ParameterLayout(start.Shape);
        var parameters = layout.Flatten(start);
        var corpus = Corpus.Create(plan.Corpus, plan.Sequences, plan.Length + 1);
        var slices = Enumerable.Range(0, plan.Slices).Select(_ => new Slice(layout, plan, teacher)).ToArray();
        var total = new float[layout.Count];
        var optimizer = new AdamW(layout.Count, Decaying(layout), weightDecay: (float)plan.WeightDecay);
        var moving = Moving(layout, plan.Frozen);
        var losses = new double[plan.Steps];
        var order = new SequenceOrder(plan);
        for (var step = 0; step < plan.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var batch = order.Batch(step);
            Parallel.For(0, slices.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, slice =>
                slices[slice].Run(parameters, corpus, batch.AsSpan(slice * batch.Length / slices.Length, batch.Length / slices.Length)));
            Array.Clear(total);
            foreach (var slice in slices)
            {
                Elementwise.AddScaled(total, slice.Gradients, 1);
                losses[step] += slice.Loss;
            }

            Freeze(moving, total);
            optimizer.Step(parameters, total, (float)plan.RateAt(step), moving);
            progress?.Invoke(step, losses[step]);
        }

        var last = Math.Max(1, plan.Steps / 20);
        return new(layout.ToModel(parameters, start.Tokens), plan.Steps == 0 ? double.NaN : losses[0], plan.Steps == 0 ? double.NaN : losses[^last..].Average());
    }

    // Matrices decay; gains, biases and embeddings do not.
    private static bool[] Decaying(ParameterLayout layout)
    {
        var decays = new bool[layout.Count];
        var offset = 0;
        foreach (var slot in layout.Shape.Slots())
        {
            decays.AsSpan(offset, slot.Rows * slot.Columns).Fill(!slot.IsVector && slot.Name is not (Slot.Embedding or Slot.Positions));
            offset += slot.Rows * slot.Columns;
        }

        return decays;
    }

    private static bool[]? Moving(ParameterLayout layout, IReadOnlyList<string> frozen)
    {
        if (frozen.Count == 0)
        {
            return null;
        }

        var moving = new bool[layout.Count];
        var offset = 0;
        foreach (var slot in layout.Shape.Slots())
        {
            moving.AsSpan(offset, slot.Rows * slot.Columns).Fill(!frozen.Any(prefix => slot.Name.StartsWith(prefix, StringComparison.Ordinal)));
            offset += slot.Rows * slot.Columns;
        }

        return moving;
    }

    private static void Freeze(bool[]? moving, float[] gradients)
    {
        for (var i = 0; moving is not null && i < gradients.Length; i++)
        {
            gradients[i] = moving[i] ? gradients[i] : 0;
        }
    }

    // One part of every batch, with buffers of its own.
    private sealed class Slice(ParameterLayout layout, TrainingPlan plan, DecoderModel? teacher)
    {
        private readonly int _sequences = plan.Batch / plan.Slices;
        private readonly DecoderPass _pass = new(layout, plan.Batch / plan.Slices, plan.Length);
        private readonly DecoderPass? _teacherPass = teacher is null ? null : new(new ParameterLayout(teacher.Shape), plan.Batch / plan.Slices, plan.Length);
        private readonly float[]? _teacherParameters = teacher is null ? null : new ParameterLayout(teacher.Shape).Flatten(teacher);
        private readonly int[] _tokens = new int[plan.Batch / plan.Slices * plan.Length];
        private readonly int[] _targets = new int[plan.Batch / plan.Slices * plan.Length];

        public float[] Gradients { get; } = new float[layout.Count];

        public double Loss { get; private set; }

        public void Run(float[] parameters, Corpus corpus, ReadOnlySpan<int> sequences)
        {
            for (var i = 0; i < _sequences; i++)
            {
                var text = corpus[sequences[i]];
                text[..plan.Length].CopyTo(_tokens.AsSpan(i * plan.Length));
                text[1..].CopyTo(_targets.AsSpan(i * plan.Length));
            }

            Array.Clear(Gradients);
            Loss = _pass.Run(parameters, Gradients, _tokens, _targets, Teach(), plan.Batch * plan.Length).CrossEntropy;
        }

        private ReadOnlySpan<float> Teach()
        {
            if (_teacherPass is null)
            {
                return default;
            }

            _teacherPass.Forward(_teacherParameters!, _tokens);
            var probabilities = _teacherPass.Logits.ToArray();
            var vocabulary = probabilities.Length / _tokens.Length;
            for (var row = 0; row < _tokens.Length; row++)
            {
                Elementwise.Softmax(probabilities.AsSpan(row * vocabulary, vocabulary));
            }

            return probabilities;
        }
    }

    // Every pass over the corpus in an order of its own.
    private sealed class SequenceOrder(TrainingPlan plan)
    {
        private int _pass = -1;
        private int[] _order = [];

        public int[] Batch(int step)
        {
            var batch = new int[plan.Batch];
            for (var i = 0; i < batch.Length; i++)
            {
                var (pass, place) = Math.DivRem((step * plan.Batch) + i, plan.Sequences);
                if (pass != _pass)
                {
                    _pass = pass;
                    _order = new CounterRandom(plan.OrderSeed, (ulong)pass).Permutation(plan.Sequences);
                }

                batch[i] = _order[place];
            }

            return batch;
        }
    }
}
