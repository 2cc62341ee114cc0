namespace Pedigree.Zoo.Models;

/// <summary>The linear assignment problem.</summary>
internal static class Assignment
{
    /// <summary>Gives each row a column of its own so that the sum of the chosen scores is the largest possible.</summary>
    /// <param name="scores">n x n, row by row.</param>
    /// <param name="n">Rows and columns.</param>
    /// <returns>The column of each row.</returns>
    /// <remarks>Shortest augmenting paths with potentials (Kuhn 1955; Jonker and Volgenant 1987), n³ steps.</remarks>
    public static int[] Largest(double[] scores, int n)
    {
        var rowPotential = new double[n + 1];
        var columnPotential = new double[n + 1];
        var rowOf = new int[n + 1];
        var before = new int[n + 1];
        for (var row = 1; row <= n; row++)
        {
            rowOf[0] = row;
            var column = 0;
            var distance = new double[n + 1];
            Array.Fill(distance, double.PositiveInfinity);
            var isDone = new bool[n + 1];
            do
            {
                isDone[column] = true;
                var (current, step, next) = (rowOf[column], double.PositiveInfinity, 0);
                for (var other = 1; other <= n; other++)
                {
                    if (isDone[other])
                    {
                        continue;
                    }

                    var reduced = -scores[((current - 1) * n) + other - 1] - rowPotential[current] - columnPotential[other];
                    if (reduced < distance[other])
                    {
                        (distance[other], before[other]) = (reduced, column);
                    }

                    if (distance[other] < step)
                    {
                        (step, next) = (distance[other], other);
                    }
                }

                for (var other = 0; other <= n; other++)
                {
                    if (isDone[other])
                    {
                        rowPotential[rowOf[other]] += step;
                        columnPotential[other] -= step;
                    }
                    else
                    {
                        distance[other] -= step;
                    }
                }

                column = next;
            }
            while (rowOf[column] != 0);

            while (column != 0)
            {
                rowOf[column] = rowOf[before[column]];
                column = before[column];
            }
        }

        var columns = new int[n];
        for (var column = 1; column <= n; column++)
        {
            columns[rowOf[column] - 1] = column - 1;
        }

        return columns;
    }
}
