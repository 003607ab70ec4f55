using Signet.Server.Clients;
using Signet.Server.Sessions;
using Signet.Server.Users;

namespace Signet.Server.OAuth;

/// <summary>What a person authorized an application to do; tokens are made from it.</summary>
/// <param name="Methods">How the person had proved who they are; <c>amr</c> (RFC 8176).</param>
/// <param name="Resources">The resource servers named in the request (RFC 8707); empty: the issuer itself.</param>
/// <param name="DpopKey">The key its refresh tokens are bound to (RFC 9449 §5); null where they are not.</param>
public sealed record Authorized(
    GrantId Grant, ClientId Client, UserId User, SessionId Session, IReadOnlyList<string> Scopes, IReadOnlyList<string> Resources,
    IReadOnlyList<string> Methods, DateTimeOffset AuthenticatedAt, string? DpopKey = null);
