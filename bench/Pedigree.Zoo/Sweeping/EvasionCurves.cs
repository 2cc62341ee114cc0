using System.Globalization;
using System.Text;
using Pedigree.Numerics;
using Pedigree.Zoo.Benching;
using Pedigree.Zoo.Manipulations;
using Pedigree.Zoo.Models;

namespace Pedigree.Zoo.Sweeping;

/// <summary>How far a disguise goes: continued training, as noise of every row, times pruning of the width, times rotation of the stream and order of the neurons.</summary>
/// <param name="say">Receives a line a comparison and the table.</param>
internal sealed class EvasionCurves(Action<string> say)
{
    private static readonly double[] s_cosines = [0.9, 0.7, 0.6, 0.5, 0.4, 0.3];
    private static readonly double[] s_kept = [1, 0.8, 0.6];

    /// <summary>Runs all cells on untrained models of one shape.</summary>
    /// <param name="seed">Seed of the first draw.</param>
    /// <param name="width">Residual width, a multiple of 16.</param>
    /// <param name="layers">Layers.</param>
    /// <param name="draws">Models a cell.</param>
    /// <param name="cancellation">Stops the work.</param>
    public void Run(ulong seed, int width, int layers, int draws, CancellationToken cancellation)
    {
        var shape = RandomDecoder.DrawShape(0, width, layers, 1024) with
        {
            Experts = 0,
            ActiveExperts = 0,
            Gated = true,
            Norm = NormKind.RootMeanSquare,
            Activation = Activation.Silu,
            LearnedPositions = false,
            QueryKeyValueBias = false,
            OutputBias = false,
            MlpBias = false,
            QueryKeyNorm = false,
            Tied = false,
            Neurons = 3 * width,
        };
        string[] tokens = [.. Enumerable.Range(0, shape.Vocabulary).Select(token => string.Create(CultureInfo.InvariantCulture, $"token{token}"))];
        var table = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"width {width}, {layers} layers of {shape.Neurons} neurons, seeds {seed} to {seed + (ulong)draws - 1}\n\n| width kept | vocabulary |"));
        table.AppendJoin("|", s_cosines.Select(cosine => cosine.ToString(" 0.0 ", CultureInfo.InvariantCulture))).Append("|\n|---|---|");
        table.Insert(table.Length, "---|", s_cosines.Length).Append('\n');
        foreach (var kept in s_kept)
        {
            foreach (var shared in new[] { true, false })
            {
                table.Append(CultureInfo.InvariantCulture, $"| {kept:0.0} | {(shared ? "shared" : "replaced")} |");
                foreach (var cosine in s_cosines)
                {
                    table.Append(' ').Append(Cell(seed, draws, shape, tokens, kept, shared, cosine, cancellation)).Append(" |");
                }

                table.Append('\n');
            }
        }

        say(table.ToString());
    }

    private string Cell(ulong seed, int draws, DecoderShape shape, string[] tokens, double kept, bool shared, double cosine, CancellationToken cancellation)
    {
        Manipulation[] steps =
        [
            Perturbations.Noise(cosine),
            .. kept < 1 ? new[] { WidthPruning.Pruned(kept, PruningOrder.Norm) } : [],
            ManipulationNames.Disguise,
            .. shared ? Array.Empty<Manipulation>() : [VocabularyChanges.Replaced],
        ];
        var change = Manipulation.Composed(steps);
        var (found, wrong, share) = (0, 0, 0.0);
        for (var draw = 0; draw < draws; draw++)
        {
            cancellation.ThrowIfCancellationRequested();
            var own = seed + (ulong)draw;
            var parent = RandomDecoder.Create(shape, own, tokens);
            var (child, truth) = change.Apply(parent, CounterRandom.Mix(own, 1));
            var result = Sweep.Compare(own, new SweepFamily.Suspect("child", change.Name, Tie.Lineage, child, parent, [.. truth.Layers], false), cancellation);
            say(Sweep.Line(result));
            found += result.Outcome == Outcome.Right ? 1 : 0;
            wrong += result.WrongLayers;
            share += result.QuarterShare ?? 0;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{100 * share / draws:0} % ({found}/{draws}{(wrong > 0 ? $", {wrong} layers wrong" : "")})");
    }
}
