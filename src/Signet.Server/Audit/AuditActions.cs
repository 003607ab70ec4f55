using Signet.Platform.Data;
using Signet.Platform.Outbox;

namespace Signet.Server.Audit;

/// <summary>What happens to the audit record is on record.</summary>
public abstract record AuditAction(TenantId Tenant) : DomainEvent
{
    public override Target Target => new("audit", Tenant.ToString());
}

/// <summary>From here on checkpoints are signed with this key; its text form is that of C2SP signed-note.</summary>
public sealed record AuditKeyIntroduced(TenantId Tenant, string Key) : AuditAction(Tenant)
{
    public override string Action => "audit.key_introduced";
}

/// <summary>Retention took the content of records; their hashes stay.</summary>
/// <param name="UpTo">The highest position among them.</param>
public sealed record AuditPruned(TenantId Tenant, long Records, long UpTo, DateTimeOffset OlderThan) : AuditAction(Tenant)
{
    public override string Action => "audit.pruned";
}

/// <param name="Days">Null: for ever.</param>
public sealed record AuditRetentionChanged(TenantId Tenant, int? Days) : AuditAction(Tenant)
{
    public override string Action => "audit.retention_changed";
}

public sealed record AuditExported(TenantId Tenant, long Size) : AuditAction(Tenant)
{
    public override string Action => "audit.exported";
}

public sealed record AuditVerified(TenantId Tenant, long Size, int Faults) : AuditAction(Tenant)
{
    public override string Action => "audit.verified";

    public override Outcome Outcome => Faults == 0 ? Outcome.Success : Outcome.Failure;
}
