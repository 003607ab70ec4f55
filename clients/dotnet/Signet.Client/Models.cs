using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signet.Client;

/// <summary>An agent.</summary>
/// <param name="AgentType"><c>screener</c>, <c>classifier</c>, <c>orchestrator</c>, <c>extractor</c>, <c>summarizer</c>, <c>router</c>, <c>monitor</c> or <c>custom</c>.</param>
/// <param name="Version">Semantic.</param>
/// <param name="Capabilities"><c>resource:action</c>.</param>
/// <param name="Owner">The id of the person who answers for it.</param>
/// <param name="DeploymentEnv"><c>development</c>, <c>staging</c> or <c>production</c>.</param>
/// <param name="Status"><c>active</c>, <c>suspended</c> or <c>decommissioned</c>.</param>
/// <param name="ExpiresAt">Null: never.</param>
public sealed record Agent(
    string AgentId, string Email, string AgentType, string Version, string Description, IReadOnlyList<string> Capabilities, string Owner, string? Sponsor,
    string DeploymentEnv, IReadOnlyList<string> Scopes, string TokenAlgorithm, int TokenSeconds, bool DpopRequired, string Status, DateTimeOffset? ExpiresAt,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>An agent to be. What is null is the server's choice.</summary>
/// <param name="Email">No other agent of the tenant has it.</param>
/// <param name="Owner">Id or address of a person; null: whoever registers.</param>
public sealed record NewAgent(
    string Email, string AgentType, string Version, IReadOnlyList<string> Capabilities, string DeploymentEnv, string? Owner = null, string? Sponsor = null,
    string? Description = null, IReadOnlyList<string>? Scopes = null, string? TokenAlgorithm = null, int? TokenSeconds = null, DateTimeOffset? ExpiresAt = null);

/// <summary>What is to change of an agent; what is null stays.</summary>
public sealed record AgentChange(
    string? AgentType = null, string? Version = null, IReadOnlyList<string>? Capabilities = null, string? DeploymentEnv = null, string? Owner = null,
    string? Sponsor = null, string? Description = null, IReadOnlyList<string>? Scopes = null, string? TokenAlgorithm = null, int? TokenSeconds = null,
    DateTimeOffset? ExpiresAt = null, string? Status = null);

/// <summary>A page of a list.</summary>
/// <param name="Next">Where the next page begins; null on the last.</param>
public sealed record AgentPage(IReadOnlyList<Agent> Agents, string? Next);

/// <summary>A credential, without its secret.</summary>
/// <param name="Kind"><c>client_secret</c> or <c>private_key_jwt</c>, among others.</param>
/// <param name="Status"><c>active</c> or <c>revoked</c>.</param>
/// <param name="LastUsedAt">To the minute.</param>
public sealed record Credential(
    string CredentialId, string ClientId, string Kind, string Status, string Hint, DateTimeOffset CreatedAt, DateTimeOffset? RotatedAt,
    DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt);

/// <summary>A credential as it was just made.</summary>
/// <param name="ClientSecret">Shown this once; null where the credential is a key.</param>
public sealed record MadeCredential(Credential Credential, string? ClientSecret)
{
    /// <summary>The secret, ready to be used.</summary>
    public AgentSecret ToSecret() => new(Credential.ClientId, ClientSecret ?? throw new InvalidOperationException("This credential is a key and has no secret."));

    /// <summary>Never the secret.</summary>
    public override string ToString() => $"[secret of {Credential.ClientId}]";
}

/// <summary>An access token (RFC 6749 §5.1).</summary>
/// <param name="ExpiresIn">Seconds.</param>
public sealed record AccessToken(
    [property: JsonPropertyName("access_token")] string Value, [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn, string? Scope)
{
    /// <summary>Never the token.</summary>
    public override string ToString() => "[token]";
}

/// <summary>What the server says of a token (RFC 7662 §2.2); nothing but that it is not active, where it is not.</summary>
/// <param name="Act">Who acts for the subject (RFC 8693 §4.1).</param>
public sealed record Introspection(
    bool Active, [property: JsonPropertyName("client_id")] string? ClientId = null, [property: JsonPropertyName("sub")] string? Subject = null, string? Scope = null,
    [property: JsonPropertyName("exp")] long? ExpiresAt = null, JsonElement? Act = null);

/// <summary>The right to act, as one agent hands it to another.</summary>
/// <param name="DelegationToken">The other exchanges it for access tokens; nobody else can.</param>
/// <param name="ChainId">Ends it, and all that came of it.</param>
public sealed record DelegationOffer(
    string DelegationToken, string ChainId, string DelegatorAgentId, string DelegateeAgentId, IReadOnlyList<string> Scopes, DateTimeOffset ExpiresAt)
{
    /// <summary>Never the token.</summary>
    public override string ToString() => $"[delegation {ChainId}]";
}
