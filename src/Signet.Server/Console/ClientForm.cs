using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Server.Clients;
using Signet.Server.SignIn;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>An application as a form has it: lists as lines of text, so that what was typed stands there again when something is wrong with it.</summary>
public sealed record ClientForm
{
    public string Name { get; init; } = "";

    public ClientKind Kind { get; init; } = ClientKind.Confidential;

    public IReadOnlyList<Grant> Grants { get; init; } = [Grant.AuthorizationCode, Grant.RefreshToken];

    public string RedirectUris { get; init; } = "";

    public string PostLogoutRedirectUris { get; init; } = "";

    public string Scopes { get; init; } = string.Join(' ', ClientMetadata.UsualScopes);

    public bool AsksConsent { get; init; } = true;

    public string AccessTokenAlgorithm { get; init; } = "ES256";

    public string IdTokenAlgorithm { get; init; } = "RS256";

    public string AccessTokenSeconds { get; init; } = "900";

    public static ClientForm Of(Client client) => new()
    {
        Name = client.Name,
        Kind = client.Kind,
        Grants = client.Grants,
        RedirectUris = string.Join('\n', client.RedirectUris),
        PostLogoutRedirectUris = string.Join('\n', client.PostLogoutRedirectUris),
        Scopes = string.Join(' ', client.Scopes),
        AsksConsent = client.AsksConsent,
        AccessTokenAlgorithm = client.AccessTokenAlgorithm,
        IdTokenAlgorithm = client.IdTokenAlgorithm,
        AccessTokenSeconds = client.AccessTokenLife.TotalSeconds.ToString("0"),
    };

    public static ClientForm Read(IFormCollection form) => new()
    {
        Name = FormText.Of(form, "name"),
        Kind = FormText.Of(form, "kind") == "public" ? ClientKind.Public : ClientKind.Confidential,
        Grants = [.. Enum.GetValues<Grant>().Where(grant => FormText.Of(form, SnakeCase.Of(grant)) == "true")],
        RedirectUris = FormText.Of(form, "redirect_uris"),
        PostLogoutRedirectUris = FormText.Of(form, "post_logout_redirect_uris"),
        Scopes = FormText.Of(form, "scopes"),
        AsksConsent = FormText.Of(form, "asks_consent") == "true",
        AccessTokenAlgorithm = FormText.Of(form, "access_token_algorithm"),
        IdTokenAlgorithm = FormText.Of(form, "id_token_algorithm"),
        AccessTokenSeconds = FormText.Of(form, "access_token_seconds"),
    };

    public CreateClient.Request ToCreate() => new(
        Name, Grants, Words(RedirectUris), Words(PostLogoutRedirectUris), Words(Scopes), Kind, AsksConsent, AccessTokenAlgorithm, IdTokenAlgorithm, Seconds);

    public UpdateClient.Request ToUpdate() => new(
        Name, Grants, Words(RedirectUris), Words(PostLogoutRedirectUris), Words(Scopes), AsksConsent, AccessTokenAlgorithm, IdTokenAlgorithm, Seconds);

    /// <summary>The API's words, each beside its field.</summary>
    public static FormErrors ErrorsOf(Problem? problem) => problem switch
    {
        null => FormErrors.None,
        { Errors: { Count: > 0 } errors } => new FormErrors([.. errors.SelectMany(field => field.Value.Distinct().Select(message => new FieldError(FieldOf(field.Key), Sentence(field.Key, message))))]),
        _ => FormErrors.Of(problem.Title),
    };

    // What is no number is no length of time either, and is refused as one.
    private int Seconds => int.TryParse(AccessTokenSeconds, out var seconds) ? seconds : 0;

    private static string[] Words(string text) =>
        [.. text.Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    private static string FieldOf(string name) => name == "grants" ? "authorization_code" : name;

    private static string Sentence(string field, string message) => field switch
    {
        "redirect_uris" => $"A redirect URI {message}.",
        "post_logout_redirect_uris" => $"A post-logout URI {message}.",
        "grants" => $"Grants: {message}.",
        "name" => "Enter a name of 1 to 200 characters.",
        _ => $"{char.ToUpperInvariant(field[0])}{field[1..].Replace('_', ' ')} {message}.",
    };
}
