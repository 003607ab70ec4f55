using Signet.Platform.Http;

namespace Signet.Server.AgentCards;

public static class CardProblems
{
    public static readonly Problem NotFound = new(404, "agent_cards.not_found", "The agent has no card.");

    public static readonly Problem Invalid = new(400, "invalid_input", "The card can't be so.");
}
