using Signet.Platform.Outbox;

namespace Signet.Platform.Data;

/// <summary>A worker looked into more than one tenant.</summary>
public sealed record TenantsCrossed(string Reason) : DomainEvent
{
    public override string Action => "platform.tenants_crossed";

    public override Target Target => new("platform", "tenants");
}
