using Signet.Platform.Outbox;
using Signet.Server.Agents;

namespace Signet.Server.Governance;

public abstract record BlueprintEvent(BlueprintId Blueprint) : DomainEvent
{
    public override Target Target => new("blueprint", Blueprint.ToString());
}

public sealed record BlueprintCreated(BlueprintId Blueprint, string Name, IReadOnlyList<string> Scopes) : BlueprintEvent(Blueprint)
{
    public override string Action => "blueprint.created";
}

public sealed record BlueprintUpdated(BlueprintId Blueprint, IReadOnlyList<string> Fields) : BlueprintEvent(Blueprint)
{
    public override string Action => "blueprint.updated";
}

public sealed record BlueprintRetired(BlueprintId Blueprint) : BlueprintEvent(Blueprint)
{
    public override string Action => "blueprint.retired";
}

/// <summary>Its agents were made what it says; each that changed has a record of its own.</summary>
public sealed record BlueprintApplied(BlueprintId Blueprint, int Changed, int Unchanged, int Refused) : BlueprintEvent(Blueprint)
{
    public override string Action => "blueprint.applied";
}
