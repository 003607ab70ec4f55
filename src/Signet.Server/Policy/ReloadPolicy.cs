using Signet.Platform;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Audit;
using Signet.Server.Permissions;
using Signet.Server.Settings;

namespace Signet.Server.Policy;

/// <summary>What became of a reload.</summary>
public abstract record PolicyReload
{
    private PolicyReload()
    {
    }

    public sealed record Loaded(int Rules) : PolicyReload;

    /// <summary>The old policy holds.</summary>
    public sealed record Refused(string Fault) : PolicyReload;

    /// <summary>There is none here to reload.</summary>
    public sealed record HeldByOpa : PolicyReload;
}

/// <summary>
/// Reads the policy folder again, on this node and by <c>NOTIFY</c> on all others. It is on record before it holds; a policy that can't be read changes nothing.
/// </summary>
public sealed class ReloadPolicy
{
    private const string Topic = "policy";

    private readonly PolicyDecisionPoint point;
    private readonly HostSettings settings;
    private readonly Db db;
    private readonly AuditWriter audit;
    private readonly PolicyMetrics metrics;
    private readonly ILogger<ReloadPolicy> log;
    private readonly string node = RequestId.New();

    internal ReloadPolicy(
        PolicyDecisionPoint point, HostSettings settings, Db db, AuditWriter audit, PolicyMetrics metrics, Notifications notifications, ILogger<ReloadPolicy> log)
    {
        (this.point, this.settings, this.db, this.audit, this.metrics, this.log) = (point, settings, db, audit, metrics, log);
        // What another node was told may have been told while this one could not hear.
        notifications.Subscribe(Topic, from => Follow(from), () => Follow(""));
    }

    public sealed record Reloaded(int Rules);

    public static void Map(RouteGroupBuilder policy) =>
        policy.MapPost("/reload", HandleAsync).Requires(Permission.ManagePolicy).Produces<Reloaded>().WithSummary("Read the policy folder again, on every node.");

    public async Task<PolicyReload> RunAsync(TenantId tenant, Origin origin, CancellationToken ct)
    {
        if (settings.OpaUrl is not null)
        {
            return new PolicyReload.HeldByOpa();
        }

        switch (Read())
        {
            case PolicyFolder.Valid valid:
                await db.InTenantAsync(tenant, tx =>
                {
                    tx.Emit(origin, new PolicyReloaded(valid.Engine.Rules.Count));
                    tx.Notify(Topic, node);
                    return Task.CompletedTask;
                }, ct);
                Use(valid.Engine);
                return new PolicyReload.Loaded(valid.Engine.Rules.Count);
            case PolicyFolder.Invalid invalid:
                await RefuseAsync(tenant, origin, invalid.Fault, ct);
                return new PolicyReload.Refused(invalid.Fault);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>For a signal, which nobody waits for: what goes wrong is in the log.</summary>
    public async Task RunOnSignalAsync(string signal)
    {
        try
        {
            await RunAsync(TenantId.Default, Origin.OfOperator(signal, RequestId.New()), CancellationToken.None);
        }
        catch (Exception failed)
        {
            log.ReloadNotRecorded(failed);
        }
    }

    private static async Task<IResult> HandleAsync(Actor actor, Origin origin, ReloadPolicy reload, CancellationToken ct) =>
        await reload.RunAsync(actor.Tenant, origin, ct) switch
        {
            PolicyReload.Loaded loaded => TypedResults.Ok(new Reloaded(loaded.Rules)),
            PolicyReload.Refused refused => PolicyProblems.NotReloaded with { Detail = refused.Fault },
            PolicyReload.HeldByOpa => PolicyProblems.HeldByOpa,
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private PolicyFolder Read() => settings.PolicyFolder is { } folder ? ReadPolicyFolder.Run(folder) : new PolicyFolder.Valid(ScopesEngine.BuiltIn());

    private void Use(ScopesEngine engine)
    {
        point.Use(engine);
        metrics.Reloaded(succeeded: true);
        log.PolicyLoaded(engine.Rules.Count);
    }

    private async Task RefuseAsync(TenantId tenant, Origin origin, string fault, CancellationToken ct)
    {
        point.Keep(fault);
        metrics.Reloaded(succeeded: false);
        log.ReloadRefused(fault);
        await audit.RecordAsync(tenant, origin, new PolicyReloadFailed(fault), ct);
    }

    // News must be taken quickly: the reading is done behind it. What the other node put on record is not recorded once more here, but that it failed here is.
    private void Follow(string from)
    {
        if (from != node && settings is { OpaUrl: null, PolicyFolder: not null })
        {
            _ = Task.Run(FollowAsync);
        }
    }

    private async Task FollowAsync()
    {
        try
        {
            var read = Read();
            switch (read)
            {
                case var known when point.Knows(known):
                    break;
                case PolicyFolder.Valid valid:
                    Use(valid.Engine);
                    break;
                case PolicyFolder.Invalid invalid:
                    await RefuseAsync(TenantId.Default, Origin.OfWorker("policy", RequestId.New()), invalid.Fault, CancellationToken.None);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }
        catch (Exception failed) when (failed is AuditUnavailableException or UnavailableException or Npgsql.NpgsqlException)
        {
            log.ReloadNotRecorded(failed);
        }
    }
}
