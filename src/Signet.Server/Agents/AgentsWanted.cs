using Signet.Server.Users;

namespace Signet.Server.Agents;

/// <summary>Which agents a list shows; null: whatever.</summary>
/// <param name="Labels">All of these, each <c>key:value</c>.</param>
/// <param name="Orphaned">Those nobody answers for, or those somebody does.</param>
/// <param name="Person">Those this person answers or stands in for.</param>
/// <param name="Search">Beginnings of words of the address, the address, or the id.</param>
public sealed record AgentsWanted(
    string? Search = null, UserId? Owner = null, AgentType? Type = null, AgentState? State = null, DeploymentEnv? DeploymentEnv = null,
    IReadOnlyList<string>? Labels = null, BlueprintId? Blueprint = null, bool? Orphaned = null,
    UserId? Person = null);
