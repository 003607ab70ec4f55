using Signet.OAuth;
using Signet.OAuth.Tokens;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Audit;
using Signet.Server.Clients;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>What a grant came to.</summary>
internal abstract record TokenOutcome
{
    private TokenOutcome()
    {
    }

    public sealed record Issued(TokenResponse Response) : TokenOutcome;

    /// <param name="Reason">For the record only; the application gets the same words for every cause.</param>
    /// <param name="IsRecorded">True where the refusal's record is written already, with what it did.</param>
    public sealed record Refused(OAuthError Error, string Reason, bool IsRecorded = false) : TokenOutcome;
}

/// <summary>
/// <c>/oauth2/token</c> (RFC 6749 §3.2): the phases every grant shares, in one order: read, authenticate the application, may it use this grant, does it hold the key it shows,
/// the grant itself, answer. A grant fills in what is its own and can forget nothing else.
/// </summary>
public static class TokenEndpoint
{
    /// <summary>The grants beyond RFC 6749; agents alone may use them.</summary>
    private const ExtensionGrants Extensions = ExtensionGrants.TokenExchange | ExtensionGrants.Ciba;

    public static void Map(RouteGroupBuilder protocol)
    {
        protocol.MapPost("/oauth2/token", (RequestDelegate)HandleAsync);
        // The address that software for agents is used to.
        protocol.MapPost("/api/v1/token", (RequestDelegate)HandleAsync);
    }

    private static async Task HandleAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var tenant = context.Features.Get<Tenant>()!;
        var origin = context.Features.Get<Origin>()!;
        if (await ReadForm.RunAsync(context) is not { } form)
        {
            return;
        }

        if (RedeemWorkloadToken.IsMeant(context, form))
        {
            await services.GetRequiredService<RedeemWorkloadToken>().HandleAsync(context, TokenRequest.Read(form, Extensions), form[OAuthParameter.ClientId]);
            return;
        }

        var check = await services.GetRequiredService<AuthenticateClient>().RunAsync(context, tenant, origin, form);
        if (check is not ClientCheck.Known { Client: var client, Agent: var agent } party)
        {
            await OAuthAnswer.WriteAsync(context, check);
            return;
        }

        if (!await LimitTokenRequests.RunAsync(context, tenant, client))
        {
            return;
        }

        origin = origin with { Actor = agent is null ? ActorKind.Client : ActorKind.Agent, ActorId = client.IdText };
        var request = TokenRequest.Read(form, Extensions);
        var grant = GrantOf(request);
        var outcome = grant is { } known && !client.May(known)
            ? new TokenOutcome.Refused(OAuthError.UnauthorizedClient, "grant_not_registered")
            : await services.GetRequiredService<CheckDpop>().RunAsync(context, tenant, accessToken: null) switch
            {
                DpopCheck.Refused refused => new TokenOutcome.Refused(refused.Error, refused.Reason),
                DpopCheck.None when party.DpopRequired => new TokenOutcome.Refused(OAuthError.InvalidDpopProof, "dpop_required"),
                var shown => await RunAsync(
                    services, tenant, client, agent, origin, request, Confirmation.Of((shown as DpopCheck.Held)?.Thumbprint, party.Certificate),
                    context.RequestAborted),
            };
        switch (outcome)
        {
            case TokenOutcome.Issued issued:
                services.GetRequiredService<OAuthMetrics>().Issued(issued.Response.Scope);
                await OAuthAnswer.WriteAsync(context, issued.Response.ToUtf8Json());
                return;
            case TokenOutcome.Refused refused:
                if (!refused.IsRecorded)
                {
                    var name = grant is { } usual ? Platform.Data.SnakeCase.Of(usual) : ExtensionNameOf(request);
                    await services.GetRequiredService<AuditWriter>().RecordAsync(
                        tenant.Id, origin, agent is null
                            ? new TokenRefused(client.Id, name, refused.Error.Code, refused.Reason)
                            : new AgentTokenRefused(new AgentId(client.Id.Value), name, refused.Error.Code, refused.Reason), context.RequestAborted);
                }

                services.GetRequiredService<OAuthMetrics>().Refused(refused.Error.Code);
                await OAuthAnswer.WriteAsync(context, refused.Error);
                return;
        }
    }

    private static async ValueTask<TokenOutcome> RunAsync(
        IServiceProvider services, Tenant tenant, Client client, AgentProof? agent, Origin origin, TokenRequest request, Confirmation? bound, CancellationToken ct) =>
        request switch
        {
            TokenRequest.ClientCredentials wish => await services.GetRequiredService<ClientCredentialsGrant>().RunAsync(tenant, client, agent, origin, wish, bound, ct),
            TokenRequest.AuthorizationCode wish => await services.GetRequiredService<AuthorizationCodeGrant>().RunAsync(tenant, client, origin, wish, bound, ct),
            TokenRequest.RefreshToken wish => await services.GetRequiredService<RefreshTokenGrant>().RunAsync(tenant, client, origin, wish, bound, ct),
            TokenRequest.TokenExchange wish => await services.GetRequiredService<TokenExchangeGrant>().RunAsync(tenant, client, agent, origin, wish, bound, ct),
            TokenRequest.Ciba wish => await services.GetRequiredService<CibaGrant>().RunAsync(tenant, client, agent, origin, wish, bound, ct),
            TokenRequest.Refused refused => new TokenOutcome.Refused(refused.Error, "malformed"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    // Grants of agents, which no application is registered for.
    private static string ExtensionNameOf(TokenRequest request) => request switch
    {
        TokenRequest.Ciba => "ciba",
        TokenRequest.TokenExchange => "token_exchange",
        _ => "unknown",
    };

    private static Grant? GrantOf(TokenRequest request) => request switch
    {
        TokenRequest.ClientCredentials => Grant.ClientCredentials,
        TokenRequest.AuthorizationCode => Grant.AuthorizationCode,
        TokenRequest.RefreshToken => Grant.RefreshToken,
        _ => null,
    };
}
