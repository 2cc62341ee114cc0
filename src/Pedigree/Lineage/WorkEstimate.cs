using Pedigree.Anatomy;
using Pedigree.Units;

namespace Pedigree.Lineage;

/// <summary>What the comparison of a pair will cost, from shapes alone: for the words that a user reads before a long wait.</summary>
/// <param name="Bytes">Bytes of both models that will be read; what is read a second time comes from memory and is not counted again.</param>
/// <param name="Multiplications">Multiply-add operations of the inner products, which take nearly all of the computing.</param>
internal readonly record struct WorkEstimate(long Bytes, double Multiplications)
{
    // Units are compared once between the models, and each two once inside either model to find copies.
    private const int ProductsPerPair = 2;

    /// <summary>The estimate for one pair.</summary>
    public static WorkEstimate Of(ModelReader suspect, ModelReader reference, ReadingPlan plan)
    {
        long Read(ModelReader model) => plan.Full ? model.Source.TotalBytes : Math.Min(model.Source.TotalBytes, plan.Budget);

        double products = 0;
        foreach (var group in NeuronUnits.Choose(suspect, reference, plan, out _))
        {
            var length = group.Coordinates.Length
                + Columns(reference, Part.Gate, group.Layer, group.Expert) + Columns(reference, Part.Up, group.Layer, group.Expert);
            products += (double)group.Seats.Length * group.Seats.Length * length * ProductsPerPair;
        }

        return new WorkEstimate(Read(suspect) + Read(reference), products);
    }

    /// <summary>The sum of two.</summary>
    public WorkEstimate Plus(WorkEstimate other) => new(Bytes + other.Bytes, Multiplications + other.Multiplications);

    private static int Columns(ModelReader model, Part part, int layer, int expert) => model.Find(new Role(part, layer, expert))?.Columns ?? 0;
}
