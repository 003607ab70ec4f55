using Signet.Platform.Http;

namespace Signet.Server.Governance;

public static class BlueprintProblems
{
    public static readonly Problem NotFound = new(404, "blueprints.not_found", "There is no such blueprint.");

    public static readonly Problem Invalid = new(400, "invalid_input", "The blueprint can't be so.");

    public static readonly Problem TooMany = new(409, "blueprints.too_many", "The tenant has as many blueprints as it may.");

    public static readonly Problem Retired = new(409, "blueprints.retired", "The blueprint is retired; no more agents are made of it.");

    /// <summary>With the limit as <c>details.limit</c>.</summary>
    public static readonly Problem Full = new(409, "blueprints.full", "The blueprint has as many agents as it may.");

    public static readonly Problem BeyondYours = new(403, "blueprints.beyond_yours", "The blueprint's scopes allow what you may not do yourself.");
}
