using System.Text.Json.Serialization;
using Signet.Jose;
using Signet.OAuth;
using Signet.OAuth.TokenExchange;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Server.Agents;
using Signet.Server.Delegations;
using Signet.Server.Settings;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>
/// Delegation in the words software for agents knows: an agent says that another may act with part of its right for a while. What the other gets is an
/// offer, which it alone can exchange for access tokens (RFC 8693, <c>may_act</c>) as often as it likes until the end.
/// </summary>
public sealed class DelegateToken(
    AuthenticateCaller authenticate, IssueTokens issue, AgentDirectory agents, DelegationRecord record, VerifyAccessToken verify, HostSettings settings,
    Db db, TimeProvider time)
{
    /// <summary>The <c>typ</c> of an offer.</summary>
    internal const string OfferType = "delegation+jwt";

    private const string Path = "/oauth2/token/delegate";
    private const int LeastSeconds = 60;
    private const int MostSeconds = 86_400;
    private const int MostAudiences = 16;

    /// <param name="TtlSeconds">60 to 86400; never longer than the caller's own token.</param>
    /// <param name="Audience">Where the delegatee may act; left out: where the caller's token is for, or here.</param>
    public sealed record Request(
        [property: JsonPropertyName("delegateeAgentId")] AgentId DelegateeAgentId,
        IReadOnlyList<string> Scopes,
        [property: JsonPropertyName("ttlSeconds")] int TtlSeconds = 3600,
        IReadOnlyList<string>? Audience = null);

    public sealed record Made(
        [property: JsonPropertyName("delegationToken")] string DelegationToken,
        [property: JsonPropertyName("chainId")] DelegationId ChainId,
        [property: JsonPropertyName("delegationId")] DelegationId DelegationId,
        [property: JsonPropertyName("delegatorAgentId")] AgentId DelegatorAgentId,
        [property: JsonPropertyName("delegateeAgentId")] AgentId DelegateeAgentId,
        IReadOnlyList<string> Scopes,
        [property: JsonPropertyName("expiresAt")] DateTimeOffset ExpiresAt);

    public sealed record Check([property: JsonPropertyName("delegationToken")] string DelegationToken);

    /// <param name="Chain">The subject first, then each actor in the order they came.</param>
    public sealed record Checked(
        bool Valid,
        [property: JsonPropertyName("chainId")] DelegationId? ChainId = null,
        [property: JsonPropertyName("delegatorAgentId")] AgentId? DelegatorAgentId = null,
        [property: JsonPropertyName("delegateeAgentId")] AgentId? DelegateeAgentId = null,
        IReadOnlyList<string>? Chain = null,
        IReadOnlyList<string>? Scopes = null,
        IReadOnlyList<string>? Audience = null,
        [property: JsonPropertyName("expiresAt")] DateTimeOffset? ExpiresAt = null);

    public static void Map(RouteGroupBuilder protocol)
    {
        protocol.MapPost(Path, (HttpContext context, Request request, DelegateToken use) => use.HandleAsync(context, request));
        protocol.MapPost("/oauth2/token/verify-delegation", (HttpContext context, Check check, DelegateToken use) => use.VerifyAsync(context, check));
        protocol.MapDelete(Path + "/{chain}", (HttpContext context, DelegationId chain, DelegateToken use) => use.RevokeAsync(context, chain));
    }

    /// <summary>Whether a token says that it is an offer; whose, and whether it holds, is another question.</summary>
    internal static bool IsOffer(string? token) => token is { Length: <= 16_384 } && Jws.TryParse(token, 16_384)?.Header.Type == OfferType;

    private async Task HandleAsync(HttpContext context, Request request)
    {
        var (tenant, ct) = (context.Features.Get<Tenant>()!, context.RequestAborted);
        if (await authenticate.RunAsync(context, tenant) is not { } caller)
        {
            return;
        }

        if (caller.Agent is not { } self || SourceOf(tenant, caller, request) is not { } source)
        {
            await OAuthAnswer.WriteAsync(context, OAuthError.UnauthorizedClient with { Description = "Only agents delegate." });
            return;
        }

        if (Refuse(request) is { } malformed)
        {
            await OAuthAnswer.WriteAsync(context, malformed);
            return;
        }

        var now = time.GetUtcNow();
        if (await agents.FindAsync(tenant.Id, request.DelegateeAgentId, ct) is not { } delegatee || !delegatee.IsActive(now))
        {
            await OAuthAnswer.WriteAsync(context, Invalid("There is no such active agent.", StatusCodes.Status404NotFound));
            return;
        }

        var actor = new DelegationParent(
            new Party(tenant.Origin, delegatee.Id.ToString()), ScopeSet.Of(delegatee.DelegableScopes), [], delegatee.ExpiresAt ?? DateTimeOffset.MaxValue);
        var limits = new DelegationLimits(source.Parent.Scope, TimeSpan.FromSeconds(request.TtlSeconds), settings.DelegationDepth);
        var check = Delegation.Check(
            source.Parent, actor, new WantedDelegation(ScopeSet.Of(request.Scopes), request.Audience ?? []), limits, now);
        if (check is not DelegationOutcome.Allowed allowed)
        {
            await OAuthAnswer.WriteAsync(context, DelegationRefusals.Of(((DelegationOutcome.Refused)check).Defect).Error);
            return;
        }

        var made = source.ToHandOver(time, DelegationKind.Offer, allowed, delegatee.Id, delegatee.Epoch, null, null, null);
        var offer = await issue.ForOfferAsync(tenant, self.ToClient(), made, source.Parent, actor.Party, ct);
        await db.InTenantAsync(tenant.Id, tx =>
        {
            RecordDelegation.Run(tx, caller.Origin, made, DelegationSource.ChainOf(allowed));
            return Task.CompletedTask;
        }, ct);
        await AnswerAsync(
            context, new Made(offer.Token, made.ChainId, made.DelegationId, self.Id, delegatee.Id, made.Scopes, made.ExpiresAt), StatusCodes.Status201Created);
    }

    // With its secret an agent hands on what it may have without asking anybody; with a token no more than the token.
    private static DelegationSource? SourceOf(Tenant tenant, Caller caller, Request request) =>
        caller.Source ?? (caller is { Agent: { } agent, Proof: { } proof }
            ? new DelegationSource(
                new DelegationParent(
                    new Party(tenant.Origin, agent.Id.ToString()), ScopeSet.Of(agent.DelegableScopes), request.Audience ?? [tenant.Origin],
                    agent.ExpiresAt ?? DateTimeOffset.MaxValue),
                null, SubjectKind.Agent, agent.Id.Value, agent.Id, proof)
            : null);

    private async Task VerifyAsync(HttpContext context, Check check)
    {
        var (tenant, ct) = (context.Features.Get<Tenant>()!, context.RequestAborted);
        if (await authenticate.RunAsync(context, tenant) is not { } caller)
        {
            return;
        }

        var token = await verify.RunForOfferAsync(tenant, check.DelegationToken, ct) ?? await verify.RunAsync(tenant, check.DelegationToken, ct);
        var links = token?.Delegation is { } id ? await record.FindLiveAsync(tenant.Id, id, ct) : null;
        await AnswerAsync(context, links is not [var last, ..] || !MayKnow(caller, links) ? new Checked(false) : new Checked(
            true, last.ChainId, last.DelegatorId, last.ActorId, ChainOf(links), last.Scopes, last.Audience, last.ExpiresAt));
    }

    // Of an offer that was taken only the token counts: the same agent would be named twice.
    private static IReadOnlyList<string> ChainOf(IReadOnlyList<HandOver> links) =>
        [links[^1].SubjectId.ToString(), .. links.Reverse().Select(link => link.ActorId.ToString()).Distinct()];

    // As with introspection: a resource server of the tenant knows, an agent knows where it has a part, or with the scope for it.
    private static bool MayKnow(Caller caller, IReadOnlyList<HandOver> links) =>
        caller.Agent is not { } agent || caller.Scope.Contains(AgentScopes.ReadTokens)
        || links.Any(link => link.ActorId == agent.Id || link.DelegatorId == agent.Id);

    private async Task RevokeAsync(HttpContext context, DelegationId chain)
    {
        var (tenant, ct) = (context.Features.Get<Tenant>()!, context.RequestAborted);
        if (await authenticate.RunAsync(context, tenant) is not { } caller)
        {
            return;
        }

        var ended = caller.Agent is { } agent
            ? await db.InTenantAsync(tenant.Id, tx => RevokeDelegations.RunInChainAsync(tx, caller.Origin, chain, agent.Id, ct), ct)
            : 0;
        if (ended == 0)
        {
            await OAuthAnswer.WriteAsync(context, Invalid("There is nothing of yours in such a chain that could be ended.", StatusCodes.Status404NotFound));
            return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static OAuthError? Refuse(Request request) =>
        request.TtlSeconds is < LeastSeconds or > MostSeconds ? Invalid("ttlSeconds is to be 60 to 86400.")
        : request.Scopes.Count is 0 or > 100 || !request.Scopes.All(ScopeSet.IsToken) ? OAuthError.InvalidScope
        : request.Audience is { } audience && (audience.Count is 0 or > MostAudiences || !audience.All(IsResource)) ? OAuthError.InvalidTarget
        : null;

    // RFC 8707 §2.
    private static bool IsResource(string text) =>
        text.Length <= 512 && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Fragment.Length == 0 && !text.Contains('#', StringComparison.Ordinal);

    private static OAuthError Invalid(string description, int status = StatusCodes.Status400BadRequest) =>
        OAuthError.InvalidRequest with { Status = status, Description = description };

    private static Task AnswerAsync<T>(HttpContext context, T body, int status = StatusCodes.Status200OK) =>
        OAuthAnswer.WriteAsync(context, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(body, HttpJson.Options), status);
}
