using Signet.Platform.Outbox;

namespace Signet.Server.Federation;

public abstract record MarkTypeEvent(TrustMarkTypeId Id, string Type) : DomainEvent
{
    public override Target Target => new("trust_mark_type", Id.ToString());
}

public sealed record MarkTypeCreated(TrustMarkTypeId Id, string Type) : MarkTypeEvent(Id, Type)
{
    public override string Action => "trust_mark_type.created";
}

public sealed record MarkTypeUpdated(TrustMarkTypeId Id, string Type, IReadOnlyList<string> Fields) : MarkTypeEvent(Id, Type)
{
    public override string Action => "trust_mark_type.updated";
}

public sealed record MarkTypeDeactivated(TrustMarkTypeId Id, string Type) : MarkTypeEvent(Id, Type)
{
    public override string Action => "trust_mark_type.deactivated";
}

public sealed record MarkTypeDeleted(TrustMarkTypeId Id, string Type) : MarkTypeEvent(Id, Type)
{
    public override string Action => "trust_mark_type.deleted";
}

/// <param name="Issuer">Who may issue marks of it.</param>
public sealed record MarkTypeDelegated(TrustMarkTypeId Id, string Type, string Issuer, DateTimeOffset ExpiresAt) : MarkTypeEvent(Id, Type)
{
    public override string Action => "trust_mark_type.delegated";
}

/// <summary>The leave is not renewed any more; what was signed of it holds until its end.</summary>
public sealed record MarkTypeDelegationEnded(TrustMarkTypeId Id, string Type, string Issuer) : MarkTypeEvent(Id, Type)
{
    public override string Action => "trust_mark_type.delegation_ended";
}

public abstract record MarkEvent(TrustMarkId Mark, string Type, string Entity) : DomainEvent
{
    public override Target Target => new("trust_mark", Mark.ToString());
}

public sealed record MarkIssued(TrustMarkId Mark, string Type, string Entity, DateTimeOffset ExpiresAt) : MarkEvent(Mark, Type, Entity)
{
    public override string Action => "trust_mark.issued";
}

public sealed record MarkRenewed(TrustMarkId Mark, string Type, string Entity, DateTimeOffset ExpiresAt) : MarkEvent(Mark, Type, Entity)
{
    public override string Action => "trust_mark.renewed";
}

/// <summary>What it says changed; what was signed before is revoked.</summary>
public sealed record MarkUpdated(TrustMarkId Mark, string Type, string Entity, IReadOnlyList<string> Fields) : MarkEvent(Mark, Type, Entity)
{
    public override string Action => "trust_mark.updated";
}

public sealed record MarkSuspended(TrustMarkId Mark, string Type, string Entity, string? Reason) : MarkEvent(Mark, Type, Entity)
{
    public override string Action => "trust_mark.suspended";
}

public sealed record MarkActivated(TrustMarkId Mark, string Type, string Entity) : MarkEvent(Mark, Type, Entity)
{
    public override string Action => "trust_mark.activated";
}

public sealed record MarkRevoked(TrustMarkId Mark, string Type, string Entity, string? Reason) : MarkEvent(Mark, Type, Entity)
{
    public override string Action => "trust_mark.revoked";
}

/// <summary>It ends soon, and nobody renews it by itself.</summary>
public sealed record MarkExpiring(TrustMarkId Mark, string Type, string Entity, DateTimeOffset ExpiresAt) : MarkEvent(Mark, Type, Entity)
{
    public override string Action => "trust_mark.expiring";
}

public abstract record MarkRequestEvent(TrustMarkRequestId Request, string Type, string Entity) : DomainEvent
{
    public override Target Target => new("trust_mark_request", Request.ToString());
}

public sealed record MarkRequested(TrustMarkRequestId Request, string Type, string Entity) : MarkRequestEvent(Request, Type, Entity)
{
    public override string Action => "trust_mark_request.made";
}

public sealed record MarkRequestApproved(TrustMarkRequestId Request, string Type, string Entity, TrustMarkId Mark) : MarkRequestEvent(Request, Type, Entity)
{
    public override string Action => "trust_mark_request.approved";
}

public sealed record MarkRequestDenied(TrustMarkRequestId Request, string Type, string Entity, string? Reason) : MarkRequestEvent(Request, Type, Entity)
{
    public override string Action => "trust_mark_request.denied";
}

public abstract record OwnMarkEvent(string Type, string Issuer) : DomainEvent
{
    public override Target Target => new("own_trust_mark", $"{Type} {Issuer}");
}

public sealed record OwnMarkAdded(string Type, string Issuer) : OwnMarkEvent(Type, Issuer)
{
    public override string Action => "own_trust_mark.added";
}

public sealed record OwnMarkRemoved(string Type, string Issuer) : OwnMarkEvent(Type, Issuer)
{
    public override string Action => "own_trust_mark.removed";
}

public sealed record OwnMarkExpiring(string Type, string Issuer, DateTimeOffset ExpiresAt) : OwnMarkEvent(Type, Issuer)
{
    public override string Action => "own_trust_mark.expiring";
}
