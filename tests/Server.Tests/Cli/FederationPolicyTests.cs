using System.Text.Json;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Cli;

/// <summary><c>signet federation policy apply</c>: a line in, a line out, whatever the line.</summary>
public sealed class FederationPolicyTests
{
    private const string Good = """{"policies":[{"a":{"value":"x"}},{"a":{"essential":true}}],"metadata":{"b":1}}""";

    [Fact]
    public async Task Each_question_has_its_answer_in_order()
    {
        var answers = await AskAsync(
            Good,
            """{"policies":[{"a":{"value":"x"}},{"a":{"value":"y"}}],"metadata":{}}""",
            """{"policies":[{"a":{"one_of":["x"]}}],"metadata":{"a":"y"}}""",
            "");

        Assert.Equal(3, answers.Count);
        Assert.Equal("""{"merged":{"a":{"value":"x","essential":true}},"resolved":{"b":1,"a":"x"}}""", answers[0].GetRawText());
        Assert.Equal(["invalid_policy", "invalid_metadata"], answers.Skip(1).Select(Error));
        Assert.All(answers.Skip(1), answer => Assert.NotEmpty(answer.GetProperty("detail").GetString()!));
    }

    [Fact]
    public async Task Lines_that_are_no_questions_are_answered_and_do_not_stop_it()
    {
        var answers = await AskAsync(
            "nonsense", "[]", "{}", """{"policies":{},"metadata":{}}""", """{"policies":[]}""", """{"policies":[],"policies":[],"metadata":{}}""",
            "{\"policies\":[],\"metadata\":{\"a\":\"" + new string('x', 3 * 1024 * 1024) + "\"}}", Good + "\r");

        Assert.Equal(8, answers.Count);
        Assert.Equal(
            ["invalid_policy", "invalid_policy", "invalid_policy", "invalid_policy", "invalid_metadata", "invalid_policy", "invalid_policy"], answers.SkipLast(1).Select(Error));
        Assert.Contains("longer than", answers[6].GetProperty("detail").GetString()!, StringComparison.Ordinal);
        Assert.True(answers[7].TryGetProperty("resolved", out _));
    }

    [Fact]
    public async Task Questions_may_come_from_a_file()
    {
        var folder = Repository.NewFolder("policies");
        var file = Path.Combine(folder, "questions.jsonl");
        await File.WriteAllTextAsync(file, Good, TestContext.Current.CancellationToken);

        var asked = await SignetProcess.RunAsync("federation", "policy", "apply", file);
        var missing = await SignetProcess.RunAsync("federation", "policy", "apply", file + "x");
        Directory.Delete(folder, recursive: true);

        Assert.Equal((0, ""), (asked.ExitCode, asked.Errors));
        Assert.Contains("\"resolved\"", asked.Output, StringComparison.Ordinal);
        Assert.Equal((1, ""), (missing.ExitCode, missing.Output));
        Assert.Contains("questions.jsonlx", missing.Errors, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<JsonElement>> AskAsync(params string[] lines)
    {
        var result = await SignetProcess.AskAsync(string.Join('\n', lines), [], "federation", "policy", "apply");
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    private static string Error(JsonElement answer) => answer.GetProperty("error").GetString()!;
}
