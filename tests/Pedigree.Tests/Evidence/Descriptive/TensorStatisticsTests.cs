using Pedigree.Checkpoints;
using Pedigree.Evidence.Descriptive;
using Pedigree.Numerics;
using Pedigree.Tests.Checkpoints;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

public class TensorStatisticsTests
{
    [Fact]
    public void Figures_agree_with_two_passes_in_double()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 1);
        for (var trial = 0; trial < 12; trial++)
        {
            var (rows, columns) = (1 + random.NextInt(400), 16 + random.NextInt(700));
            var (centre, spread) = (random.NextGaussian() * (trial % 3), Math.Pow(10, random.NextInt(9) - 6));
            var values = new float[rows * columns];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)((centre + Math.Pow(random.NextGaussian(), trial % 2 == 0 ? 1 : 3)) * spread);
            }

            var found = Of(values, rows, columns);
            var mean = values.Average(value => (double)value);
            var variance = values.Average(value => Math.Pow(value - mean, 2));
            Assert.Equal(mean, found.Mean!.Value, 1e-5 * Math.Sqrt(variance));
            Assert.Equal(1, found.Deviation!.Value / Math.Sqrt(variance), 1e-5);
            var kurtosis = values.Average(value => Math.Pow(value - mean, 4)) / variance / variance;
            Assert.Equal(1, (found.ExcessKurtosis!.Value + 3) / kurtosis, 1e-4);
            Assert.Equal((values.Min(), values.Max()), ((float)found.Minimum!.Value, (float)found.Maximum!.Value));
            Assert.Equal(((long)rows, 0L, 0L), (found.Rows, found.ZeroRows, found.DuplicateRows));
        }
    }

    [Fact]
    public void Zero_rows_copies_and_values_that_are_not_finite_are_counted()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 2);
        const int rows = 300;
        // Longer than one read, so that rows arrive in pieces.
        foreach (var columns in (int[])[24, 70_001])
        {
            var few = columns > 1000 ? 7 : rows;
            var values = new float[few * columns];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)random.NextGaussian();
            }

            values.AsSpan(0, columns).CopyTo(values.AsSpan(3 * columns));
            values.AsSpan(0, columns).CopyTo(values.AsSpan(5 * columns));
            values.AsSpan(columns, columns).Clear();
            values.AsSpan(4 * columns, columns).Clear();
            values[2 * columns] = float.NaN;
            values[(2 * columns) + 1] = float.NegativeInfinity;
            var found = Of(values, few, columns);
            Assert.Equal((few, 2L, 2L), ((int)found.Rows, found.ZeroRows, found.DuplicateRows));
            Assert.Equal(2.0 / few, found.ZeroShare, 1e-9);
            Assert.Equal(1.0 / values.Length, found.NotNumberShare, 1e-12);
            Assert.Equal(1.0 / values.Length, found.InfiniteShare, 1e-12);
            Assert.True(double.IsFinite(found.Mean!.Value) && double.IsFinite(found.ExcessKurtosis!.Value));
        }
    }

    [Fact]
    public void What_cannot_be_computed_is_null_and_not_zero()
    {
        var nothing = Of([float.NaN, float.NaN], 1, 2);
        Assert.Equal((null, null, null, null), (nothing.Mean, nothing.Deviation, nothing.ExcessKurtosis, nothing.Minimum));
        Assert.Null(nothing.DuplicateRows);
        var constant = Of([.. Enumerable.Repeat(0.75f, 64)], 2, 32);
        Assert.Equal((0.75, 0.0, null, 1L), (constant.Mean, constant.Deviation, constant.ExcessKurtosis, constant.DuplicateRows));
        var zeros = Of(new float[64], 2, 32);
        Assert.Equal((0.0, 1.0, 2L, 0L), (zeros.Mean, zeros.ZeroShare, zeros.ZeroRows, zeros.DuplicateRows));
        using var source = new MemorySource();
        source.Add("empty", [], 0, 4);
        Assert.Equal([null], TensorStatistics.OfAll(source, source.Tensors, 2, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_tensor_of_several_pieces_is_measured_as_one()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 4);
        // More than the 4,194,304 values that one thread takes at once.
        var (rows, columns) = (70_000, 64 + random.NextInt(8));
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = 3 + ((float)((random.NextUInt64() >> 40) / 16777216.0) - 0.5f);
        }

        var (first, last, zero, column) = (random.NextInt(1000), rows - 1 - random.NextInt(1000), 30_000 + random.NextInt(1000), random.NextInt(columns));
        values.AsSpan(first * columns, columns).CopyTo(values.AsSpan(last * columns));
        values.AsSpan(zero * columns, columns).Clear();
        for (var row = 0; row < rows; row++)
        {
            values[(row * columns) + column] = row == first + 1 ? -0f : 0;
        }

        var found = Of(values, rows, columns);
        Assert.Equal((rows, 1L, 1L, (long)columns, 1L), (found.Rows, found.ZeroRows, found.DuplicateRows, found.Columns, found.ZeroColumns));
        Assert.Equal(values.Average(value => (double)value), found.Mean!.Value, 1e-5);
        Assert.Equal(values.Max(), found.Maximum);
        Assert.Equal("0", found.Minimum!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Tensors_of_any_rank_and_type_have_figures_or_none()
    {
        using var source = new MemorySource();
        source.Add("double", ElementType.F64, [.. BitConverter.GetBytes(1e300), .. BitConverter.GetBytes(-2.0)], 2);
        source.Add("empty", [], 3, 0);
        source.Add("half", ElementType.F16, [.. BitConverter.GetBytes((Half)0.5), .. BitConverter.GetBytes(Half.NaN)], 2, 1);
        source.Add("integers", ElementType.I32, new byte[16], 4);
        source.Add("scalar", [7.5f]);
        source.Add("single", [-1f], 1, 1, 1);
        var found = TensorStatistics.OfAll(source, source.Tensors, 2, TestContext.Current.CancellationToken);
        Assert.Equal((-2.0, 0.5), (found[0]!.Mean, found[0]!.InfiniteShare));
        Assert.Null(found[1]);
        Assert.Equal((0.5, 0.0, 0.5, 2L, 1L, 0L), (found[2]!.Mean, found[2]!.Deviation, found[2]!.NotNumberShare, found[2]!.Rows, found[2]!.Columns, found[2]!.ZeroColumns));
        Assert.Null(found[3]);
        Assert.Equal((1L, 7.5, 0.0, null, 7.5, null), (found[4]!.Count, found[4]!.Mean, found[4]!.Deviation, found[4]!.ExcessKurtosis, found[4]!.Maximum, found[4]!.Columns));
        Assert.Equal((-1.0, 1L, 0L), (found[5]!.Minimum, found[5]!.Rows, found[5]!.ZeroRows));
    }

    [Fact]
    public void A_stopped_pass_ends_with_its_reason()
    {
        using var source = new MemorySource();
        source.Add("t", new float[1 << 16], 256, 256);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => TensorStatistics.OfAll(source, source.Tensors, 2, stop.Token));
    }

    [Fact]
    public void A_file_that_became_shorter_is_named()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Join("model.safetensors");
        SafetensorsWriter.Write(path, [("t", ElementType.F32, [256, 256], new byte[4 << 16])]);
        using var source = Checkpoint.Open(path);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            file.SetLength(file.Length - 8);
        }

        Assert.Equal("t", Assert.Throws<CheckpointException>(() => TensorStatistics.OfAll(source, source.Tensors, 2, TestContext.Current.CancellationToken)).Tensor);
    }

    [Fact]
    public void Every_number_of_threads_gives_the_same_figures()
    {
        var random = new CounterRandom(PlantedUnits.FreshSeed(), 3);
        using var source = new MemorySource();
        for (var tensor = 0; tensor < 9; tensor++)
        {
            source.Add($"t{tensor}", [.. PlantedUnits.Gaussian(ref random, 40 * 333)], 40, 333);
        }

        Assert.Equal(TensorStatistics.OfAll(source, source.Tensors, 1, TestContext.Current.CancellationToken), TensorStatistics.OfAll(source, source.Tensors, 5, TestContext.Current.CancellationToken));
    }

    private static TensorStatistics Of(float[] values, int rows, int columns)
    {
        using var source = new MemorySource();
        source.Add("t", values, rows, columns);
        return TensorStatistics.OfAll(source, source.Tensors, 2, TestContext.Current.CancellationToken)[0]!;
    }
}
