namespace Signet.Server.Console;

/// <summary>What a page says after an act, once it has redirected to itself.</summary>
internal static class Done
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["saved"] = "Saved.",
        ["user-created"] = "User added.",
        ["user-deactivated"] = "Deactivated. Their sessions and tokens have ended.",
        ["user-reactivated"] = "Reactivated. They can sign in again.",
        ["user-deleted"] = "User deleted.",
        ["role"] = "Role changed.",
        ["signed-out"] = "Signed out everywhere.",
        ["client-disabled"] = "Disabled. It gets no tokens, and those it has are dead.",
        ["client-enabled"] = "Enabled.",
        ["client-deleted"] = "Application deleted.",
        ["agent-registered"] = "Agent registered.",
        ["agent-suspended"] = "Suspended. It gets no tokens, and those it had are dead.",
        ["agent-resumed"] = "Resumed. It can get tokens again; its old ones stay dead.",
        ["agent-decommissioned"] = "Decommissioned. Its credentials and tokens have ended.",
        ["agent-attested"] = "Attested. It is still wanted.",
        ["agents-of-blueprint-stopped"] = "Stopped. Every active agent of this blueprint is suspended.",
        ["blueprint-made"] = "Blueprint made.",
        ["blueprint-applied"] = "Applied. Its agents are what it says.",
        ["blueprint-retired"] = "Retired. No more agents are made of it.",
        ["agents-stopped"] = "Stopped. Every active agent is suspended and its tokens are dead.",
        ["agents-of-owner-stopped"] = "Stopped. Every active agent of this owner is suspended.",
        ["approval-cancelled"] = "Cancelled. No token comes of it, and one that did is dead.",
        ["agents-transferred"] = "Transferred. The new owner answers for them.",
        ["delegation-ended"] = "Delegation ended, with all that came of it.",
        ["card-published"] = "Published. Anybody can read the card now.",
        ["card-withdrawn"] = "Withdrawn. The card leads nowhere now.",
        ["card-removed"] = "Card removed.",
        ["credential-revoked"] = "Credential revoked. The tokens it got are dead.",
        ["certificate-registered"] = "Certificate registered. The agent shows it in TLS, with its id as client_id.",
        ["authority-added"] = "Authority added. Agents' credentials can name it now.",
        ["authority-removed"] = "Authority removed. Credentials that rested on it are revoked, and their tokens are dead.",
        ["announced"] = "A successor is announced. It signs from tomorrow.",
        ["taken-over"] = "The new key signs now.",
        ["dropped"] = "Key withdrawn. Nothing it signed is believed any more.",
        ["policy-reloaded"] = "The policy was read again.",
        ["revoked"] = "API key revoked.",
        ["trust-policy-made"] = "Trust policy made.",
        ["trust-policy-disabled"] = "Disabled. The tokens it got are dead.",
        ["trust-policy-enabled"] = "Enabled.",
        ["trust-policy-deleted"] = "Trust policy deleted, and the tokens it got are dead.",
        ["mark-type-made"] = "Type added. It stands in the configuration now.",
        ["mark-type-deleted"] = "Type deleted.",
        ["mark-type-delegated"] = "Signed. The issuer puts the delegation into its marks.",
        ["mark-type-delegation-ended"] = "Taken back. What was signed of it holds until its end.",
        ["mark-issued"] = "Issued. The subject finds it at the trust mark endpoint.",
        ["mark-renewed"] = "Signed anew. The old one holds until its end.",
        ["mark-suspended"] = "Suspended. It is served no more.",
        ["mark-activated"] = "Activated.",
        ["mark-revoked"] = "Revoked, with everything that was signed of it.",
        ["mark-denied"] = "Denied.",
        ["webhook-tested"] = "A test event is on its way.",
        ["webhook-disabled"] = "Disabled. It is told of nothing, and what waited for it is given up.",
        ["webhook-enabled"] = "Enabled.",
        ["webhook-deleted"] = "Webhook deleted.",
        ["redelivered"] = "It is delivered again.",
        ["retried"] = "The job is queued again.",
        ["discarded"] = "Job discarded.",
        ["suspended"] = "Tenant suspended.",
        ["resumed"] = "Tenant resumed.",
    };

    public static string? Find(string? name) => name is not null && Words.TryGetValue(name, out var words) ? words : null;

    /// <summary>Back to a page of ours that says so; a reload does not act again.</summary>
    public static IResult To(HttpContext context, string path, string name) =>
        Words.ContainsKey(name)
            ? Results.Redirect($"{context.Request.PathBase}{path}?done={name}")
            : throw new ArgumentException("Nothing is said under this name.", nameof(name));
}
