using System.Text.Json.Serialization;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Delegations.Storage;
using Signet.Server.Permissions;
using Signet.Server.Tenants;
using Signet.Server.Users;

namespace Signet.Server.Delegations;

public enum ConsentRequestState
{
    Pending,
    Allowed,
    Denied,
}

/// <summary>An agent's question whether it may act for somebody.</summary>
/// <param name="UserId">Whom it asks; null: whoever of the tenant has the link.</param>
/// <param name="EndsAt">When what is allowed ends.</param>
/// <param name="ExpiresAt">Until when it can be answered.</param>
public sealed record ConsentRequest(
    ConsentRequestId RequestId, AgentId AgentId, UserId? UserId, string[] Scopes, string[] Resources, string Reason, DateTimeOffset EndsAt,
    ConsentRequestState State, ConsentId? ConsentId, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>An agent asks a person for leave to act for them: it gets a link for them to open, and looks here what came of it.</summary>
public sealed class RequestConsent(Db db, AgentDirectory agents, UserDirectory users, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);
    private const int MostDays = 365;

    /// <param name="User">Id or address of who is asked; left out: whoever of the tenant opens the link.</param>
    /// <param name="Resources">Absolute URIs where the agent would act; left out: here.</param>
    /// <param name="Days">1 to 365: how long it would last.</param>
    public sealed record Request(IReadOnlyList<string> Scopes, string? User = null, IReadOnlyList<string>? Resources = null, int Days = 30, string Reason = "");

    public sealed record View(
        [property: JsonPropertyName("requestId")] ConsentRequestId RequestId,
        string Link,
        ConsentRequestState Status,
        [property: JsonPropertyName("consentId")] ConsentId? ConsentId,
        IReadOnlyList<string> Scopes,
        IReadOnlyList<string> Resources,
        [property: JsonPropertyName("endsAt")] DateTimeOffset EndsAt,
        [property: JsonPropertyName("expiresAt")] DateTimeOffset ExpiresAt);

    public static void Map(RouteGroupBuilder agents)
    {
        agents.MapPost("/{id}/consent-requests", async (AgentId id, Request request, Actor actor, Origin origin, Tenant tenant, RequestConsent ask, CancellationToken ct) =>
                await ask.RunAsync(tenant, actor, origin, id, request, ct))
            .Requires(Permission.ManageOwnAgent).Produces<View>(StatusCodes.Status201Created).WithSummary("Ask a person for leave to act for them.");
        agents.MapGet("/{id}/consent-requests/{request}", async (AgentId id, ConsentRequestId request, Actor actor, Tenant tenant, RequestConsent ask, CancellationToken ct) =>
                await ask.FindAsync(tenant, actor, id, request, ct))
            .Requires(Permission.ManageOwnAgent).Produces<View>().WithSummary("What came of a consent request.");
    }

    private async Task<IResult> RunAsync(Tenant tenant, Actor actor, Origin origin, AgentId id, Request request, CancellationToken ct)
    {
        if (WithdrawConsent.RefuseStranger(actor, id) is { } stranger)
        {
            return stranger;
        }

        var now = time.GetUtcNow();
        if (await agents.FindAsync(tenant.Id, id, ct) is not { } agent)
        {
            return AgentProblems.NotFound;
        }

        var person = request.User is { } named ? await RegisterAgent.FindPersonAsync(users, tenant.Id, named, ct) : null;
        var resources = request.Resources ?? [tenant.Origin];
        var problem =
            request.Scopes.Count == 0 || !request.Scopes.All(agent.DelegableScopes.Contains) ? Invalid("scopes", "name at least one of the agent's own")
            : request.User is not null && person is null ? Invalid("user", "is to be a person of this tenant, by id or address")
            : resources.Count is 0 or > 16 || !resources.All(IsResource) ? Invalid("resources", "are absolute URIs without fragment, at most 16")
            : request.Days is < 1 or > MostDays ? Invalid("days", $"is to be 1 to {MostDays}")
            : request.Reason.Length > 300 || request.Reason.Any(char.IsControl) ? Invalid("reason", "is to have at most 300 characters")
            : agent.IsActive(now) ? null
            : AgentProblems.InvalidTransition;
        if (problem is not null)
        {
            return problem;
        }

        var made = await db.InTenantAsync(tenant.Id, async tx =>
        {
            var row = new ConsentRequest(
                tx.NewId<ConsentRequestId>(), id, person, [.. request.Scopes.Distinct(StringComparer.Ordinal)], [.. resources], request.Reason,
                tx.Now.AddDays(request.Days), ConsentRequestState.Pending, null, tx.Now, tx.Now + Life);
            await ConsentRows.InsertRequestAsync(tx, row, ct);
            tx.Emit(origin, new AgentConsentRequested(id, row.RequestId, row.Scopes));
            return row;
        }, ct);
        return TypedResults.Created($"/api/v1/agents/{id}/consent-requests/{made.RequestId}", ViewOf(tenant, made));
    }

    private async Task<IResult> FindAsync(Tenant tenant, Actor actor, AgentId id, ConsentRequestId request, CancellationToken ct) =>
        WithdrawConsent.RefuseStranger(actor, id) is { } stranger ? stranger
        : await ConsentRows.FindRequestAsync(db, tenant.Id, request, ct) is { } found && found.AgentId == id ? TypedResults.Ok(ViewOf(tenant, found))
        : DelegationProblems.RequestNotFound;

    /// <summary>A request that this person may answer now; null where there is none.</summary>
    public async Task<ConsentRequest?> FindWaitingAsync(TenantId tenant, ConsentRequestId id, UserId by, CancellationToken ct) =>
        await ConsentRows.FindRequestAsync(db, tenant, id, ct) is { State: ConsentRequestState.Pending } found
        && found.ExpiresAt > time.GetUtcNow() && (found.UserId is null || found.UserId == by)
            ? found
            : null;

    /// <summary>The person's answer: one, whoever answers first. False where it could not be answered any more.</summary>
    public Task<bool> DecideAsync(TenantId tenant, Origin origin, ConsentRequestId id, UserId by, bool allow, CancellationToken ct) =>
        db.InTenantAsync(tenant, async tx =>
        {
            var consent = tx.NewId<ConsentId>();
            if (await ConsentRows.DecideAsync(tx, id, by, allow ? ConsentRequestState.Allowed : ConsentRequestState.Denied, allow ? consent : null, ct) is not { } asked)
            {
                return false;
            }

            if (!allow)
            {
                tx.Emit(origin, new AgentConsentDenied(asked.AgentId, id, by));
                return true;
            }

            await ConsentRows.InsertAsync(tx, new AgentConsent(consent, by, asked.AgentId, asked.Scopes, asked.Resources, tx.Now, asked.EndsAt, null), ct);
            tx.Emit(origin, new AgentConsentGranted(asked.AgentId, consent, by, asked.Scopes, asked.Resources, asked.EndsAt.ToUnixTimeSeconds()));
            return true;
        }, ct);

    private static View ViewOf(Tenant tenant, ConsentRequest request) => new(
        request.RequestId, $"{tenant.Origin}/account/agents/requests/{request.RequestId}", request.State, request.ConsentId, request.Scopes, request.Resources,
        request.EndsAt, request.ExpiresAt);

    // RFC 8707 §2.
    private static bool IsResource(string text) =>
        text.Length <= 512 && Uri.IsWellFormedUriString(text, UriKind.Absolute) && !text.Contains('#', StringComparison.Ordinal);

    private static Problem Invalid(string field, string message) => AgentProblems.Invalid.WithError(field, message);
}
