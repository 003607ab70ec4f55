using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Approvals.Storage;
using Signet.Server.Delegations;
using Signet.Server.Permissions;
using Signet.Server.Users;

namespace Signet.Server.Approvals;

/// <summary>What an agent asked people to approve: to see, and to take back.</summary>
public sealed class ShowApprovals(Db db, TimeProvider time)
{
    private const int LargestPage = 200;

    /// <param name="Details">RFC 9396 authorization details.</param>
    /// <param name="DelegationId">The hand-over its token hangs on.</param>
    public sealed record View(
        [property: JsonPropertyName("approvalId")] ApprovalId ApprovalId,
        [property: JsonPropertyName("agentId")] AgentId AgentId,
        [property: JsonPropertyName("userId")] UserId UserId,
        ApprovalState Status,
        IReadOnlyList<string> Scopes,
        IReadOnlyList<string> Resources,
        [property: JsonPropertyName("bindingMessage")] string? BindingMessage,
        JsonNode? Details,
        [property: JsonPropertyName("createdAt")] DateTimeOffset CreatedAt,
        [property: JsonPropertyName("expiresAt")] DateTimeOffset ExpiresAt,
        [property: JsonPropertyName("decidedAt")] DateTimeOffset? DecidedAt,
        [property: JsonPropertyName("delegationId")] DelegationId? DelegationId)
    {
        public static View Of(Approval approval, DateTimeOffset now) => new(
            approval.ApprovalId, approval.AgentId, approval.UserId, approval.StateAt(now), approval.Scopes, approval.Resources, approval.BindingMessage,
            approval.Details is { } json ? JsonNode.Parse(json) : null, approval.CreatedAt, approval.ExpiresAt, approval.DecidedAt, approval.DelegationId);
    }

    /// <param name="Next">Give it as <c>before</c> to get the next page; null on the last.</param>
    public sealed record Page(IReadOnlyList<View> Approvals, ApprovalId? Next);

    public static void Map(RouteGroupBuilder agents)
    {
        agents.MapGet("/{id}/approvals", HandleAsync).Requires(Permission.ManageOwnAgent).Produces<Page>().WithSummary("What an agent asked people to approve.");
        agents.MapDelete("/{id}/approvals/{approval}", CancelAsync).Requires(Permission.ManageOwnAgent)
            .WithSummary("Take an approval back, with the token it gave.");
    }

    /// <summary>Newest first.</summary>
    /// <param name="agent">Null: of all agents.</param>
    /// <param name="user">Null: whoever was asked.</param>
    public Task<List<Approval>> ListAsync(TenantId tenant, AgentId? agent, UserId? user, bool openOnly, ApprovalId? before, int limit, CancellationToken ct) =>
        ApprovalRows.ListAsync(db, tenant, agent, user, openOnly, time.GetUtcNow(), before, limit, ct);

    private static async Task<IResult> HandleAsync(
        AgentId id, Actor actor, AgentDirectory agents, ShowApprovals show, TimeProvider time, CancellationToken ct, ApprovalId? before = null, int limit = 50)
    {
        if (WithdrawConsent.RefuseStranger(actor, id) is { } stranger)
        {
            return stranger;
        }

        if (await agents.FindAsync(actor.Tenant, id, ct) is null)
        {
            return AgentProblems.NotFound;
        }

        var size = Math.Clamp(limit, 1, LargestPage);
        var rows = await show.ListAsync(actor.Tenant, id, null, openOnly: false, before, size + 1, ct);
        var now = time.GetUtcNow();
        return TypedResults.Ok(new Page([.. rows.Take(size).Select(row => View.Of(row, now))], rows.Count > size ? rows[size - 1].ApprovalId : null));
    }

    private static async Task<IResult> CancelAsync(AgentId id, ApprovalId approval, Actor actor, Origin origin, CancelApproval cancel, CancellationToken ct) =>
        WithdrawConsent.RefuseStranger(actor, id) is { } stranger ? stranger
        : await cancel.RunAsync(actor.Tenant, origin, approval, id, null, "cancelled", ct) ? TypedResults.NoContent()
        : ApprovalProblems.NotFound;
}
