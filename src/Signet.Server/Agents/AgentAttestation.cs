using Signet.Platform.Http;

namespace Signet.Server.Agents;

/// <summary>How long attestations hold. What is changed about them never makes one hold longer: for that a person attests.</summary>
internal static class AgentAttestation
{
    /// <summary>Null where agents may be attested so often; null days: never.</summary>
    public static Problem? Refuse(int? days) =>
        days is null or (>= 1 and <= AttestAgent.MostDays) ? null : AgentProblems.Invalid.WithError("attestationDays", $"is to be 1 to {AttestAgent.MostDays}");

    /// <summary>Who says how often for the first time, says it is wanted now.</summary>
    public static DateTimeOffset? First(int? days, DateTimeOffset now) => days is { } each ? now.AddDays(each) : null;

    /// <summary>Until when an agent is attested once it is to be attested so often.</summary>
    public static DateTimeOffset? After(Agent agent, int? days, DateTimeOffset now) =>
        days == agent.AttestationDays ? agent.AttestedUntil
        : First(days, now) is { } end && agent.AttestedUntil < end ? agent.AttestedUntil
        : First(days, now);

    /// <summary>Whether one is asked of people more seldom than before, or not at all any more.</summary>
    public static bool IsLooser(int? before, int? after) => before is { } days && (after is null || after > days);
}
