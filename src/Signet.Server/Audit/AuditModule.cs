using Signet.Platform.Data;

namespace Signet.Server.Audit;

public static class AuditModule
{
    public static void AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditMetrics>();
        services.AddSingleton<AuditMac>();
        services.AddSingleton<CheckpointSigner>();
        services.AddSingleton<TrustedKeys>();
        services.AddSingleton<PersonalFields>();
        services.AddSingleton<AuditScribe>();
        services.AddSingleton<RecordOnCommit>();
        // Found at the first commit only: the keys of subjects are read through the door this step belongs to.
        services.AddSingleton<CommitStep>(p => (tx, ct) => p.GetRequiredService<RecordOnCommit>().RunAsync(tx, ct));
        services.AddSingleton(p => new AuditWriter(
            p.GetRequiredService<Database>(), p.GetRequiredService<AuditScribe>(), p.GetRequiredService<AuditMetrics>(),
            p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<AuditWriter>>()));
        services.AddSingleton(p => new SealAudit(
            p.GetRequiredService<Db>(), p.GetRequiredService<CheckpointSigner>(), p.GetRequiredService<TrustedKeys>(),
            p.GetRequiredService<AuditMetrics>(), p.GetRequiredService<ILogger<SealAudit>>()));
        services.AddSingleton<PruneAudit>();
    }

    /// <summary>For the scheduler's role.</summary>
    public static void AddAuditSealing(this IServiceCollection services) => services.AddHostedService<SealingLoop>();
}
