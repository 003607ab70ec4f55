using Signet.Platform.Outbox;

namespace Signet.Server.Federation;

public abstract record FederationEvent(string Entity) : DomainEvent
{
    public override Target Target => new("federation_entity", Entity);
}

/// <param name="Fields">Those that are not as they were.</param>
public sealed record FederationEntityChanged(string Entity, IReadOnlyList<string> Fields) : FederationEvent(Entity)
{
    public override string Action => "federation.entity_changed";
}

public sealed record FederationEnabled(string Entity) : FederationEvent(Entity)
{
    public override string Action => "federation.enabled";
}

/// <summary>Nothing of the entity is served any more.</summary>
public sealed record FederationDisabled(string Entity) : FederationEvent(Entity)
{
    public override string Action => "federation.disabled";
}

public abstract record FederationKeyEvent(string Kid, string Algorithm) : DomainEvent
{
    public override Target Target => new("federation_key", Kid);
}

public sealed record FederationKeyAnnounced(string Kid, string Algorithm) : FederationKeyEvent(Kid, Algorithm)
{
    public override string Action => "federation.key_announced";
}

public sealed record FederationKeyActivated(string Kid, string Algorithm) : FederationKeyEvent(Kid, Algorithm)
{
    public override string Action => "federation.key_activated";
}

public sealed record FederationKeyRetiring(string Kid, string Algorithm) : FederationKeyEvent(Kid, Algorithm)
{
    public override string Action => "federation.key_retiring";
}

/// <summary>Only the historical keys have it from here on.</summary>
public sealed record FederationKeyEnded(string Kid, string Algorithm) : FederationKeyEvent(Kid, Algorithm)
{
    public override string Action => "federation.key_ended";
}

/// <param name="Reason"><c>unspecified</c>, <c>compromised</c> or <c>superseded</c>.</param>
public sealed record FederationKeyRevoked(string Kid, string Algorithm, string Reason) : FederationKeyEvent(Kid, Algorithm)
{
    public override string Action => "federation.key_revoked";
}
