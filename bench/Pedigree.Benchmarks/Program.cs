using BenchmarkDotNet.Running;
using Pedigree.Benchmarks.OrthogonalFactors;
using Pedigree.Benchmarks.WholeCommand;

if (args is ["large-pair", ..])
{
    LargePair.Run(args[1..]);
}
else if (args is ["statistics", var path])
{
    StatisticsRate.Run(path);
}
else if (args is ["hidden-pair", ..])
{
    HiddenPair.Run(args[1..]);
}
else if (args is ["orthogonal-factors", ..])
{
    OrthogonalFactorTable.Run(args[1..]);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
