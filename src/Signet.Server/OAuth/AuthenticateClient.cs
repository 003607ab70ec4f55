using Signet.OAuth;
using Signet.OAuth.Clients;
using Signet.Platform.Crypto;
using Signet.Platform.Outbox;
using Signet.Server.Audit;
using Signet.Server.Clients;
using Signet.Server.Limits;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>Whether a request comes from the application it names.</summary>
internal abstract record ClientCheck
{
    private ClientCheck()
    {
    }

    public sealed record Known(Client Client) : ClientCheck;

    /// <param name="ByHeader">RFC 6749 §5.2: the answer must name the Basic scheme then.</param>
    public sealed record Refused(OAuthError Error, bool ByHeader) : ClientCheck;

    public sealed record TooMany(TimeSpan RetryAfter) : ClientCheck;
}

/// <summary>
/// Authenticates applications (RFC 6749 §2.3). An unknown id, a wrong secret and a disabled application get one answer; failures are counted by
/// address, so that guessing is slow and a busy application is not.
/// </summary>
public sealed class AuthenticateClient(ClientDirectory clients, SecretHash hash, RequestLimits limits, AuditWriter audit, TimeProvider time)
{
    internal async ValueTask<ClientCheck> RunAsync(HttpContext context, Tenant tenant, Origin origin, OAuthParameters form)
    {
        var authorization = context.Request.Headers.Authorization;
        if (authorization.Count > 1)
        {
            return new ClientCheck.Refused(OAuthError.InvalidRequest, ByHeader: true);
        }

        var offered = ClientAuthentication.Read(authorization, form);
        if (offered is ClientAuthentication.Refused refused)
        {
            return new ClientCheck.Refused(refused.Error, refused.ByHeader);
        }

        var byHeader = offered is ClientAuthentication.Secret { Method: SecretMethod.Basic };
        var claimed = IdOf(offered) is { } text && ClientId.TryParse(text, null, out var id) ? id : (ClientId?)null;
        if (claimed is { } found
            && await clients.FindAsync(tenant.Id, found, context.RequestAborted) is { IsActive: true } client
            && IsProven(client, offered))
        {
            return new ClientCheck.Known(client);
        }

        if (await limits.RefuseAsync(LimitRules.ClientFailuresByAddress, tenant.Id, RequestLimits.AddressOf(context), context.RequestAborted) is { } tooMany)
        {
            return new ClientCheck.TooMany(tooMany);
        }

        if (claimed is { } named)
        {
            await audit.RecordAsync(tenant.Id, origin, new ClientRefused(named), context.RequestAborted);
        }

        return new ClientCheck.Refused(OAuthError.InvalidClient, byHeader);
    }

    private bool IsProven(Client client, ClientAuthentication offered) => offered switch
    {
        ClientAuthentication.Secret secret => client.Kind is ClientKind.Confidential && ClientSecrets.Match(hash, client, secret.Value, time.GetUtcNow()),
        ClientAuthentication.None => client.Kind is ClientKind.Public,
        _ => false,
    };

    private static string? IdOf(ClientAuthentication offered) => offered switch
    {
        ClientAuthentication.Secret secret => secret.ClientId,
        ClientAuthentication.None none => none.ClientId,
        _ => null,
    };
}
