using Signet.Platform.Outbox;

namespace Server.Tests.Webhooks;

/// <summary>An event with a field about a person.</summary>
public sealed record Painted(string Colour, [property: Personal] string Name, Guid Person) : DomainEvent
{
    public override string Action => "tests.painted";

    public override Target Target => new("wall", "north");

    public override Guid? Subject => Person;
}
