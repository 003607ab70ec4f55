using System.Text.Json;

namespace Signet.OAuth.TokenExchange;

/// <summary>RFC 8693 §4.4: the one party a token says may act for its subject.</summary>
public static class MayActClaim
{
    /// <summary>
    /// Whether every member of <c>may_act</c> is true of the actor. It must name a <c>sub</c>; a member that can't be checked here (an e-mail address,
    /// say) is not true of anybody.
    /// </summary>
    /// <param name="mayAct">The value of the claim. What a token without one allows is for the caller to decide.</param>
    /// <param name="issuer">The token's <c>iss</c>: a party without one of its own is of the same.</param>
    /// <param name="actor">Who wants to act.</param>
    public static bool Names(JsonElement mayAct, string issuer, Party actor) =>
        mayAct.ValueKind is JsonValueKind.Object
        && mayAct.TryGetProperty("sub", out _)
        && (mayAct.TryGetProperty("iss", out _) || string.Equals(issuer, actor.Issuer, StringComparison.Ordinal))
        && mayAct.EnumerateObject().All(member => member.Value.ValueKind is JsonValueKind.String && member.Name switch
        {
            "sub" => member.Value.ValueEquals(actor.Subject),
            "iss" => member.Value.ValueEquals(actor.Issuer),
            _ => false,
        });
}
