using Signet.Platform.Data;
using Signet.Platform.Outbox;

namespace Signet.Server.Tenants;

public abstract record TenantEvent(TenantId Tenant) : DomainEvent
{
    public override Target Target => new("tenant", Tenant.ToString());
}

public sealed record TenantProvisioned(TenantId Tenant, string Slug) : TenantEvent(Tenant)
{
    public override string Action => "tenants.provisioned";
}

public sealed record TenantSuspended(TenantId Tenant) : TenantEvent(Tenant)
{
    public override string Action => "tenants.suspended";
}

public sealed record TenantResumed(TenantId Tenant) : TenantEvent(Tenant)
{
    public override string Action => "tenants.resumed";
}

public sealed record TenantDeleted(TenantId Tenant) : TenantEvent(Tenant)
{
    public override string Action => "tenants.deleted";
}
