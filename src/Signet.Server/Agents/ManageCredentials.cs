using System.Text.Json;
using System.Text.Json.Serialization;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Agents.Storage;
using Signet.Server.Permissions;

namespace Signet.Server.Agents;

/// <summary>What can happen when a credential is to be made, rotated or revoked.</summary>
public abstract record CredentialChange
{
    private CredentialChange()
    {
    }

    public sealed record Shown(CredentialShown Credential) : CredentialChange;

    public sealed record Revoked : CredentialChange;

    public sealed record Refused(Problem Problem) : CredentialChange;
}

/// <summary>
/// Credentials of an agent: several at once, so that a fleet changes over without a gap. Rotating gives a new secret and signs nobody out; revoking
/// ends every token the credential got. A secret is shown once and never again.
/// </summary>
public static class ManageCredentials
{
    private const int MostSeconds = 7 * 24 * 3600;

    /// <param name="ExpiresAt">Null: until it is revoked.</param>
    /// <param name="Kind"><c>client_secret</c>; <c>private_key_jwt</c> with one of the two that follow; or <c>certificate</c> with <c>certificate</c> or the key it is for.</param>
    /// <param name="Jwk">The public key (RFC 7517).</param>
    /// <param name="JwksUri">Where the agent publishes its keys.</param>
    /// <param name="Certificate">How the certificate of the agent's TLS connections is to be known (RFC 8705).</param>
    public sealed record Wish(
        [property: JsonPropertyName("expiresAt")] DateTimeOffset? ExpiresAt = null,
        CredentialKind Kind = CredentialKind.ClientSecret,
        JsonElement? Jwk = null,
        [property: JsonPropertyName("jwksUri")] string? JwksUri = null,
        CertificateWish? Certificate = null);

    /// <param name="GraceSeconds">0 to 604800: how long the old secret still holds. 0 ends it now.</param>
    public sealed record Rotation([property: JsonPropertyName("graceSeconds")] int GraceSeconds = 0);

    public sealed record List(IReadOnlyList<CredentialView> Credentials);

    public static void Map(RouteGroupBuilder agents)
    {
        var credentials = agents.MapGroup("/{id}/credentials");
        credentials.MapGet("", ListAsync).Requires(Permission.ManageOwnAgent).Produces<List>().WithSummary("List the credentials of an agent.");
        credentials.MapPost("", async (AgentId id, Actor actor, Origin origin, MakeCredential make, CancellationToken ct, Wish? wish = null) =>
                Answer((CredentialChange?)RefuseStranger(actor, id) ?? await make.RunAsync(actor.Tenant, origin, actor, id, wish ?? new Wish(), ct)))
            .Requires(Permission.ManageOwnAgent).Produces<CredentialShown>(StatusCodes.Status201Created).WithSummary("Give an agent a credential.");
        credentials.MapPost("/{credential}/rotate", async (
                AgentId id, CredentialId credential, Actor actor, Origin origin, RotateCredential rotate, CancellationToken ct, Rotation? rotation = null) =>
                Answer(
                    (CredentialChange?)(RefuseStranger(actor, id) ?? RefuseGrace(rotation))
                        ?? await rotate.RunAsync(actor.Tenant, origin, actor, id, credential, TimeSpan.FromSeconds(rotation?.GraceSeconds ?? 0), ct),
                    StatusCodes.Status200OK))
            .Requires(Permission.ManageOwnAgent).Produces<CredentialShown>().WithSummary("Give a credential a new secret.");
        credentials.MapDelete("/{credential}", async (AgentId id, CredentialId credential, Actor actor, Origin origin, Db db, CancellationToken ct) =>
                Answer((CredentialChange?)RefuseStranger(actor, id) ?? await db.InTenantAsync(actor.Tenant, tx => RevokeAsync(tx, origin, id, credential, ct), ct)))
            .Requires(Permission.ManageOwnAgent).WithSummary("Revoke a credential and every token it got.");
    }

    /// <summary>To revoke what is revoked is no refusal: it is what was wanted.</summary>
    public static async Task<CredentialChange> RevokeAsync(Tx tx, Origin origin, AgentId id, CredentialId credential, CancellationToken ct)
    {
        if (await CredentialRows.RevokeAsync(tx, id, credential, ct))
        {
            tx.Emit(origin, new CredentialRevoked(id, credential));
            tx.Notify(AgentDirectory.Topic, id.ToString());
            return new CredentialChange.Revoked();
        }

        var known = await CredentialRows.ListAsync(tx, id, ct);
        return known.Exists(other => other.CredentialId == credential)
            ? new CredentialChange.Revoked()
            : new CredentialChange.Refused(await AgentRows.FindAsync(tx, id, ct) is null ? AgentProblems.NotFound : AgentProblems.CredentialNotFound);
    }

    /// <summary>All of an agent, newest first; null where there is no such agent.</summary>
    public static async Task<IReadOnlyList<Credential>?> FindAllAsync(Tx tx, AgentId id, CancellationToken ct) =>
        await AgentRows.FindAsync(tx, id, ct) is null ? null : [.. (await CredentialRows.ListAsync(tx, id, ct)).Select(row => row.ToCredential())];

    private static async Task<IResult> ListAsync(AgentId id, Actor actor, Db db, CancellationToken ct)
    {
        if (RefuseStranger(actor, id) is { } stranger)
        {
            return stranger.Problem;
        }

        return await db.InTenantAsync(actor.Tenant, tx => FindAllAsync(tx, id, ct), ct) is { } all
            ? TypedResults.Ok(new List([.. all.Select(credential => CredentialView.Of(id, credential))]))
            : AgentProblems.NotFound;
    }

    // Held until the transaction ends, so that nothing is made for an agent that is being decommissioned.
    internal static async Task<CredentialChange?> RefuseAgentAsync(Tx tx, Actor? by, AgentId id, CancellationToken ct) => await AgentRows.LockAsync(tx, id, ct) switch
    {
        null => new CredentialChange.Refused(AgentProblems.NotFound),
        { State: AgentState.Decommissioned } => new CredentialChange.Refused(AgentProblems.Decommissioned),
        // Who gets the secret can do what the agent can; the agent itself can already.
        { Scopes: var scopes, ApprovalScopes: var onApproval } when !IsSelf(by, id) && !AgentScopes.MayGive(by, scopes, onApproval) => new CredentialChange.Refused(AgentProblems.BeyondYours),
        _ => null,
    };

    private static CredentialChange.Refused? RefuseStranger(Actor actor, AgentId id) =>
        actor.May(Permission.ManageAgents) || IsSelf(actor, id) ? null : new CredentialChange.Refused(AgentProblems.NotYours);

    private static bool IsSelf(Actor? actor, AgentId id) => actor is { Kind: ActorKind.Agent } && actor.Id == id.Value;

    private static CredentialChange.Refused? RefuseGrace(Rotation? rotation) =>
        RefuseGrace(rotation?.GraceSeconds ?? 0) is { } refusal ? new CredentialChange.Refused(refusal) : null;

    /// <summary>Null where an old secret may hold on for so long.</summary>
    public static Problem? RefuseGrace(long seconds) =>
        seconds is >= 0 and <= MostSeconds ? null : AgentProblems.Invalid.WithError("graceSeconds", $"is to be 0 to {MostSeconds}");

    private static IResult Answer(CredentialChange change, int shown = StatusCodes.Status201Created) => change switch
    {
        CredentialChange.Shown made => TypedResults.Json(made.Credential, HttpJson.Options, statusCode: shown),
        CredentialChange.Refused refused => refused.Problem,
        _ => TypedResults.NoContent(),
    };
}
