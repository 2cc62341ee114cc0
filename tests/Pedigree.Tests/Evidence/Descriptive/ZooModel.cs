using Pedigree.Anatomy;
using Pedigree.Checkpoints;
using Pedigree.Evidence.Descriptive;
using Xunit;

namespace Pedigree.Tests.Evidence.Descriptive;

/// <summary>Opens the trained models of the zoo, where they are on this machine. Roles are taken from the names that the zoo is known to use,
/// so that these tests fail for no fault of the anatomy.</summary>
internal static class ZooModel
{
    public static DescribedModel Open(string name)
    {
        var folder = SharedData.Find("zoo");
        Assert.SkipWhen(folder is null, "the zoo is not on this machine");
        var source = Checkpoint.Open(Path.Combine(folder, name));
        var views = new Dictionary<Role, TensorView>();
        foreach (var tensor in source.Tensors)
        {
            if (RoleOf(tensor.Name) is { } role)
            {
                views.Add(role, TensorView.Whole(tensor));
            }
        }

        return DescribedModel.Of(source, new ModelAnatomy
        {
            Family = "llama",
            Width = 96,
            Layers = views.Keys.Max(role => role.Layer) + 1,
            Views = views,
        });
    }

    private static Role? RoleOf(string name)
    {
        var pieces = name.Split('.');
        Role? InLayer(Part part) => new Role(part, int.Parse(pieces[2]));
        return pieces switch
        {
            ["lm_head", _] => new Role(Part.Unembedding),
            ["model", "embed_tokens", _] => new Role(Part.Embedding),
            ["model", "norm", _] => new Role(Part.FinalNorm),
            [.., "input_layernorm", _] => InLayer(Part.AttentionNorm),
            [.., "post_attention_layernorm", _] => InLayer(Part.MlpNorm),
            [.., "q_proj", "weight"] => InLayer(Part.Query),
            [.., "k_proj", "weight"] => InLayer(Part.Key),
            [.., "v_proj", "weight"] => InLayer(Part.Value),
            [.., "o_proj", "weight"] => InLayer(Part.AttentionOutput),
            [.., "mlp", "gate_proj", _] => InLayer(Part.Gate),
            [.., "mlp", "up_proj", _] => InLayer(Part.Up),
            [.., "mlp", "down_proj", _] => InLayer(Part.Down),
            _ => null,
        };
    }
}
