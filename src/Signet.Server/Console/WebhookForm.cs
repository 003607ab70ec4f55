using Signet.Platform.Http;
using Signet.Server.SignIn;
using Signet.Server.Ui;
using Signet.Server.Webhooks;

namespace Signet.Server.Console;

/// <summary>A webhook as a form has it: patterns as lines of text, so that what was typed stands there again when something is wrong with it.</summary>
public sealed record WebhookForm
{
    public string Name { get; init; } = "";

    public string Url { get; init; } = "";

    public string Events { get; init; } = "*";

    public static WebhookForm Of(Webhook webhook) => new() { Name = webhook.Name, Url = webhook.Url, Events = string.Join('\n', webhook.Events) };

    public static WebhookForm Read(IFormCollection form) => new()
    {
        Name = FormText.Of(form, "name"),
        Url = FormText.Of(form, "url").Trim(),
        Events = FormText.Of(form, "events"),
    };

    public CreateWebhook.Request ToCreate() => new(Name, Url, Patterns);

    public UpdateWebhook.Request ToUpdate() => new(Name, Url, Patterns);

    /// <summary>The API's words, each beside its field.</summary>
    public static FormErrors ErrorsOf(Problem? problem) => problem switch
    {
        null => FormErrors.None,
        { Errors: { Count: > 0 } errors } => new FormErrors([.. errors.SelectMany(field => field.Value.Distinct().Select(message => new FieldError(field.Key, Sentence(field.Key, message))))]),
        _ => FormErrors.Of(problem.Title),
    };

    private string[] Patterns => [.. Events.Split([' ', ',', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    private static string Sentence(string field, string message) => field switch
    {
        "name" => $"The name {message}.",
        "url" => $"The URL {message}.",
        _ => message.StartsWith("is ", StringComparison.Ordinal) ? $"An event {message}." : $"Events: {message}.",
    };
}
