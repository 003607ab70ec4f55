using Signet.Platform.Outbox;
using Signet.Server.Clients;
using Signet.Server.Users;

namespace Signet.Server.OAuth;

/// <summary>A token was issued. The record of every one; the token itself is not in it.</summary>
/// <param name="User">The person it speaks for; null where the application speaks for itself.</param>
public sealed record TokenIssued(ClientId Client, UserId? User, string Grant, string Scope, string TokenId, long ExpiresAt) : DomainEvent
{
    public override string Action => "oauth.token_issued";

    public override Target Target => new("client", Client.ToString());

    public override Guid? Subject => User?.Value;
}

/// <summary>A request for a token was refused after the application was known.</summary>
public sealed record TokenRefused(ClientId Client, string Grant, string Error, string Reason) : DomainEvent
{
    public override string Action => "oauth.token_refused";

    public override Outcome Outcome => Outcome.Failure;

    public override Target Target => new("client", Client.ToString());
}

/// <summary>Somebody claimed to be an application and could not show it.</summary>
public sealed record ClientRefused(ClientId Client) : DomainEvent
{
    public override string Action => "oauth.client_refused";

    public override Outcome Outcome => Outcome.Failure;

    public override Target Target => new("client", Client.ToString());
}

public sealed record AuthorizationGranted(ClientId Client, UserId User, GrantId Grant, string Scope) : DomainEvent
{
    public override string Action => "oauth.authorized";

    public override Target Target => new("client", Client.ToString());

    public override Guid? Subject => User.Value;
}

/// <summary>Every token that came of an authorization is dead.</summary>
/// <param name="Because"><c>code_replayed</c>, <c>refresh_token_replayed</c>, <c>revoked</c>, <c>signed_out</c>, <c>user_deactivated</c> …</param>
public sealed record GrantRevoked(GrantId Grant, string Because) : DomainEvent
{
    public override string Action => "oauth.grant_revoked";

    public override Target Target => new("grant", Grant.ToString());
}

public sealed record AccessTokenRevoked(ClientId Client, string TokenId) : DomainEvent
{
    public override string Action => "oauth.token_revoked";

    public override Target Target => new("client", Client.ToString());
}
