using System.CommandLine;
using Pedigree.Cli.Commands;

namespace Pedigree.Cli.Parsing;

/// <summary>Arguments that name files and folders.</summary>
internal static class PathArguments
{
    /// <summary>Refuses what looks like an option. The parser would take a mistyped one for the name of a file, and an option that was meant to
    /// change the result would be left out without a word.</summary>
    public static Argument<T> RefusingOptions<T>(this Argument<T> argument)
    {
        argument.Validators.Add(result =>
        {
            foreach (var text in result.Tokens.Select(token => token.Value).Where(text => text.StartsWith('-')))
            {
                result.AddError(UsageErrors.NoOption(text, result.Parent));
            }
        });
        return argument;
    }
}
