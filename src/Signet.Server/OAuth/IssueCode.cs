using Signet.OAuth;
using Signet.OAuth.Authorization;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.OAuth.Storage;
using Signet.Server.Sessions;
using Signet.Server.SignIn;
using Signet.Server.Tenants;

namespace Signet.Server.OAuth;

/// <summary>Answers an authorization request with a code, in one commit. A request that waited is answered once.</summary>
public sealed class IssueCode(Db db, SecretHash hash)
{
    internal async Task RunAsync(HttpContext context, Tenant tenant, CheckedRequest request, Session session, FlowId? waiting)
    {
        var ct = context.RequestAborted;
        var (checkedRequest, client) = request;
        var origin = context.Features.Get<Origin>()! with { Actor = ActorKind.User, ActorId = session.User.Id.ToString() };
        var code = TokenFormat.AuthorizationCode.Make();
        var issued = await db.InTenantAsync(tenant.Id, async tx =>
        {
            if (waiting is { } id && !await AuthorizationRequests.TakeAsync(tx, id, ct))
            {
                return false;
            }

            var row = new CodeRow(
                tx.NewId<GrantId>(), client.Id, session.User.Id, session.Id, checkedRequest.ReplyTo.RedirectUri, [.. checkedRequest.Scope.Tokens],
                [.. checkedRequest.Resources], checkedRequest.Nonce, checkedRequest.CodeChallenge, [.. session.Methods], session.AuthenticatedAt);
            AuthorizationCodes.Defer(tx, hash.Of(TokenKinds.Code, code), row, tx.Now + TokenLife.Code);
            tx.Emit(origin, new AuthorizationGranted(client.Id, session.User.Id, row.GrantId, checkedRequest.Scope.ToString()));
            return true;
        }, ct);
        if (issued)
        {
            await AuthorizePages.SendAsync(context, AuthorizationReply.WithCode(checkedRequest.ReplyTo, tenant.Origin, code));
        }
        else
        {
            await AuthorizePages.ShowLostAsync(context);
        }
    }
}
