using Pedigree.Numerics;
using Pedigree.Tests.Evidence.Exact;
using Xunit;

namespace Pedigree.Tests.Lineage;

/// <summary>The share of parameters that a report calls inherited, against models of which parts were replaced by fresh ones.</summary>
public class InheritedShareTests
{
    [Fact]
    public void Share_is_that_of_the_parts_that_were_kept()
    {
        var seed = PlantedUnits.FreshSeed();
        var random = new CounterRandom(seed, 1);
        var compared = 0;
        for (var draw = 0UL; draw < 4; draw++)
        {
            var (layers, width, neurons) = (2 + random.NextInt(5), 16 * (4 + random.NextInt(5)), 16 * (8 + random.NextInt(9)));
            EditableModel Make(ulong number) => EditableModel.Random(seed + number, layers, width, neurons, 4, 1 << random.NextInt(2), 16, 256);
            var shape = random;
            var reference = Make((10 * draw) + 2);
            random = shape;
            var fresh = Make((10 * draw) + 3);
            var suspect = reference.Child(seed + draw + 4, 0.7 + (0.29 * random.NextDouble()));
            var replaced = new List<string>();
            foreach (var part in suspect.Tensors.Keys.Select(PartOf).Distinct().Order(StringComparer.Ordinal).Where(part => part.Contains("attn", StringComparison.Ordinal) || !part.Contains("layers", StringComparison.Ordinal)))
            {
                if (random.NextInt(2) == 0)
                {
                    replaced.Add(part);
                    foreach (var name in suspect.Tensors.Keys.Where(name => PartOf(name) == part).ToArray())
                    {
                        suspect.Tensors[name] = fresh.Tensors[name];
                    }
                }
            }

            var truth = suspect.Tensors.Where(tensor => tensor.Value.Rows > 1 && !replaced.Contains(PartOf(tensor.Key))).Sum(tensor => (double)tensor.Value.Values.Length)
                / suspect.Tensors.Sum(tensor => (double)tensor.Value.Values.Length);
            var result = Disguise.Compare(suspect, reference);
            // An order that looks structured, as chance makes one of 10⁴, is not used, and what rests on it is not counted.
            if (Comparisons.Line(result).Contains("not used", StringComparison.Ordinal))
            {
                continue;
            }

            compared++;
            // Rows at the smallest cosine of 0.7 in the smallest width of 64 prefer their own counterpart with probability 1 - Φ(-0.98 · 8 / √2) > 0.99999; an exact hit is missed as seldom.
            Assert.True(Math.Abs(result.InheritedShare!.Value - truth) < 0.03, $"{truth:0.000} {string.Join(' ', replaced)} {result.InheritedShare} {Comparisons.Line(result)}");
        }

        Assert.InRange(compared, 1, 4);
    }

    [Theory]
    [InlineData("cptdisguised")]
    [InlineData("upcycled")]
    public void Trained_children_that_kept_all_inherit_nearly_all(string name) =>
        Assert.InRange(Disguise.Compare(Repository.Sample(name), Repository.Sample("A1")).InheritedShare!.Value, 0.95, 1);

    // Attention of one layer, or a matrix of the whole model.
    private static string PartOf(string name) =>
        name.Split('.') is [_, "layers", var layer, "self_attn", ..] ? $"layers.{layer}.attn" : name;
}
