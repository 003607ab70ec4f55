using Signet.Server.Permissions;

namespace Signet.Server.Policy;

/// <summary>The policy in force on the node that answers. What went wrong with a reload names places on the host, and is for those who run it.</summary>
public static class ShowPolicy
{
    public static void Map(RouteGroupBuilder policy) =>
        policy.MapGet("", (Actor actor, PolicyDecisionPoint point) => TypedResults.Ok(Run(actor, point)))
            .Requires(Permission.EvaluatePolicy).WithSummary("The policy in force, and what its last reload came to.");

    public static PolicyInForce Run(Actor actor, PolicyDecisionPoint point) =>
        actor.May(Permission.ManagePolicy) ? point.InForce : point.InForce with { LastFault = null };
}
