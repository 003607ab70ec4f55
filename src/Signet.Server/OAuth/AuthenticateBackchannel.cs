using Signet.OAuth;
using Signet.OAuth.Backchannel;
using Signet.Platform.Crypto;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Approvals;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.OAuth;

/// <summary>
/// <c>/oauth2/bc-authorize</c> (CIBA Core §7): an agent asks that a person approve one action. The person is who the hint names, or who answers for
/// the agent. What comes of it the agent hears at the token endpoint.
/// </summary>
public sealed class AuthenticateBackchannel(
    AuthenticateClient authenticate, CheckDpop dpop, AgentDirectory agents, UserDirectory users, IdTokenHints hints, RequestApproval ask, SecretHash hash,
    OAuthMetrics metrics)
{
    internal const string Path = "/oauth2/bc-authorize";

    public static void Map(RouteGroupBuilder protocol) =>
        protocol.MapPost(Path, (RequestDelegate)(context => context.RequestServices.GetRequiredService<AuthenticateBackchannel>().HandleAsync(context)));

    private async Task HandleAsync(HttpContext context)
    {
        var (tenant, origin, ct) = (context.Features.Get<Tenant>()!, context.Features.Get<Origin>()!, context.RequestAborted);
        if (await ReadForm.RunAsync(context) is not { } form)
        {
            return;
        }

        var check = await authenticate.RunAsync(context, tenant, origin, form);
        if (check is not ClientCheck.Known { Client: var client, Agent: var proof } party)
        {
            await OAuthAnswer.WriteAsync(context, check);
            return;
        }

        if (!await LimitTokenRequests.RunAsync(context, tenant, client))
        {
            return;
        }

        // Applications ask people in their browser.
        if (proof is not { } shown || await agents.FindAsync(tenant.Id, new AgentId(client.Id.Value), ct) is not { } agent)
        {
            await RefuseAsync(context, OAuthError.UnauthorizedClient with { Description = "Only agents ask for approval here." });
            return;
        }

        var key = await dpop.RunAsync(context, tenant, accessToken: null);
        if (key is DpopCheck.Refused || (key is DpopCheck.None && party.DpopRequired))
        {
            await RefuseAsync(context, OAuthError.InvalidDpopProof);
            return;
        }

        await AskAsync(context, tenant, origin with { Actor = ActorKind.Agent, ActorId = client.IdText }, agent, shown, form, (key as DpopCheck.Held)?.Thumbprint);
    }

    private async Task AskAsync(HttpContext context, Tenant tenant, Origin origin, Agent agent, AgentProof proof, OAuthParameters form, string? key)
    {
        var ct = context.RequestAborted;
        if (!BackchannelRequest.TryRead(form, out var request, out var malformed, hintRequired: false))
        {
            await RefuseAsync(context, malformed);
            return;
        }

        var scopes = request.Scope.Tokens.Where(scope => scope != "openid").ToArray();
        if (scopes.Length == 0 || !scopes.All(agent.Scopes.Contains))
        {
            await RefuseAsync(context, OAuthError.InvalidScope with { Description = "Name openid and at least one scope of the agent's own." });
            return;
        }

        if (await FindApproverAsync(tenant, agent, request, ct) is not { } approver)
        {
            await RefuseAsync(context, OAuthError.UnknownUserId);
            return;
        }

        var life = request.RequestedExpiry is { } wished ? Least(wished, TokenLife.MostApproval) : TokenLife.Approval;
        var secret = TokenFormat.BackchannelRequest.Make();
        var asked = await ask.RunAsync(tenant.Id, origin, new WantedApproval(
            hash.Of(TokenKinds.BackchannelRequest, secret), agent.Id, proof.Epoch, approver, scopes,
            request.Resources.Count > 0 ? [.. request.Resources] : [tenant.Origin], request.BindingMessage, request.AuthorizationDetails?.ToString(),
            key, life), ct);
        if (asked is null)
        {
            RetryAfterHeader.Set(context.Response, TokenLife.Approval);
            await RefuseAsync(context, OAuthError.TemporarilyUnavailable with
            {
                Status = StatusCodes.Status429TooManyRequests,
                Description = "Too many requests of the agent wait for an answer.",
            });
            return;
        }

        await OAuthAnswer.WriteAsync(context, new BackchannelResponse(secret, life, RequestApproval.Interval).ToUtf8Json());
    }

    // CIBA Core §7.1: the hints; without one it is who answers for the agent.
    private async ValueTask<UserId?> FindApproverAsync(Tenant tenant, Agent agent, BackchannelRequest request, CancellationToken ct)
    {
        if (request.LoginHint is { } named)
        {
            return await RegisterAgent.FindPersonAsync(users, tenant.Id, named, ct);
        }

        var id = request.IdTokenHint is { } hint ? await hints.FindSubjectAsync(tenant, hint, ct) : agent.Owner;
        return id is { } person && await users.FindAsync(tenant.Id, person, ct) is { IsActive: true } ? person : null;
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private Task RefuseAsync(HttpContext context, OAuthError error)
    {
        metrics.Refused(error.Code);
        return OAuthAnswer.WriteAsync(context, error);
    }
}
