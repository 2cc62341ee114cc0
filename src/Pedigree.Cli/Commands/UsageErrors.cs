using System.CommandLine;
using System.CommandLine.Parsing;
using Pedigree.Cli.Parsing;

namespace Pedigree.Cli.Commands;

/// <summary>What is wrong with a command line, in the words of this program: which word, and what was probably meant.</summary>
internal static class UsageErrors
{
    /// <summary>The sentences, at least one.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0)
        {
            return [NoCommand(command, parsed.UnmatchedTokens)];
        }

        var unmatched = parsed.UnmatchedTokens.Select(word => word.StartsWith('-')
            ? NoOption(word, parsed.CommandResult)
            : $"`{word}` is one argument too many for `{command.Name}`.").ToArray();
        var others = parsed.Errors.Where(error => !IsAboutUnmatched(error, parsed)).Select(error => Sentence(error, command));
        return [.. unmatched.Concat(others).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Says that a word is no option of a command, and which option it resembles.</summary>
    public static string NoOption(string word, SymbolResult? of)
    {
        var meant = Spelling.Nearest(word.Split('=')[0], OptionsOf(of));
        return $"`{word}` is no option of this command. " + (meant is null ? $"If it is a path, write `./{word}`." : $"Did you mean `{meant}`?");
    }

    private static string NoCommand(Command program, IReadOnlyList<string> words)
    {
        var names = string.Join(", ", program.Subcommands.Select(command => $"`{command.Name}`"));
        return words is not [var word, ..] ? $"A command is missing: {names}."
            : Spelling.Nearest(word, program.Subcommands.Select(command => command.Name)) is { } meant ? $"`{word}` is no command. Did you mean `{meant}`?"
            : $"`{word}` is no command; there are {names}.";
    }

    private static bool IsAboutUnmatched(ParseError error, ParseResult parsed) =>
        error.SymbolResult is CommandResult && parsed.UnmatchedTokens.Any(word => error.Message.Contains(word, StringComparison.Ordinal));

    private static string Sentence(ParseError error, Command command) => error.SymbolResult switch
    {
        ArgumentResult { Tokens.Count: 0, Argument: var argument } when command.Arguments.Contains(argument) => $"`{command.Name}` needs {Article(argument.Name)} {argument.Name}.",
        OptionResult { Tokens.Count: 0, Option: var option } => $"`{option.Name}` needs a value.",
        OptionResult { Tokens.Count: > 1, Option: var option } when option.Arity.MaximumNumberOfValues == 1 => $"`{option.Name}` can be given only once.",
        _ => error.Message,
    };

    private static string Article(string noun) => "AEIOU".Contains(noun[0], StringComparison.Ordinal) ? "an" : "a";

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
