using System.Security.Cryptography;
using System.Text;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Server.Sessions;
using Signet.Server.SignIn.Storage;

namespace Signet.Server.SignIn;

/// <summary>What somebody was sent here for.</summary>
/// <param name="ReturnPath">A path of ours; who sent them made it, never the request.</param>
/// <param name="NotBefore">A sign-in before this moment does not count; null: any that holds does.</param>
/// <param name="ReturnsTo">The address the person ends up at, where that is not ours.</param>
public sealed record SignInFlow(
    FlowId Id, string ReturnPath, string? ApplicationName, string? ReturnsTo, string? LoginHint, DateTimeOffset? NotBefore, SessionId? Session);

/// <summary>
/// Sends people to the sign-in pages and recognises them when they return. A flow belongs to the browser that began it, and is answered by
/// one session, once.
/// </summary>
public sealed class SignInFlows(Db db, BrowserToken browser, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    /// <summary>The path to send the browser to.</summary>
    public static string PathOf(FlowId flow) => $"/sign-in?flow={flow}";

    /// <summary>Begins a flow in the caller's transaction.</summary>
    public async Task BeginAsync(Tx tx, HttpContext context, SignInFlow flow, CancellationToken ct) =>
        await FlowRows.InsertAsync(tx, flow, BindingOf(context, flow.Id), tx.Now + Life, ct);

    /// <summary>The flow, if it lives and this browser began it.</summary>
    public async Task<SignInFlow?> FindAsync(HttpContext context, TenantId tenant, FlowId id, CancellationToken ct)
    {
        var row = await FlowRows.FindAsync(db, tenant, id, time.GetUtcNow(), ct);
        return row is not null && CryptographicOperations.FixedTimeEquals(row.BrowserHash, BindingOf(context, id)) ? row.ToFlow() : null;
    }

    /// <summary>Marks the flow as answered by this session. False where it was answered before, or has run out.</summary>
    public static Task<bool> AnswerAsync(Tx tx, FlowId id, SessionId session, CancellationToken ct) => FlowRows.AnswerAsync(tx, id, session, ct);

    /// <summary>Whether the flow was answered by this very session, which only the browser that signed in holds.</summary>
    public async Task<bool> WasAnsweredByAsync(TenantId tenant, FlowId id, SessionId session, CancellationToken ct) =>
        await FlowRows.FindAsync(db, tenant, id, time.GetUtcNow(), ct) is { SessionId: { } answered } && answered == session;

    /// <summary>
    /// False while a sign-in that was asked for is not done by this session: whoever holds an older session must not get past it by opening
    /// a later page directly.
    /// </summary>
    public async Task<bool> IsSettledForAsync(TenantId tenant, FlowId id, SessionId session, CancellationToken ct) =>
        await FlowRows.FindAsync(db, tenant, id, time.GetUtcNow(), ct) is not { } flow || flow.SessionId == session;

    // The browser's name is in the token; its hash is enough to recognise it.
    private byte[] BindingOf(HttpContext context, FlowId id) => SHA256.HashData(Encoding.ASCII.GetBytes(browser.Issue(context, $"flow {id}")));
}
