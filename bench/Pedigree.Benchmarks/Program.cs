using BenchmarkDotNet.Running;
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
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
