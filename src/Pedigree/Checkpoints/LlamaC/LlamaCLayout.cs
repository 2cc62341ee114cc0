using System.Runtime.InteropServices;

namespace Pedigree.Checkpoints.LlamaC;

/// <summary>Tells whether a checkpoint stores its matrices transposed, as some programs that run it on other hardware do. The header is the same, so the embedding is asked.</summary>
/// <remarks>In a trained embedding every channel has a mean of its own, over the tokens, far from zero. With n values of each of k channels and s² their common
/// variance, the sum of n·mean²/s² is chi-square with k degrees of freedom if the channels are cut wrongly; it exceeds k·x with probability of at most
/// exp(-k/2·(x - 1 - ln x)) (Chernoff). The usual layout is left only where its rival reaches 1e-6 and is the farther one from chance.</remarks>
internal static class LlamaCLayout
{
    private const int MostChannels = 256;
    private const int MostTokens = 4096;
    private const double Log10Level = -6;

    /// <summary>Whether the matrices are stored transposed.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">First byte of the embedding.</param>
    /// <param name="tokens">Number of tokens.</param>
    /// <param name="width">Number of channels.</param>
    /// <exception cref="CheckpointException">The file cannot be read.</exception>
    public static bool IsTransposed(ShardFile file, long offset, long tokens, long width)
    {
        var (channels, each) = ((int)Math.Min(width, MostChannels), (int)Math.Min(tokens, MostTokens));
        var values = new float[each];
        var usual = new Means(width);
        var transposed = new Means(channels);
        for (var channel = 0; channel < channels; channel++)
        {
            // Where a channel begins, if the embedding is stored channel by channel.
            var first = width / channels * channel * tokens;
            file.ReadDirectly(offset + (first * sizeof(float)), MemoryMarshal.AsBytes(values.AsSpan()));
            for (var i = 0; i < each; i++)
            {
                usual.Add((first + i) % width, values[i]);
                transposed.Add(channel, values[i]);
            }
        }

        return transposed.Excess > usual.Excess && transposed.Log10Bound < Log10Level;
    }

    /// <summary>Means of values in groups.</summary>
    private sealed class Means(long groups)
    {
        private readonly double[] sums = new double[groups];
        private readonly long[] counts = new long[groups];
        private double squares;

        /// <summary>The sum of n·mean²/s² over the groups, divided by their number; 1 is chance.</summary>
        public double Excess
        {
            get
            {
                var (sum, count) = (sums.Sum(), counts.Sum());
                var mean = sum / count;
                var variance = (squares / count) - (mean * mean);
                var between = sums.Zip(counts).Where(group => group.Second > 0).Sum(group => Math.Pow(group.First - (mean * group.Second), 2) / group.Second);
                return variance > 0 && double.IsFinite(variance) ? between / variance / groups : 0;
            }
        }

        /// <summary>Decimal logarithm of an upper bound of the probability of so much by chance.</summary>
        public double Log10Bound => Excess is var excess and > 1 ? -groups / 2.0 * (excess - 1 - Math.Log(excess)) / Math.Log(10) : 0;

        public void Add(long group, double value)
        {
            sums[group] += value;
            counts[group]++;
            squares += value * value;
        }
    }
}
