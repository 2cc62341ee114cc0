using System.CommandLine;
using System.CommandLine.Parsing;

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
                var meant = Spelling.Nearest(text.Split('=')[0], OptionsOf(result.Parent));
                result.AddError($"`{text}` is no option of this command. " + (meant is null ? $"If it is a path, write `./{text}`." : $"Did you mean `{meant}`?"));
            }
        });
        return argument;
    }

    private static IEnumerable<string> OptionsOf(SymbolResult? command)
    {
        for (; command is CommandResult own; command = own.Parent)
        {
            foreach (var option in own.Command.Options)
            {
                yield return option.Name;
            }
        }
    }
}
