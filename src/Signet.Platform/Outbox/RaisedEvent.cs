namespace Signet.Platform.Outbox;

/// <summary>An event with its circumstances, on its way to the audit record and the outbox.</summary>
public sealed record RaisedEvent(Guid Id, Data.TenantId Tenant, Origin Origin, DomainEvent Event, DateTimeOffset At);
