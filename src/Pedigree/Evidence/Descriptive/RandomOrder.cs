namespace Pedigree.Evidence.Descriptive;

internal static class RandomOrder
{
    public static int[] Of(int length, ulong seed, int index)
    {
        var order = Enumerable.Range(0, length).ToArray();
        new Random(unchecked((int)(seed + (ulong)index))).Shuffle(order);
        return order;
    }
}
