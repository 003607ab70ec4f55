namespace Signet.Server.Agents;

public enum AgentState
{
    Active,

    /// <summary>Gets no token, and none of its tokens is active; may come back, its tokens do not.</summary>
    Suspended,

    /// <summary>For ever: nothing of it changes any more.</summary>
    Decommissioned,
}

/// <summary>The whole state machine of an agent.</summary>
public static class AgentStates
{
    private static readonly HashSet<(AgentState From, AgentState To)> Allowed =
    [
        (AgentState.Active, AgentState.Suspended),
        (AgentState.Suspended, AgentState.Active),
        (AgentState.Active, AgentState.Decommissioned),
        (AgentState.Suspended, AgentState.Decommissioned),
    ];

    /// <summary>To stay what it is is no change, and always allowed but for what was decommissioned.</summary>
    public static bool CanBecome(AgentState from, AgentState to) =>
        from == to ? from is not AgentState.Decommissioned : Allowed.Contains((from, to));
}

/// <summary>What an agent is for.</summary>
public enum AgentType
{
    Screener,
    Classifier,
    Orchestrator,
    Extractor,
    Summarizer,
    Router,
    Monitor,
    Custom,
}

public enum DeploymentEnv
{
    Development,
    Staging,
    Production,
}
