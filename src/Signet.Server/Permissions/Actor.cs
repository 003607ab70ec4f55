using Microsoft.Extensions.Primitives;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Tenants;

namespace Signet.Server.Permissions;

/// <summary>Who is calling, as one of the ways to prove it established: a browser session, an API key. Bound from the request in any handler of a guarded route.</summary>
/// <param name="Id">The user's or the API key's id.</param>
/// <param name="Role">The person's role, or that of the key's owner.</param>
/// <param name="Scopes">What an API key is limited to; null for a person, who has all that the role gives.</param>
public sealed record Actor(TenantId Tenant, ActorKind Kind, Guid Id, Role Role, IReadOnlySet<Permission>? Scopes, Guid? SessionId)
{
    /// <summary>Of an agent: the scopes of its token that it has without asking anybody. It hands on no others for good. Null for people and their keys.</summary>
    public IReadOnlyCollection<string>? Lasting { get; init; }

    public bool May(Permission permission) =>
        (Scopes is null || Scopes.Contains(permission)) && RolePermissions.Allows(Role, permission, Tenant == TenantId.Default);

    public static ValueTask<Actor?> BindAsync(HttpContext context) => new(context.Features.Get<Actor>());
}

/// <summary>One way to prove who is calling. Null: this way was not used; the next is asked.</summary>
public delegate ValueTask<ActorProof?> ActorSource(HttpContext context, TenantId tenant);

/// <summary>What an <see cref="ActorSource"/> found out.</summary>
/// <param name="Actor">Null: this way was used, and what was shown is not valid.</param>
/// <param name="IsAmbient">The browser sent it by itself (a cookie), so that a change also needs the browser token.</param>
/// <param name="TokenScopes">Of an access token, whose use the policy has a say in; null where none was shown.</param>
public sealed record ActorProof(Actor? Actor, bool IsAmbient, IReadOnlyList<string>? TokenScopes = null);

/// <summary>What the policy says to a request with an access token, once permissions allow it. Null: it allows it too.</summary>
public delegate ValueTask<TokenDenial?> TokenRule(HttpContext context, Actor actor, IReadOnlyList<string> scopes);

/// <param name="Missing">The scopes with which it would be allowed; empty where no scope helps.</param>
public sealed record TokenDenial(IResult Answer, IReadOnlyList<string> Missing);

/// <summary>
/// How a refused caller may get in (RFC 9110 §11.6.1): the values of <c>WWW-Authenticate</c>; empty where nothing it could show would help.
/// </summary>
/// <param name="missing">Of a token: the scopes it lacks, where the policy has named them.</param>
public delegate StringValues ChallengeRule(HttpContext context, Tenant tenant, ChallengeCause cause, Permission needed, IReadOnlyList<string> missing);

public enum ChallengeCause
{
    NothingShown,

    /// <summary>What was shown is not valid, or not valid here.</summary>
    NotValid,

    /// <summary>The access token holds, and allows less.</summary>
    ScopeMissing,
}
