using Signet.OAuth;

namespace Signet.Server.Clients;

/// <summary>An application as the protocol sees it.</summary>
/// <param name="AsksConsent">False for an application of the operator's own, whose users are not asked.</param>
/// <param name="AccessTokenAlgorithm">ES256 unless its resource servers want another.</param>
/// <param name="IdTokenAlgorithm">RS256 unless it asked for another (OIDC Registration §2).</param>
public sealed record Client(
    ClientId Id,
    string Name,
    ClientKind Kind,
    IReadOnlyList<Grant> Grants,
    IReadOnlyList<string> RedirectUris,
    IReadOnlyList<string> PostLogoutRedirectUris,
    IReadOnlyList<string> Scopes,
    bool AsksConsent,
    string AccessTokenAlgorithm,
    string IdTokenAlgorithm,
    TimeSpan AccessTokenLife,
    ClientState State,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<ClientSecret> Secrets)
{
    /// <summary>The id's text, made once: every token carries it.</summary>
    public string IdText { get; } = Id.ToString();

    /// <summary>All it may ask for.</summary>
    public ScopeSet Scope { get; } = ScopeSet.Of(Scopes);

    /// <summary>What it may ask for itself: the scopes that speak of a person have no meaning then.</summary>
    public ScopeSet OwnScope { get; } = ScopeSet.Of(Scopes.Where(scope => scope is not ("openid" or "profile" or "email" or "phone" or "offline_access")));

    public bool IsActive => State is ClientState.Active;

    public bool May(Grant grant) => Grants.Contains(grant);
}

/// <summary>One of the secrets that hold; the secret itself is not known to us.</summary>
/// <param name="ExpiresAt">Null: until it is rotated away.</param>
public sealed record ClientSecret(Guid Id, byte[] Hash, string Hint, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

/// <summary>Whether an application can keep a secret (RFC 6749 §2.1).</summary>
public enum ClientKind
{
    /// <summary>Runs on a server and shows itself with a secret, in the header or in the body (RFC 6749 §2.3.1).</summary>
    Confidential,

    /// <summary>Runs on a device or in a page, and shows nothing but its id.</summary>
    Public,
}

/// <summary>The grants an application may use, in the words of RFC 6749 §4 and §6.</summary>
public enum Grant
{
    AuthorizationCode,
    RefreshToken,
    ClientCredentials,
}

public enum ClientState
{
    Active,

    /// <summary>Gets no token, and none of its tokens is active.</summary>
    Disabled,
}
