using Signet.Server.Clients;
using Signet.Server.Users;

namespace Signet.Server.Agents;

/// <summary>An agent, with the credentials that have not been revoked.</summary>
/// <param name="Owner">The person who answers for it.</param>
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
    AgentState State,
    int Epoch,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<Credential> Credentials)
{
    /// <summary>
    /// The agent as the token endpoint sees it: an application with a secret that speaks for itself. It has no secret of a client's, so that
    /// <see cref="AgentSecrets"/> alone decides who it is.
    /// </summary>
    public Client ToClient() => new(
        new ClientId(Id.Value), Email, ClientKind.Confidential, [Grant.ClientCredentials], [], [], Scopes, AsksConsent: false,
        TokenAlgorithm, TokenAlgorithm, TokenLife, State is AgentState.Active ? ClientState.Active : ClientState.Disabled, CreatedAt, UpdatedAt, []);

    /// <summary>What it may hand on, or act with for others.</summary>
    public IEnumerable<string> DelegableScopes => Scopes;

    public bool IsActive(DateTimeOffset now) => State is AgentState.Active && (ExpiresAt is null || ExpiresAt > now);

    /// <summary>Whether a token that was issued in that epoch, for that credential, still speaks for the agent.</summary>
    public bool StandsBy(int epoch, CredentialId credential, DateTimeOffset now) =>
        IsActive(now) && epoch == Epoch && Credentials.Any(own => own.Id == credential && own.State is CredentialState.Active);
}

/// <summary>A way in which an agent shows who it is: a secret, which is not known to us.</summary>
/// <param name="PreviousHash">Of the secret before the last rotation; holds until <paramref name="PreviousUntil"/>.</param>
/// <param name="ExpiresAt">From then on it gets no tokens; those it got live on. Null: never.</param>
public sealed record Credential(
    CredentialId Id, byte[] Hash, byte[]? PreviousHash, DateTimeOffset? PreviousUntil, string Hint, CredentialState State,
    DateTimeOffset CreatedAt, DateTimeOffset? RotatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt);

public enum CredentialState
{
    Active,

    /// <summary>Gets no tokens, and those it got are dead.</summary>
    Revoked,
}
