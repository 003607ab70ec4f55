using Signet.Jose;
using Signet.Server.Clients;
using Signet.Server.Users;

namespace Signet.Server.Agents;

/// <summary>An agent, with the credentials that have not been revoked.</summary>
/// <param name="Owner">The person who answers for it.</param>
/// <param name="DpopRequired">It gets no token that is not bound to a key (RFC 9449).</param>
/// <param name="Epoch">Of its tokens; those of an earlier one are dead.</param>
/// <param name="ExpiresAt">From then on it gets no tokens and none of its tokens is active. Null: never.</param>
public sealed record Agent(
    AgentId Id,
    string Email,
    AgentType Type,
    string Version,
    string Description,
    IReadOnlyList<string> Capabilities,
    DeploymentEnv DeploymentEnv,
    UserId Owner,
    UserId? Sponsor,
    IReadOnlyList<string> Scopes,
    string TokenAlgorithm,
    TimeSpan TokenLife,
    bool DpopRequired,
    AgentState State,
    int Epoch,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<Credential> Credentials)
{
    /// <summary>Most access tokens it gets in a calendar month (UTC); null: as many as the tenant allows each of its agents.</summary>
    public int? MonthlyTokens { get; init; }

    /// <summary>
    /// The agent as the token endpoint sees it: an application with a secret that speaks for itself. It has no secret of a client's, so that
    /// <see cref="AgentSecrets"/> alone decides who it is.
    /// </summary>
    public Client ToClient() => new(
        new ClientId(Id.Value), Email, ClientKind.Confidential, [Grant.ClientCredentials], [], [], [.. DelegableScopes], AsksConsent: false,
        TokenAlgorithm, TokenAlgorithm, TokenLife, State is AgentState.Active ? ClientState.Active : ClientState.Disabled, CreatedAt, UpdatedAt, []);

    /// <summary>Those of its scopes it gets through a person's approval only, each time anew.</summary>
    public IReadOnlyList<string> ApprovalScopes { get; init; } = [];

    /// <summary>What it may have without asking anybody, hand on, or act with for others.</summary>
    public IEnumerable<string> DelegableScopes => Scopes.Except(ApprovalScopes, StringComparer.Ordinal);

    /// <summary>What it is filed under (<see cref="AgentLabels"/>).</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = AgentLabels.None;

    /// <summary>What it was made of; null where somebody said everything of it.</summary>
    public BlueprintId? Blueprint { get; init; }

    /// <summary>How long one attestation holds; null where nobody has to attest it.</summary>
    public int? AttestationDays { get; init; }

    /// <summary>Until when a person said it is still wanted; null exactly where <see cref="AttestationDays"/> is.</summary>
    public DateTimeOffset? AttestedUntil { get; init; }

    /// <summary>Since when nobody answers for it: its owner is deactivated or gone.</summary>
    public DateTimeOffset? OrphanedAt { get; init; }

    public bool IsActive(DateTimeOffset now) => State is AgentState.Active && (ExpiresAt is null || ExpiresAt > now) && !IsOverdue(now);

    /// <summary>Whether its attestation ran out, whatever its state says yet.</summary>
    public bool IsOverdue(DateTimeOffset now) => AttestedUntil <= now;

    /// <summary>Whether a token that was issued in that epoch, for that credential, still speaks for the agent.</summary>
    public bool StandsBy(int epoch, CredentialId credential, DateTimeOffset now) =>
        IsActive(now) && epoch == Epoch && Credentials.Any(own => own.Id == credential && own.State is CredentialState.Active);
}

/// <summary>A way in which an agent shows who it is. Nothing we keep would let anybody else do that.</summary>
/// <param name="Hash">Of the secret; null where the credential is none, or its secret is in Vault.</param>
/// <param name="PreviousHash">Of the secret before the last rotation; holds until <paramref name="PreviousUntil"/>.</param>
/// <param name="Keys">Of a credential that is a key, or a certificate known by its key: the key, under its <c>kid</c>.</param>
/// <param name="JwksUri">Of a credential that is a key: where the agent publishes it, and those that will follow it. Of a workload's identity: its issuer.</param>
/// <param name="ExpiresAt">From then on it gets no tokens; those it got live on. Null: never.</param>
/// <param name="LastUsedAt">To the minute; null where it never was. On the directory's copies it may be old.</param>
public sealed record Credential(
    CredentialId Id, CredentialKind Kind, byte[]? Hash, byte[]? PreviousHash, DateTimeOffset? PreviousUntil, Jwks? Keys, string? JwksUri, string Hint,
    CredentialState State, DateTimeOffset CreatedAt, DateTimeOffset? RotatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt)
{
    /// <summary>Of a credential that is a certificate: how it is known.</summary>
    public RegisteredCertificate? Certificate { get; init; }

    /// <summary>Of a secret that is kept in Vault: where.</summary>
    public VaultPlace? Vault { get; init; }

    public bool Holds(DateTimeOffset now) => State is CredentialState.Active && (ExpiresAt is null || ExpiresAt > now);
}

public enum CredentialKind
{
    /// <summary>A secret both sides know; we know its hash.</summary>
    ClientSecret,

    /// <summary>A key whose private half never leaves the agent (RFC 7523 §2.2).</summary>
    PrivateKeyJwt,

    /// <summary>Tokens of somebody else's issuer, which a trust policy takes for the agent. We keep no secret and no key of it.</summary>
    WorkloadIdentity,

    /// <summary>The certificate of the agent's TLS connection (RFC 8705 §2). The tokens it gets are bound to it.</summary>
    Certificate,
}

public enum CredentialState
{
    Active,

    /// <summary>Gets no tokens, and those it got are dead.</summary>
    Revoked,
}
