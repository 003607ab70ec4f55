using Signet.Platform.Outbox;

namespace Signet.Server.Keys;

public abstract record KeyEvent(string Kid, string Algorithm) : DomainEvent
{
    public override Target Target => new("signing_key", Kid);
}

public sealed record SigningKeyAnnounced(string Kid, string Algorithm) : KeyEvent(Kid, Algorithm)
{
    public override string Action => "keys.announced";
}

public sealed record SigningKeyActivated(string Kid, string Algorithm) : KeyEvent(Kid, Algorithm)
{
    public override string Action => "keys.activated";
}

public sealed record SigningKeyRetiring(string Kid, string Algorithm) : KeyEvent(Kid, Algorithm)
{
    public override string Action => "keys.retiring";
}

public sealed record SigningKeyRetired(string Kid, string Algorithm) : KeyEvent(Kid, Algorithm)
{
    public override string Action => "keys.retired";
}

public sealed record SigningKeyDropped(string Kid, string Algorithm, string Reason) : KeyEvent(Kid, Algorithm)
{
    public override string Action => "keys.dropped";
}
