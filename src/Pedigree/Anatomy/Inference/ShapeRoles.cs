using Pedigree.Anatomy.Families;
using Pedigree.Checkpoints;

namespace Pedigree.Anatomy.Inference;

/// <summary>Gives the tensors of alike layers their roles by shape, and by content where shapes do not suffice. Names are used only to see what stands together.</summary>
internal sealed class ShapeRoles
{
    private readonly LayerStack _stack;
    private readonly int _width;
    private readonly bool _transposed;
    private readonly WeightReader _reader;
    private readonly ContentComparison _content;
    private readonly HashSet<LayerSlot> _open;

    private ShapeRoles(LayerStack stack, int width, bool transposed, WeightReader reader)
    {
        _stack = stack;
        _width = width;
        _transposed = transposed;
        _reader = reader;
        _content = new ContentComparison(reader, transposed);
        _open = [.. stack.Slots.Where(slot => slot.Tensors.All(tensor => tensor.Type.IsFloating() && tensor.Count > 0))];
    }

    public List<Claim> Claims { get; } = [];

    public HashSet<(Part, Part)> Interchangeable { get; } = [];

    /// <summary>Finds the roles in one stack of layers.</summary>
    public static ShapeRoles Of(LayerStack stack, int width, bool transposed, WeightReader reader)
    {
        var roles = new ShapeRoles(stack, width, transposed, reader);
        roles.TakeExperts();
        roles.TakeStackedExperts();
        var routed = roles.Claims.Count > 0;
        roles.TakeMlp(routed ? Role.Shared : Role.Dense);
        roles.TakeAttention();
        roles.TakeRouter();
        roles.TakeBiases();
        roles.TakeNorms();
        return roles;
    }

    private IEnumerable<LayerSlot> OpenMatrices => _stack.Slots.Where(slot => slot.IsMatrix && _open.Contains(slot));

    private IEnumerable<LayerSlot> OpenVectors => _stack.Slots.Where(slot => slot.IsVector && _open.Contains(slot));

    private void TakeExperts()
    {
        foreach (var (_, members) in RepeatedLayers.Counted([.. _stack.Slots.Where(_open.Contains)]))
        {
            var first = members[0];
            var description = Describe(first);
            if (!members.All(member => string.Equals(Describe(member), description, StringComparison.Ordinal)))
            {
                continue;
            }

            var matrices = first.Where(member => member.Slot.IsMatrix).ToArray();
            if (MlpShape.Find([.. matrices.Select(member => member.Slot)], _width, _transposed, _content) is { } mlp)
            {
                for (var expert = 0; expert < members.Count; expert++)
                {
                    LayerSlot Same(LayerSlot slot)
                    {
                        var after = first.First(member => member.Slot == slot).After;
                        return members[expert].First(member => string.Equals(member.After, after, StringComparison.Ordinal)).Slot;
                    }

                    ClaimMlp(mlp.Map(Same), expert, stacked: false);
                }

                return;
            }

            // Without an MLP these are heads, one tensor each, which no view can join.
            if (matrices.Length > 1)
            {
                _open.ExceptWith(members.SelectMany(member => member.Select(one => one.Slot)));
            }
        }

        static string Describe(IReadOnlyList<(LayerSlot Slot, string After)> member) =>
            string.Join('\n', member.Select(one => $"{one.After} {string.Join(',', one.Slot.Shape)}").Order(StringComparer.Ordinal));
    }

    private void TakeStackedExperts()
    {
        var stacks = _stack.Slots.Where(slot => slot.IsStack && _open.Contains(slot) && slot.Shape[0] > 1).ToArray();
        if (stacks.Length is < 2 or > 3 || stacks.Any(slot => slot.Shape[0] != stacks[0].Shape[0]))
        {
            return;
        }

        // Experts may be stored the other way round than the rest of the layer; the reading with a gate is the likelier one.
        var (straight, turned) = (Reading(false), Reading(true));
        if ((straight is { IsGated: true } ? straight : turned is { IsGated: true } ? turned : straight ?? turned) is { } found)
        {
            ClaimMlp(found, Role.Dense, stacked: true);
        }

        MlpShape? Reading(bool transposed) => MlpShape.Find(stacks, _width, transposed, new ContentComparison(_reader, transposed));
    }

    private void TakeMlp(int expert)
    {
        var mlp = MlpShape.Find([.. OpenMatrices], _width, _transposed, _content, allowSquares: false)
            ?? OpenMatrices.GroupBy(slot => slot.Parent, StringComparer.Ordinal)
                .Where(module => module.Count() == 3)
                .Select(module => MlpShape.Find([.. module], _width, _transposed, _content))
                .FirstOrDefault(found => found is not null);
        if (mlp is not null)
        {
            ClaimMlp(mlp, expert, stacked: false);
        }
    }

    private void ClaimMlp(MlpShape mlp, int expert, bool stacked)
    {
        if (mlp.FusedGateUp is not null)
        {
            Take(mlp.FusedGateUp, TensorPattern.FusedGateUp(mlp.FusedGateUp.Key), expert, stacked);
        }

        if (mlp.Gate is not null)
        {
            Take(mlp.Gate, TensorPattern.Reads(mlp.Gate.Key, Part.Gate), expert, stacked);
        }

        if (mlp.Up is not null)
        {
            Take(mlp.Up, TensorPattern.Reads(mlp.Up.Key, Part.Up), expert, stacked);
        }

        Take(mlp.Down, TensorPattern.Writes(mlp.Down.Key, Part.Down), expert, stacked);
        if (mlp.GateOrUp)
        {
            Interchangeable.Add((Part.Gate, Part.Up));
        }
    }

    private void TakeAttention()
    {
        // Where several modules have square matrices, attention is the module with four of them.
        var all = OpenMatrices.ToArray();
        var found = AttentionShape.Find(all, _width, _transposed, _content)
            ?? all.GroupBy(slot => slot.Parent, StringComparer.Ordinal)
                .Select(module => AttentionShape.Find([.. module], _width, _transposed, _content))
                .FirstOrDefault(shape => shape is not null);
        if (found is null)
        {
            return;
        }

        if (found.Fused is not null)
        {
            Take(found.Fused, TensorPattern.UnknownQueryKeyValue(found.Fused.Key), Role.Dense);
        }

        foreach (var (slot, part) in new[] { (found.Query, Part.Query), (found.Key, Part.Key), (found.Value, Part.Value) })
        {
            if (slot is not null)
            {
                Take(slot, TensorPattern.Reads(slot.Key, part), Role.Dense);
            }
        }

        Take(found.Output, TensorPattern.Writes(found.Output.Key, Part.AttentionOutput), Role.Dense);
        Interchangeable.UnionWith(found.Interchangeable);
    }

    private void TakeRouter()
    {
        var experts = Claims.Select(claim => claim.Pattern.Stacked ? (int)claim.Tensor.Shape[0] : claim.Expert + 1).Append(0).Max();
        var shapes = StackShapes.Of(OpenMatrices, _width, _transposed);
        if (experts > 1 && shapes.ReadsOf(experts) is [var router])
        {
            Take(router, TensorPattern.Reads(router.Key, Part.Router), Role.Dense);
        }

        if (experts > 1 && shapes.ReadsOf(1) is [var gate])
        {
            Take(gate, TensorPattern.Reads(gate.Key, Part.SharedExpertGate), Role.Dense);
        }
    }

    private void TakeBiases()
    {
        var matrices = _stack.Slots.Where(slot => slot.IsMatrix).ToLookup(slot => slot.Module, StringComparer.Ordinal);
        foreach (var module in OpenVectors.GroupBy(slot => slot.Module, StringComparer.Ordinal).ToArray())
        {
            if (module.ToArray() is [var bias] && matrices[module.Key].ToArray() is [var matrix]
                && Claims.FirstOrDefault(claim => claim.Tensor == matrix.Tensors[0]) is { } weight)
            {
                Take(bias, weight.Pattern, weight.Expert, isBias: true);
            }
        }
    }

    private void TakeNorms()
    {
        var gains = Gains.Of(_reader, OpenVectors.Where(slot => slot.Shape[0] == _width));
        if (gains.Count == 2)
        {
            TakeGain(gains[0], Part.AttentionNorm);
            TakeGain(gains[1], Part.MlpNorm);
            Interchangeable.Add((Part.AttentionNorm, Part.MlpNorm));
        }

        if (OpenVectors.Where(slot => slot.Shape[0] != _width && slot.Shape[0] is > 1 and <= 512).ToArray() is [var first, var second]
            && first.Shape[0] == second.Shape[0])
        {
            var ordered = Gains.Of(_reader, [first, second]);
            Take(ordered[0].Gain, TensorPattern.HeadGain(ordered[0].Gain.Key, Part.QueryNorm), Role.Dense);
            Take(ordered[^1].Gain, TensorPattern.HeadGain(ordered[^1].Gain.Key, Part.KeyNorm), Role.Dense);
            Interchangeable.Add((Part.QueryNorm, Part.KeyNorm));
        }
    }

    private void TakeGain((LayerSlot Gain, LayerSlot? Bias) norm, Part part)
    {
        var pattern = TensorPattern.Gain(norm.Gain.Key, part);
        Take(norm.Gain, pattern, Role.Dense);
        if (norm.Bias is not null)
        {
            Take(norm.Bias, pattern, Role.Dense, isBias: true);
        }
    }

    private void Take(LayerSlot slot, TensorPattern pattern, int expert, bool stacked = false, bool isBias = false)
    {
        _open.Remove(slot);
        for (var i = 0; i < slot.Tensors.Count; i++)
        {
            Claims.Add(new Claim(slot.Tensors[i], stacked ? pattern.OfAllExperts() : pattern, _stack.Layers[i], expert, isBias));
        }
    }
}
