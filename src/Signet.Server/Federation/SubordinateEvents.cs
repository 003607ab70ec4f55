using Signet.Platform.Outbox;

namespace Signet.Server.Federation;

public abstract record SubordinateEvent(SubordinateId Id, string Entity) : DomainEvent
{
    public override Target Target => new("subordinate", Id.ToString());
}

public sealed record SubordinateEnrolled(SubordinateId Id, string Entity, SubordinateState State) : SubordinateEvent(Id, Entity)
{
    public override string Action => "subordinate.enrolled";
}

/// <param name="Fields">Those that are not as they were.</param>
public sealed record SubordinateUpdated(SubordinateId Id, string Entity, IReadOnlyList<string> Fields) : SubordinateEvent(Id, Entity)
{
    public override string Action => "subordinate.updated";
}

public sealed record SubordinateActivated(SubordinateId Id, string Entity, string? Reason) : SubordinateEvent(Id, Entity)
{
    public override string Action => "subordinate.activated";
}

public sealed record SubordinateSuspended(SubordinateId Id, string Entity, string? Reason) : SubordinateEvent(Id, Entity)
{
    public override string Action => "subordinate.suspended";
}

public sealed record SubordinateRevoked(SubordinateId Id, string Entity, string? Reason) : SubordinateEvent(Id, Entity)
{
    public override string Action => "subordinate.revoked";
}

/// <summary>What became of it stays on record.</summary>
public sealed record SubordinateRemoved(SubordinateId Id, string Entity) : SubordinateEvent(Id, Entity)
{
    public override string Action => "subordinate.removed";
}

/// <summary>Its statement was signed anew, after a look at its configuration.</summary>
public sealed record SubordinateRenewed(SubordinateId Id, string Entity, DateTimeOffset ExpiresAt) : SubordinateEvent(Id, Entity)
{
    public override string Action => "subordinate.renewed";
}

/// <summary>Its configuration, signed with a key we knew, has others.</summary>
/// <param name="Kids">Those it has now.</param>
public sealed record SubordinateKeysChanged(SubordinateId Id, string Entity, IReadOnlyList<string> Kids) : SubordinateEvent(Id, Entity)
{
    public override string Action => "subordinate.keys_changed";
}

/// <summary>It could not be renewed: its statement ends if nobody acts.</summary>
public sealed record SubordinateFaulty(SubordinateId Id, string Entity, string Fault, DateTimeOffset? ExpiresAt) : SubordinateEvent(Id, Entity)
{
    public override string Action => "subordinate.faulty";
}
