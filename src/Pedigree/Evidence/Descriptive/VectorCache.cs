using System.Collections.Concurrent;
using Pedigree.Anatomy;
using Pedigree.Checkpoints;

namespace Pedigree.Evidence.Descriptive;

/// <summary>Norm gains and biases of a model, each read once: several figures use them.</summary>
internal sealed class VectorCache
{
    // Far above any width or vocabulary that has a bias; below what a hostile file could make us hold.
    private const int LongestVector = 1 << 20;

    /// <summary>Most values of vectors that one figure uses: far above the few million of known models.</summary>
    public const int MostValues = 1 << 25;

    // Lazy, so that two figures on two threads read a vector once.
    private readonly ConcurrentDictionary<Role, Lazy<float[]?>> vectors = new();

    /// <summary>Whether the view is short enough to be kept.</summary>
    public static bool IsShort(TensorView view) => view.Tensor.Type.IsFloating() && view.Count is > 0 and <= LongestVector;

    /// <summary>The values of a vector; null when it is absent or too long or has a value that is not finite.</summary>
    public float[]? Find(DescribedModel model, Role role) => vectors.GetOrAdd(role, static (role, model) => new Lazy<float[]?>(() => Read(role, model)), model).Value;

    private static float[]? Read(Role role, DescribedModel model)
    {
        if (model.Anatomy.Find(role) is not { } view || !IsShort(view))
        {
            return null;
        }

        var values = new float[view.Count];
        model.Reader.ReadRows(view, 0, view.Rows, values);
        return Array.TrueForAll(values, float.IsFinite) ? values : null;
    }
}
