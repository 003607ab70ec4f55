using Signet.OAuth;
using Signet.Platform.Http;
using Signet.Server.Keys;

namespace Signet.Server.Clients;

/// <summary>What may be said of an application when it is made or changed; checked as a whole, each fault under its field's name.</summary>
public sealed record ClientMetadata
{
    public required string Name { get; init; }

    public required IReadOnlyList<Grant> Grants { get; init; }

    public required IReadOnlyList<string> RedirectUris { get; init; }

    public required IReadOnlyList<string> PostLogoutRedirectUris { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required bool AsksConsent { get; init; }

    public required string AccessTokenAlgorithm { get; init; }

    public required string IdTokenAlgorithm { get; init; }

    public required int AccessTokenSeconds { get; init; }

    private const int MostUris = 50;
    private const int MostScopes = 100;

    /// <summary>The standard scopes; more are the operator's own.</summary>
    public static readonly IReadOnlyList<string> UsualScopes = ["openid", "profile", "email", "offline_access"];

    /// <summary>Null if all of it may stand.</summary>
    public Problem? Refuse(ClientKind kind)
    {
        var errors = new Dictionary<string, string[]>();
        Check(errors, "name", Name.Trim().Length is >= 1 and <= 200 && !Name.Any(char.IsControl), "is to have 1 to 200 characters");
        Check(errors, "grants", Grants.Count > 0, "name at least one");
        Check(errors, "grants", kind is ClientKind.Confidential || !Grants.Contains(Grant.ClientCredentials),
            "client_credentials needs an application with a secret (RFC 6749 §4.4)");
        Check(errors, "grants", !Grants.Contains(Grant.RefreshToken) || Grants.Contains(Grant.AuthorizationCode), "refresh_token goes with authorization_code");
        Check(errors, "redirect_uris", RedirectUris.Count <= MostUris, $"at most {MostUris}");
        Check(errors, "redirect_uris", RedirectUris.Count > 0 || !Grants.Contains(Grant.AuthorizationCode), "authorization_code needs at least one");
        CheckUris(errors, "redirect_uris", RedirectUris);
        Check(errors, "post_logout_redirect_uris", PostLogoutRedirectUris.Count <= MostUris, $"at most {MostUris}");
        CheckUris(errors, "post_logout_redirect_uris", PostLogoutRedirectUris);
        Check(errors, "scopes", Scopes.Count is > 0 and <= MostScopes, $"name 1 to {MostScopes}");
        Check(errors, "scopes", Scopes.All(ScopeSet.IsToken), "a scope is letters, digits and punctuation without space, quote or backslash (RFC 6749 §3.3)");
        Check(errors, "access_token_algorithm", SigningAlgorithms.All.Contains(AccessTokenAlgorithm), $"one of {string.Join(", ", SigningAlgorithms.All)}");
        Check(errors, "id_token_algorithm", SigningAlgorithms.All.Contains(IdTokenAlgorithm), $"one of {string.Join(", ", SigningAlgorithms.All)}");
        Check(errors, "access_token_seconds", AccessTokenSeconds is >= 60 and <= 86_400, "is to be 60 to 86400");
        return errors.Count == 0 ? null : ClientProblems.Invalid with { Errors = errors };
    }

    private static void CheckUris(Dictionary<string, string[]> errors, string field, IReadOnlyList<string> uris)
    {
        foreach (var uri in uris)
        {
            // Exact match keeps loopback addresses and private schemes safe, so any application may have them (RFC 8252 §7).
            if (RedirectUriRules.Check(uri, ApplicationType.Native) is { } defect)
            {
                Check(errors, field, ok: false, Describe(defect));
            }
        }
    }

    private static void Check(Dictionary<string, string[]> errors, string field, bool ok, string message)
    {
        if (!ok)
        {
            errors[field] = [.. errors.GetValueOrDefault(field) ?? [], message];
        }
    }

    private static string Describe(RedirectUriDefect defect) => defect switch
    {
        RedirectUriDefect.Length => "is to have 1 to 2048 characters",
        RedirectUriDefect.Characters => "has a character or an escape that no URI has (RFC 3986 §2)",
        RedirectUriDefect.NotAbsolute => "is to be absolute",
        RedirectUriDefect.Scheme => "is to begin with https://, http:// for this machine, or a private scheme such as com.example.app:",
        RedirectUriDefect.Fragment => "is to have no fragment (RFC 6749 §3.1.2)",
        RedirectUriDefect.UserInfo => "is to have no user name before the host",
        RedirectUriDefect.Wildcard => "is to have no asterisk: a URI matches itself and nothing else",
        RedirectUriDefect.Host => "names a host that is not written plainly, or http for another machine",
        RedirectUriDefect.DotSegment => "is to have no . or .. in its path",
    };
}
