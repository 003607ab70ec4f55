using System.Text.Json;
using System.Text.Json.Serialization;
using Signet.Platform.Data;
using Signet.Platform.Outbound;
using Signet.Platform.Outbox;
using Signet.Server.Agents;
using Signet.Server.Permissions;
using Signet.Server.Settings;
using Signet.Server.Workloads.Storage;

namespace Signet.Server.Workloads;

/// <summary>
/// Changes or deletes a trust policy. What is not named stays; the whole is checked as if it were new. Whatever changes what is trusted, or turns it off,
/// ends every token that was got before, on every node from the commit on, and they do not come back. Whom a policy is for never changes.
/// </summary>
public sealed class UpdateTrustPolicy(Db db, OutboundHttp door, HostSettings settings)
{
    /// <param name="Discovery">True: the keys are neither pinned nor at an address of ours any more; the issuer says where they are.</param>
    public sealed record Request(
        string? Name = null,
        string? Issuer = null,
        string? Audience = null,
        IReadOnlyList<RuleView>? Rules = null,
        JsonElement? Jwks = null,
        [property: JsonPropertyName("jwksUri")] string? JwksUri = null,
        bool? Discovery = null,
        IReadOnlyList<string>? Scopes = null,
        [property: JsonPropertyName("maxTokenSeconds")] int? MaxTokenSeconds = null,
        bool? Enabled = null);

    public static void Map(RouteGroupBuilder policies)
    {
        policies.MapPatch("/{id}", async (TrustPolicyId id, Request request, Actor actor, Origin origin, UpdateTrustPolicy update, CancellationToken ct) =>
                await update.RunAsync(actor.Tenant, origin, id, request, actor, ct) switch
                {
                    TrustPolicyChange.Done done => TypedResults.Ok(TrustPolicyView.Of(done.Policy)),
                    TrustPolicyChange.Refused refused => (IResult)refused.Problem,
                    _ => throw new System.Diagnostics.UnreachableException(),
                })
            .Requires(Permission.ManageAgents).Produces<TrustPolicyView>().WithSummary("Change, disable or enable a trust policy.");
        policies.MapDelete("/{id}", async (TrustPolicyId id, Actor actor, Origin origin, UpdateTrustPolicy update, CancellationToken ct) =>
                await update.DeleteAsync(actor.Tenant, origin, id, ct) ? TypedResults.NoContent() : (IResult)TrustPolicyProblems.NotFound)
            .Requires(Permission.ManageAgents).WithSummary("Delete a trust policy and end every token it got.");
    }

    /// <param name="by">Null: the operator at the machine.</param>
    public Task<TrustPolicyChange> RunAsync(TenantId tenant, Origin origin, TrustPolicyId id, Request request, Actor? by, CancellationToken ct) =>
        db.InTenantAsync(tenant, tx => ChangeAsync(tx, origin, id, request, by, ct), ct);

    /// <summary>False where the tenant has no such policy.</summary>
    public Task<bool> DeleteAsync(TenantId tenant, Origin origin, TrustPolicyId id, CancellationToken ct) =>
        db.InTenantAsync(tenant, async tx =>
        {
            if (await TrustPolicyRows.LockAsync(tx, id, ct) is not { } row)
            {
                return false;
            }

            if (row.AgentId is { } agent)
            {
                await WorkloadCredentials.TakeAsync(tx, origin, agent, row.CredentialId, ct);
            }

            await TrustPolicyRows.DeleteAsync(tx, id, ct);
            tx.Emit(origin, new TrustPolicyDeleted(id));
            tx.Notify(TrustDirectory.Topic, tx.Tenant.ToString());
            return true;
        }, ct);

    private async Task<TrustPolicyChange> ChangeAsync(Tx tx, Origin origin, TrustPolicyId id, Request request, Actor? by, CancellationToken ct)
    {
        if (await TrustPolicyRows.LockAsync(tx, id, ct) is not { } row)
        {
            return new TrustPolicyChange.Refused(TrustPolicyProblems.NotFound);
        }

        var (before, jwks) = (row.ToTrust(), CreateTrustPolicy.TextOf(request.Jwks));
        var moved = jwks is not null || request.JwksUri is not null || request.Discovery is true;
        var draft = new TrustPolicyDraft(
            request.Name ?? before.Name, request.Issuer ?? before.Issuer, request.Audience ?? before.Audience,
            request.Rules is { } rules ? [.. rules.Select(rule => rule.ToRule())] : before.Rules,
            moved ? jwks : before.Jwks, moved ? request.JwksUri : before.JwksUri, request.Scopes?.Distinct(StringComparer.Ordinal).ToList() ?? before.Scopes,
            request.MaxTokenSeconds ?? (int)before.MaxLife.TotalSeconds);
        if (await RefuseAsync(tx, before, request, draft, by, ct) is { } refusal)
        {
            return refusal;
        }

        var after = before with
        {
            Name = draft.Name.Trim(),
            Issuer = draft.Issuer,
            Audience = draft.Audience,
            Rules = draft.Rules,
            Jwks = draft.Jwks,
            JwksUri = draft.JwksUri,
            Scopes = draft.Scopes,
            MaxLife = TimeSpan.FromSeconds(draft.MaxSeconds),
            Enabled = request.Enabled ?? before.Enabled,
            UpdatedAt = tx.Now,
        };
        // A name is nobody's right; and who turns on what is on wants the credential that was revoked meanwhile.
        var ends = request.Issuer is not null || request.Audience is not null || request.Rules is not null || moved || request.Scopes is not null
            || request.MaxTokenSeconds is not null || request.Enabled is not null;
        if (ends)
        {
            after = after with { Credential = tx.NewId<CredentialId>() };
            await RearmAsync(tx, origin, before, after, ct);
        }

        await TrustPolicyRows.UpdateAsync(tx, TrustPolicyRow.Of(after), ct);
        Announce(tx, origin, before, after, request, moved, ends);
        return new TrustPolicyChange.Done(after);
    }

    private async Task<TrustPolicyChange.Refused?> RefuseAsync(Tx tx, WorkloadTrust before, Request request, TrustPolicyDraft draft, Actor? by, CancellationToken ct)
    {
        // Turning it off needs no more right than to manage; anything else arms it anew.
        if (before.Agent is { } agent && request is not { Enabled: false })
        {
            if (await WorkloadCredentials.RefuseAsync(tx, by, agent, ct) is { } refusal)
            {
                return new TrustPolicyChange.Refused(refusal);
            }

            if (request.Scopes is { } scopes && scopes.Except((await AgentDirectory.LoadAsync(tx, agent, ct))!.Scopes).Any())
            {
                return CreateTrustPolicy.Refuse("scopes", "are to be scopes of the agent");
            }
        }
        else if (before.Agent is null && !AgentScopes.MayGive(by, draft.Scopes) && request is not { Enabled: false })
        {
            return new TrustPolicyChange.Refused(TrustPolicyProblems.BeyondYours);
        }

        return draft.Refuse(door, settings.IsDevelopment) is { } fault ? new TrustPolicyChange.Refused(fault) : null;
    }

    private static async Task RearmAsync(Tx tx, Origin origin, WorkloadTrust before, WorkloadTrust after, CancellationToken ct)
    {
        if (after.Agent is not { } agent)
        {
            return;
        }

        await WorkloadCredentials.TakeAsync(tx, origin, agent, before.Credential, ct);
        if (after.Enabled)
        {
            await WorkloadCredentials.GiveAsync(tx, origin, agent, after.Credential, after.Issuer, ct);
        }
    }

    private static void Announce(Tx tx, Origin origin, WorkloadTrust before, WorkloadTrust after, Request request, bool moved, bool ends)
    {
        (string Name, bool Named)[] all =
        [
            ("name", request.Name is not null), ("issuer", request.Issuer is not null), ("audience", request.Audience is not null),
            ("rules", request.Rules is not null), ("keys", moved), ("scopes", request.Scopes is not null), ("max_token_seconds", request.MaxTokenSeconds is not null),
        ];
        string[] fields = [.. all.Where(field => field.Named).Select(field => field.Name)];
        if (fields.Length > 0)
        {
            tx.Emit(origin, new TrustPolicyUpdated(after.Id, fields, ends));
        }

        if (after.Enabled != before.Enabled)
        {
            tx.Emit(origin, after.Enabled ? new TrustPolicyEnabled(after.Id) : new TrustPolicyDisabled(after.Id));
        }

        tx.Notify(TrustDirectory.Topic, tx.Tenant.ToString());
    }
}
