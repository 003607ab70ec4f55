using Signet.Platform.Data;
using Signet.Platform.Jobs;
using Signet.Platform.Outbox;

namespace Signet.Server.Audit;

public static class AuditModule
{
    private const string Check = "audit.check";

    private const string Prune = "audit.prune";

    public static void AddAudit(this IServiceCollection services)
    {
        services.AddSingleton(p =>
        {
            var metrics = new AuditMetrics();
            p.GetRequiredService<Notifications>().Subscribe(CheckIntegrity.Topic, metrics.IntegrityFound, () => { });
            return metrics;
        });
        services.AddSingleton<AuditMac>();
        services.AddSingleton<CheckpointSigner>();
        services.AddSingleton<TrustedKeys>();
        services.AddSingleton<PersonalFields>();
        services.AddSingleton<AuditScribe>();
        services.AddSingleton<RecordOnCommit>();
        // Found at the first commit only: the keys of subjects are read through the door this step belongs to.
        services.AddSingleton<CommitStep>(p => (tx, ct) => p.GetRequiredService<RecordOnCommit>().RunAsync(tx, ct));
        services.AddSingleton(p => new AuditWriter(
            p.GetRequiredService<Database>(), p.GetRequiredService<AuditScribe>(), p.GetRequiredService<EventSubscriptions>(), p.GetRequiredService<AuditMetrics>(),
            p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<AuditWriter>>()));
        services.AddSingleton(p => new SealAudit(
            p.GetRequiredService<Db>(), p.GetRequiredService<CheckpointSigner>(), p.GetRequiredService<TrustedKeys>(),
            p.GetRequiredService<AuditMetrics>(), p.GetRequiredService<ILogger<SealAudit>>()));
        services.AddSingleton<CheckIntegrity>();
        services.AddSingleton(new Schedule(Check, "17 * * * *", Check));
        services.OnJob<ScheduledRun>(Check, (scope, _, _, ct) => scope.GetRequiredService<CheckIntegrity>().RunAsync(ct));
        services.AddSingleton<PruneAudit>();
        services.AddSingleton(new Schedule(Prune, "41 3 * * *", Prune));
        services.OnJob<ScheduledRun>(Prune, (scope, _, _, ct) => scope.GetRequiredService<PruneAudit>().RunAsync(ct));
        services.AddSingleton(p => new VerifyAudit(p.GetRequiredService<Db>(), p.GetRequiredService<AuditMac>(), p.GetRequiredService<TrustedKeys>()));
        services.AddSingleton(p => new ExportAudit(p.GetRequiredService<Db>(), p.GetRequiredService<TrustedKeys>(), p.GetRequiredService<AuditWriter>()));
        services.AddSingleton(p => new GetCheckpoint(p.GetRequiredService<Db>(), p.GetRequiredService<TrustedKeys>()));
        services.AddSingleton(p => new FindAuditEntry(p.GetRequiredService<Db>(), p.GetRequiredService<AuditMac>(), p.GetRequiredService<PersonalFields>()));
    }

    /// <summary>For the scheduler's role.</summary>
    public static void AddAuditSealing(this IServiceCollection services) => services.AddHostedService<SealingLoop>();

    public static void MapAudit(RouteGroups groups)
    {
        var management = groups.Management.MapGroup("").WithTags("Audit");
        ListAudit.Map(management);
        VerifyAudit.Map(management);
        GetCheckpoint.Map(management);
        ProveConsistency.Map(management);
        ExportAudit.Map(management);
        SetRetention.Map(management);
        FindAuditEntry.Map(management);
        ProveInclusion.Map(management);
    }
}
