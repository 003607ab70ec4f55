using Signet.Platform.Outbox;

namespace Signet.Server.Clients;

public abstract record ClientEvent(ClientId Client) : DomainEvent
{
    public override Target Target => new("client", Client.ToString());
}

public sealed record ClientCreated(ClientId Client, string Name, IReadOnlyList<string> Grants, IReadOnlyList<string> RedirectUris) : ClientEvent(Client)
{
    public override string Action => "clients.created";
}

public sealed record ClientUpdated(ClientId Client, IReadOnlyList<string> Fields, IReadOnlyList<string> RedirectUris) : ClientEvent(Client)
{
    public override string Action => "clients.updated";
}

public sealed record ClientSecretRotated(ClientId Client, DateTimeOffset OldSecretsEnd) : ClientEvent(Client)
{
    public override string Action => "clients.secret_rotated";
}

public sealed record ClientDisabled(ClientId Client) : ClientEvent(Client)
{
    public override string Action => "clients.disabled";
}

public sealed record ClientEnabled(ClientId Client) : ClientEvent(Client)
{
    public override string Action => "clients.enabled";
}

public sealed record ClientDeleted(ClientId Client) : ClientEvent(Client)
{
    public override string Action => "clients.deleted";
}

/// <summary>One secret ended before its time, and no other took its place.</summary>
public sealed record ClientSecretEnded(ClientId Client) : ClientEvent(Client)
{
    public override string Action => "clients.secret_ended";
}
