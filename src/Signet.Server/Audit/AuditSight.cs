using Signet.Platform.Outbox;
using Signet.Server.Permissions;

namespace Signet.Server.Audit;

/// <summary>Whose events somebody who may read the record sees.</summary>
internal static class AuditSight
{
    /// <summary>The agent whose events alone the caller sees; null: all of the tenant. People, keys, and agents that manage agents see all.</summary>
    public static string? OnlyOf(Actor actor) =>
        actor.Kind is ActorKind.Agent && !actor.May(Permission.ManageAgents) ? actor.Id.ToString() : null;
}
