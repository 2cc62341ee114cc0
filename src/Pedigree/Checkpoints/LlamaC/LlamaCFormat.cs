using System.Collections.Immutable;
using Pedigree.Checkpoints.Storages;

namespace Pedigree.Checkpoints.LlamaC;

/// <summary>Checkpoints of llama2.c (its run.c and export.py), versions 0 and 1: all values are 32-bit floats, tensors lie one after another, those of all layers together.
/// The tensors get the names that Llama gives them.</summary>
internal sealed class LlamaCFormat : ICheckpointFormat
{
    private LlamaCFormat()
    {
    }

    /// <summary>The format.</summary>
    public static LlamaCFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => "llama2.c";

    /// <inheritdoc/>
    /// <remarks>Its files end in .bin. In a folder that ending stands for PyTorch; the bytes decide when a file is opened.</remarks>
    public IReadOnlyList<string> Extensions { get; } = [];

    /// <inheritdoc/>
    public bool Recognises(ShardFile file, ReadOnlySpan<byte> start) => LlamaCHeader.Read(start, file.Length, out var version) is not null || version != 0;

    /// <inheritdoc/>
    public ITensorSource Open(CheckpointFiles checkpoint)
    {
        var findings = new List<CheckpointFinding>();
        return new StridedSource(checkpoint, [.. checkpoint.Files.SelectMany(file => Read(file, findings))], findings: findings);
    }

    private static List<StridedTensor> Read(ShardFile file, List<CheckpointFinding> findings)
    {
        var start = new byte[Math.Min(CheckpointFormats.Glance, file.Length)];
        file.ReadDirectly(0, start);
        if (LlamaCHeader.Read(start, file.Length, out var version) is not { } header)
        {
            throw version is 0 or 1 ? LlamaCFault.Length(file.Path, file.Length) : LlamaCFault.Version(file.Path, version);
        }

        if (header.FileLength() is not { } length || length != file.Length)
        {
            throw LlamaCFault.Length(file.Path, file.Length);
        }

        return header.IsFirstVersion ? First(file, header) : Zeroth(file, header, findings);
    }

    private static List<StridedTensor> Zeroth(ShardFile file, LlamaCHeader header, List<CheckpointFinding> findings)
    {
        var transposed = LlamaCLayout.IsTransposed(file, header.Length, header.Vocabulary, header.Width);
        if (transposed)
        {
            findings.Add(new CheckpointFinding("matrices-transposed", "The matrices are stored transposed, which the header does not say; the means of the embedding's channels show it."));
        }

        var place = new Places(file, header, transposed);
        place.One("tok_embeddings.weight", [header.Vocabulary, header.Width]);
        place.Each("attention_norm.weight", [header.Width]);
        place.Attention();
        place.Each("ffn_norm.weight", [header.Width]);
        place.Mlp();
        place.One("norm.weight", [header.Width]);
        // Rotary tables are stored in this version; later programs leave them alone.
        place.One("freq_cis_real", [header.Context, header.Width / header.Heads / 2], isWeight: false);
        place.One("freq_cis_imag", [header.Context, header.Width / header.Heads / 2], isWeight: false);
        place.Unembedding();
        return place.Tensors;
    }

    private static List<StridedTensor> First(ShardFile file, LlamaCHeader header)
    {
        var place = new Places(file, header, transposed: false);
        place.Each("attention_norm.weight", [header.Width]);
        place.Each("ffn_norm.weight", [header.Width]);
        place.One("norm.weight", [header.Width]);
        place.One("tok_embeddings.weight", [header.Vocabulary, header.Width]);
        place.Attention();
        place.Mlp();
        place.Unembedding();
        return place.Tensors;
    }

    /// <summary>Lays tensors one after another.</summary>
    private sealed class Places(ShardFile file, LlamaCHeader header, bool transposed)
    {
        private long position = header.Length;

        public List<StridedTensor> Tensors { get; } = [];

        public void Attention()
        {
            Each("attention.wq.weight", [header.Width, header.Width]);
            Each("attention.wk.weight", [header.KeyRows, header.Width]);
            Each("attention.wv.weight", [header.KeyRows, header.Width]);
            Each("attention.wo.weight", [header.Width, header.Width]);
        }

        public void Mlp()
        {
            Each("feed_forward.w1.weight", [header.Hidden, header.Width]);
            Each("feed_forward.w2.weight", [header.Width, header.Hidden]);
            Each("feed_forward.w3.weight", [header.Hidden, header.Width]);
        }

        public void Unembedding()
        {
            if (!header.IsTied)
            {
                One("output.weight", [header.Vocabulary, header.Width]);
            }
        }

        public void Each(string name, ImmutableArray<long> shape)
        {
            for (long layer = 0; layer < header.Layers; layer++)
            {
                One($"layers.{layer}.{name}", shape);
            }
        }

        public void One(string name, ImmutableArray<long> shape, bool isWeight = true)
        {
            var length = shape.Aggregate((long)sizeof(float), (product, size) => product * size);
            var strides = transposed && isWeight ? StridedTensor.ColumnMajor(shape) : StridedTensor.RowMajor(shape);
            Tensors.Add(new StridedTensor(name, ElementType.F32, shape, new FileStorage(file, position, length), 0, strides, false));
            position += length;
        }
    }
}
