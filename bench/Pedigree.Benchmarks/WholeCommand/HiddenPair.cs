using System.Diagnostics;
using System.Globalization;
using System.Text;
using Pedigree.Checkpoints;
using Pedigree.Numerics;

namespace Pedigree.Benchmarks.WholeCommand;

/// <summary>Times the search for hidden origins at a real width: a reference, its child with every row at a stated cosine, the residual stream rotated and the neurons in
/// another order, and a stranger.</summary>
internal static class HiddenPair
{
    private const int Tokens = 32768;
    private const int Head = 128;
    private const int KeyValueHeads = 8;

    /// <summary>Makes the models where they are missing and times the command on the child and on the stranger.</summary>
    /// <param name="arguments">Folder, width, layers, neurons, cosine, budget, and the command with its first arguments.</param>
    public static void Run(string[] arguments)
    {
        if (arguments.Length < 7)
        {
            throw new ArgumentException("usage: hidden-pair FOLDER WIDTH LAYERS NEURONS COSINE BUDGET COMMAND [ARGUMENT...]");
        }

        var (folder, width, layers, neurons) = (arguments[0], Number(arguments[1]), Number(arguments[2]), Number(arguments[3]));
        var cosine = double.Parse(arguments[4], CultureInfo.InvariantCulture);
        var names = new[] { "reference", "child", "stranger" };
        for (var model = 0; model < names.Length; model++)
        {
            var at = Path.Combine(folder, names[model]);
            if (!File.Exists(Path.Combine(at, "made")))
            {
                Make(at, width, layers, neurons, model == 2 ? 2ul : 1, model == 1 ? cosine : null);
            }
        }

        foreach (var suspect in names[1..])
        {
            var clock = Stopwatch.StartNew();
            using var process = Process.Start(new ProcessStartInfo(
                arguments[6], [.. arguments[7..], "compare", Path.Combine(folder, suspect), Path.Combine(folder, "reference"), "--no-progress", "--budget", arguments[5]]))!;
            process.WaitForExit();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{suspect}: {clock.Elapsed.TotalSeconds:0.0} s"));
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void Make(string folder, int width, int layers, int neurons, ulong model, double? cosine)
    {
        Directory.CreateDirectory(folder);
        var places = new List<string>();
        Write(folder, "words", places, [Rows("model.embed_tokens.weight", Tokens, width, model, cosine), Rows("lm_head.weight", Tokens, width, model, cosine), Ones("model.norm.weight", width)]);
        for (var layer = 0; layer < layers; layer++)
        {
            var prefix = string.Create(CultureInfo.InvariantCulture, $"model.layers.{layer}.");
            var order = cosine is null ? null : new CounterRandom(9, (ulong)layer).Permutation(neurons);
            Write(folder, string.Create(CultureInfo.InvariantCulture, $"layer-{layer:000}"), places,
            [
                Ones(prefix + "input_layernorm.weight", width), Ones(prefix + "post_attention_layernorm.weight", width),
                Rows(prefix + "self_attn.q_proj.weight", width, width, model, cosine), Rows(prefix + "self_attn.k_proj.weight", KeyValueHeads * Head, width, model, cosine),
                Rows(prefix + "self_attn.v_proj.weight", KeyValueHeads * Head, width, model, cosine), Turned(Rows(prefix + "self_attn.o_proj.weight", width, width, model, cosine)),
                Rows(prefix + "mlp.gate_proj.weight", neurons, width, model, cosine, order), Rows(prefix + "mlp.up_proj.weight", neurons, width, model, cosine, order),
                Turned(Rows(prefix + "mlp.down_proj.weight", neurons, width, model, cosine, order)),
            ]);
        }

        File.WriteAllText(Path.Combine(folder, "vocab.json"), $"{{{string.Join(',', Enumerable.Range(0, Tokens).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"t{i}\":{i}")))}}}");
        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), $"{{\"weight_map\":{{{string.Join(',', places)}}}}}");
        File.WriteAllText(Path.Combine(folder, "made"), "");
    }

    private static void Write(string folder, string name, List<string> places, IReadOnlyList<(string Name, int[] Shape, float[] Values)> tensors)
    {
        using var file = new FileStream(Path.Combine(folder, name + ".safetensors"), FileMode.Create, FileAccess.Write);
        var header = new StringBuilder("{");
        long offset = 0;
        foreach (var (tensor, shape, values) in tensors)
        {
            header.Append(CultureInfo.InvariantCulture, $"{(offset == 0 ? "" : ",")}\"{tensor}\":{{\"dtype\":\"BF16\",\"shape\":[{string.Join(',', shape)}],\"data_offsets\":[{offset},{offset + (2L * values.Length)}]}}");
            offset += 2L * values.Length;
            places.Add($"\"{tensor}\":\"{name}.safetensors\"");
        }

        header.Append('}');
        file.Write(BitConverter.GetBytes((long)header.Length));
        file.Write(Encoding.ASCII.GetBytes(header.ToString()));
        var bytes = new byte[1 << 20];
        foreach (var (_, _, values) in tensors)
        {
            for (var at = 0; at < values.Length; at += bytes.Length / 2)
            {
                var count = Math.Min(bytes.Length / 2, values.Length - at);
                ElementEncoder.Encode(ElementType.BF16, values.AsSpan(at, count), bytes.AsSpan(0, 2 * count));
                file.Write(bytes.AsSpan(0, 2 * count));
            }
        }
    }

    private static (string, int[], float[]) Ones(string name, int width) => (name, [width], [.. Enumerable.Repeat(1f, width)]);

    private static (string, int[], float[]) Turned((string Name, int[] Shape, float[] Values) tensor) =>
        (tensor.Name, [tensor.Shape[1], tensor.Shape[0]], ParallelProducts.Transposed(tensor.Values, tensor.Shape[0], tensor.Shape[1]));

    // Directions of the stream differ in strength, as trained ones do, over a factor of thirty or so.
    private static (string, int[], float[]) Rows(string name, int rows, int width, ulong model, double? cosine, int[]? order = null)
    {
        var stream = name.Aggregate(0ul, CounterRandomMix);
        var strength = new float[width];
        var direction = new CounterRandom(model, 1);
        for (var i = 0; i < width; i++)
        {
            strength[i] = (float)(0.02 * Math.Exp(0.6 * direction.NextGaussian()));
        }

        var values = new float[checked(rows * width)];
        Parallel.For(0, rows, r =>
        {
            var row = values.AsSpan(r * width, width);
            var own = new CounterRandom(model, CounterRandom.Mix(stream, (ulong)(order is null ? r : order[r])));
            double square = 0;
            for (var i = 0; i < width; i++)
            {
                row[i] = strength[i] * (float)own.NextGaussian();
                square += (double)row[i] * row[i];
            }

            if (cosine is not { } kept)
            {
                return;
            }

            var noise = new CounterRandom(model + 77, CounterRandom.Mix(stream, (ulong)r));
            var size = Math.Sqrt((1 - (kept * kept)) * square / width);
            for (var i = 0; i < width; i++)
            {
                row[i] = (float)((kept * row[i]) + (size * noise.NextGaussian()));
            }

            Rotate(row);
        });
        return (name, [rows, width], values);
    }

    private static ulong CounterRandomMix(ulong sum, char letter) => CounterRandom.Mix(sum, letter);

    // Two rounds of signs and Walsh-Hadamard transforms of the whole 64-blocks, with a stride in between: orthogonal, and every value touches every other block.
    private static void Rotate(Span<float> row)
    {
        const int block = 64;
        var width = row.Length / block * block;
        var copy = new float[width];
        for (var round = 0; round < 2; round++)
        {
            var stride = width / block;
            for (var i = 0; i < width; i++)
            {
                copy[i] = row[(i % block * stride) + (i / block)] * ((CounterRandom.Mix((ulong)round, (ulong)i) & 1) == 0 ? 0.125f : -0.125f);
            }

            for (var start = 0; start < width; start += block)
            {
                for (var half = 1; half < block; half *= 2)
                {
                    for (var i = start; i < start + block; i++)
                    {
                        if ((i & half) == 0)
                        {
                            (copy[i], copy[i + half]) = (copy[i] + copy[i + half], copy[i] - copy[i + half]);
                        }
                    }
                }
            }

            copy.CopyTo(row);
        }
    }
}
