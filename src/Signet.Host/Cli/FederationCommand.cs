using System.CommandLine;
using Signet.OpenIdFederation.Policy;

namespace Signet.Host.Cli;

/// <summary><c>signet federation policy apply</c>.</summary>
internal static class FederationCommand
{
    public static Command Make() => new("federation", "OpenID Federation.") { Policy() };

    private static Command Policy() => new("policy", "Metadata policies.") { Apply() };

    private static Command Apply()
    {
        var file = new Argument<FileInfo?>("file")
        {
            Description = "Questions, one a line; standard input when not given.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            "apply", """Answer lines of {"policies":[superior, …, immediate],"metadata":{…}} with what results: {"merged":…,"resolved":…}, or {"error":…,"detail":…}.""")
        {
            file,
        };
        command.SetAction(async (parsed, ct) =>
        {
            try
            {
                await using var input = parsed.GetValue(file) is { } questions ? questions.OpenRead() : Console.OpenStandardInput();
                await using var output = Console.OpenStandardOutput();
                await AnswerLines.RunAsync(input, output, PolicyQuestion.MaxBytes, line => PolicyQuestion.Answer(line), ct);
                return 0;
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                return Output.Fail(refused.Message);
            }
        });
        return command;
    }
}
