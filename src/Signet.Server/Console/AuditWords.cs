using Signet.Platform.Outbox;
using Signet.Server.Audit;
using Signet.Server.Ui;

namespace Signet.Server.Console;

/// <summary>The actions of the audit record in a person's words. An action without words of its own shows by its name, so none is ever hidden.</summary>
internal static class AuditWords
{
    private static readonly Dictionary<string, string> Actions = new(StringComparer.Ordinal)
    {
        ["agent.attestation_due"] = "Attestation of an agent due",
        ["agent.attested"] = "Agent attested",
        ["agent.card_changed"] = "Card of an agent changed",
        ["agent.card_published"] = "Card of an agent published",
        ["agent.card_removed"] = "Card of an agent removed",
        ["agent.card_withdrawn"] = "Card of an agent withdrawn",
        ["agent.created"] = "Agent registered",
        ["agent.decommissioned"] = "Agent decommissioned",
        ["agent.kill_switch"] = "Kill switch pulled",
        ["agent.orphaned"] = "Agent lost its owner",
        ["agent.owner_returned"] = "Owner of an agent came back",
        ["agent.reactivated"] = "Agent resumed",
        ["agent.suspended"] = "Agent suspended",
        ["agent.transferred"] = "Agent given to another owner",
        ["agent.updated"] = "Agent changed",
        ["api_keys.created"] = "API key made",
        ["api_keys.revoked"] = "API key revoked",
        ["approval.cancelled"] = "Approval taken back",
        ["approval.denied"] = "Action denied to an agent",
        ["approval.expired"] = "Approval ran out",
        ["approval.granted"] = "Action approved for an agent",
        ["approval.requested"] = "Approval asked for by an agent",
        ["audit.exported"] = "Audit record exported",
        ["audit.key_introduced"] = "Audit signing key introduced",
        ["audit.pruned"] = "Old audit records emptied",
        ["audit.retention_changed"] = "Audit retention changed",
        ["audit.verified"] = "Audit record verified",
        ["auth.login"] = "Signed in",
        ["auth.login.failed"] = "Sign-in refused",
        ["auth.logout"] = "Signed out",
        ["auth.register"] = "Account registered",
        ["auth.sessions_ended"] = "Signed out everywhere",
        ["blueprint.applied"] = "Blueprint applied to its agents",
        ["blueprint.created"] = "Blueprint made",
        ["blueprint.retired"] = "Blueprint retired",
        ["blueprint.updated"] = "Blueprint changed",
        ["clients.created"] = "Application registered",
        ["clients.deleted"] = "Application deleted",
        ["clients.disabled"] = "Application disabled",
        ["clients.enabled"] = "Application enabled",
        ["clients.secret_ended"] = "Secret of an application ended",
        ["clients.secret_rotated"] = "Client secret rotated",
        ["clients.updated"] = "Application changed",
        ["consents.granted"] = "Access allowed to an application",
        ["consents.withdrawn"] = "Access withdrawn from an application",
        ["certificate_authority.added"] = "Certificate authority trusted",
        ["certificate_authority.removed"] = "Certificate authority removed",
        ["credential.generated"] = "Credential made",
        ["credential.leaked"] = "Secret found outside and ended",
        ["credential.revoked"] = "Credential revoked",
        ["credential.rotated"] = "Credential rotated",
        ["delegation.consent_denied"] = "Leave to act denied to an agent",
        ["delegation.consent_granted"] = "Leave to act given to an agent",
        ["delegation.consent_requested"] = "Leave to act asked for by an agent",
        ["delegation.consent_withdrawn"] = "Leave to act withdrawn from an agent",
        ["delegation.offered"] = "Right to act handed to an agent",
        ["delegation.revoked"] = "Delegation ended",
        ["delegation.token_issued"] = "Token to act for another issued",
        ["federation.disabled"] = "Federation switched off",
        ["federation.enabled"] = "Federation switched on",
        ["federation.entity_changed"] = "Federation entity changed",
        ["federation.key_activated"] = "Federation key signs",
        ["federation.key_announced"] = "Federation key announced",
        ["federation.key_ended"] = "Federation key ended",
        ["federation.key_retiring"] = "Federation key signs no more",
        ["federation.key_revoked"] = "Federation key revoked",
        ["keys.activated"] = "Signing key became active",
        ["keys.announced"] = "Signing key announced",
        ["keys.dropped"] = "Signing key withdrawn",
        ["keys.retired"] = "Signing key retired",
        ["keys.retiring"] = "Signing key stopped signing",
        ["oauth.authorized"] = "Application authorized",
        ["oauth.client_refused"] = "Application refused",
        ["oauth.grant_revoked"] = "Grant revoked",
        ["oauth.token_issued"] = "Token issued",
        ["oauth.token_refused"] = "Token refused",
        ["oauth.token_revoked"] = "Token revoked",
        ["organizations.created"] = "Organization made",
        ["platform.tenants_crossed"] = "All tenants looked at",
        ["policy.evaluated"] = "Access decided by policy",
        ["policy.reload_failed"] = "Reload of the policy refused",
        ["policy.reloaded"] = "Policy reloaded",
        ["roles.assigned"] = "Role changed",
        ["secrets.rotated"] = "Master secret rotated",
        ["secrets.subject_erased"] = "A person's key destroyed",
        ["secrets.tenant_erased"] = "A tenant's key destroyed",
        ["setup.completed"] = "Setup completed",
        ["subordinate.activated"] = "Subordinate vouched for",
        ["subordinate.enrolled"] = "Subordinate enrolled",
        ["subordinate.faulty"] = "Subordinate not in order",
        ["subordinate.keys_changed"] = "Keys of a subordinate changed",
        ["subordinate.removed"] = "Subordinate removed",
        ["subordinate.renewed"] = "Statement about a subordinate signed anew",
        ["subordinate.revoked"] = "Subordinate revoked",
        ["subordinate.suspended"] = "Subordinate suspended",
        ["subordinate.updated"] = "Subordinate changed",
        ["tenants.deleted"] = "Tenant deleted",
        ["tenants.provisioned"] = "Tenant provisioned",
        ["tenants.resumed"] = "Tenant resumed",
        ["tenants.settings_changed"] = "Tenant settings changed",
        ["tenants.suspended"] = "Tenant suspended",
        ["token.introspected"] = "Token looked up by an agent",
        ["token.issued"] = "Token issued to an agent",
        ["token.refused"] = "Token refused to an agent",
        ["token.revoked"] = "Token of an agent revoked",
        ["users.created"] = "User added",
        ["users.deactivated"] = "User deactivated",
        ["users.deleted"] = "User deleted",
        ["users.reactivated"] = "User reactivated",
        ["users.updated"] = "User changed",
        ["own_trust_mark.added"] = "Trust mark of ours shown",
        ["own_trust_mark.expiring"] = "Trust mark of ours ends soon",
        ["own_trust_mark.removed"] = "Trust mark of ours taken down",
        ["trust_mark.activated"] = "Trust mark activated",
        ["trust_mark.expiring"] = "Trust mark ends soon",
        ["trust_mark.issued"] = "Trust mark issued",
        ["trust_mark.renewed"] = "Trust mark signed anew",
        ["trust_mark.revoked"] = "Trust mark revoked",
        ["trust_mark.suspended"] = "Trust mark suspended",
        ["trust_mark.updated"] = "Trust mark changed",
        ["trust_mark_request.approved"] = "Trust mark request approved",
        ["trust_mark_request.denied"] = "Trust mark request denied",
        ["trust_mark_request.made"] = "Trust mark asked for",
        ["trust_mark_type.created"] = "Trust mark type added",
        ["trust_mark_type.deactivated"] = "Trust mark type made inactive",
        ["trust_mark_type.delegated"] = "Trust mark type delegated",
        ["trust_mark_type.delegation_ended"] = "Trust mark delegation taken back",
        ["trust_mark_type.deleted"] = "Trust mark type deleted",
        ["trust_mark_type.updated"] = "Trust mark type changed",
        ["trust_policy.agent_registered"] = "Agent registered by a workload",
        ["trust_policy.created"] = "Trust policy made",
        ["trust_policy.deleted"] = "Trust policy deleted",
        ["trust_policy.disabled"] = "Trust policy disabled",
        ["trust_policy.enabled"] = "Trust policy enabled",
        ["trust_policy.redeemed"] = "Workload's token exchanged",
        ["trust_policy.refused"] = "Workload's token refused",
        ["trust_policy.updated"] = "Trust policy changed",
        ["webhooks.created"] = "Webhook added",
        ["webhooks.deleted"] = "Webhook deleted",
        ["webhooks.delivery_failed"] = "Webhook delivery given up",
        ["webhooks.disabled"] = "Webhook disabled",
        ["webhooks.enabled"] = "Webhook enabled",
        ["webhooks.redelivered"] = "Webhook delivery repeated",
        ["webhooks.secret_rotated"] = "Webhook secret rotated",
        ["webhooks.tested"] = "Webhook tested",
        ["webhooks.updated"] = "Webhook changed",
    };

    public static string Of(string action) => Actions.GetValueOrDefault(action, action);

    /// <summary>Who did it: by name where one is known.</summary>
    public static string Who(AuditEntry entry, IReadOnlyDictionary<string, string> names) =>
        entry.ActorId is { } id && names.TryGetValue(id, out var name) ? name : Who(entry.ActorKind, entry.ActorId);

    private static string Who(ActorKind kind, string? id) => kind switch
    {
        ActorKind.Anonymous => "Not signed in",
        ActorKind.User => "User",
        ActorKind.Client => "Application",
        ActorKind.Agent => "Agent",
        ActorKind.ApiKey => "API key",
        ActorKind.Operator => id is null ? "Operator" : $"Operator {id}",
        ActorKind.System => "Signet",
    };

    /// <summary>What it was done to: by name where one is known, else its kind and how its id begins.</summary>
    public static string What(AuditEntry entry, IReadOnlyDictionary<string, string> names) =>
        names.TryGetValue(entry.TargetId, out var name) ? name
        : entry.TargetId is "unknown" ? "Unknown"
        : $"{char.ToUpperInvariant(entry.TargetKind[0])}{entry.TargetKind[1..].Replace('_', ' ')} {NameOf(entry.TargetId, names)}";

    public static string NameOf(string id, IReadOnlyDictionary<string, string> names) =>
        names.TryGetValue(id, out var name) ? name : id.Length <= 12 ? id : $"{id[..8]}…";

    /// <summary>One line an act; where one person did the same to the same several times in a row, one line that says how often.</summary>
    public static IEnumerable<Moment> ToMoments(IReadOnlyList<AuditEntry> entries, IReadOnlyDictionary<string, string> names, string pathBase)
    {
        for (var i = 0; i < entries.Count;)
        {
            var entry = entries[i];
            var times = entries.Skip(i).TakeWhile(other => IsSame(entry, other)).Count();
            i += times;
            var who = Who(entry, names);
            yield return new(
                entry.At,
                // Whom it was done to, where that has a name and is not who did it.
                names.TryGetValue(entry.TargetId, out var target) && entry.TargetId != entry.ActorId ? $"{Of(entry.Action)}: {target}" : Of(entry.Action),
                times == 1 ? who : $"{who} · {times} times",
                entry.Outcome is Outcome.Failure ? Tone.Danger : Tone.Neutral,
                IconOf(entry.Action),
                $"{pathBase}/console/audit/{entry.Id}");
        }
    }

    private static bool IsSame(AuditEntry one, AuditEntry other) =>
        (one.Action, one.Outcome, one.ActorId, one.TargetId) == (other.Action, other.Outcome, other.ActorId, other.TargetId);

    /// <summary>The beginnings of actions a list can be narrowed to.</summary>
    public static IReadOnlyList<Choice> Groups { get; } =
    [
        new("auth.*", "Sign-in"), new("oauth.*", "Tokens"), new("users.*", "Users"), new("roles.*", "Roles"), new("clients.*", "Applications"),
        new("agent.*", "Agents"), new("blueprint.*", "Blueprints"), new("credential.*", "Agent credentials"), new("token.*", "Agent tokens"), new("trust_policy.*", "Trust policies"), new("certificate_authority.*", "Certificate authorities"), new("approval.*", "Approvals"),
        new("consents.*", "Consent"), new("keys.*", "Signing keys"), new("api_keys.*", "API keys"), new("policy.*", "Policy"), new("audit.*", "Audit"), new("tenants.*", "Tenants"),
        new("federation.*", "Federation"), new("subordinate.*", "Subordinates"), new("trust_mark.*", "Trust marks"), new("trust_mark_type.*", "Trust mark types"), new("webhooks.*", "Webhooks"),
    ];

    public static Tone ToneOf(Outcome outcome) => outcome is Outcome.Success ? Tone.Good : Tone.Danger;

    public static string WordOf(Outcome outcome) => outcome is Outcome.Success ? "Done" : "Refused";

    private static string IconOf(string action) => action.Split('.')[0] switch
    {
        "users" or "auth" or "roles" => "user",
        "clients" or "consents" => "app",
        "agent" or "blueprint" => "agent",
        "keys" or "api_keys" or "oauth" or "credential" or "token" => "key",
        "tenants" or "platform" => "tenant",
        "policy" or "trust_policy" => "shield",
        "audit" or "certificate_authority" or "trust_mark" or "trust_mark_type" or "trust_mark_request" or "own_trust_mark" or "subordinate" => "seal",
        "webhooks" => "webhook",
        _ => "info",
    };

    /// <summary>Where the thing an entry is about can be seen; null where it has no page.</summary>
    public static string? HrefOf(string kind, string id, string pathBase) => kind switch
    {
        "user" when id != "unknown" => $"{pathBase}/console/users/{Uri.EscapeDataString(id)}",
        "client" => $"{pathBase}/console/clients/{Uri.EscapeDataString(id)}",
        "agent" => $"{pathBase}/console/agents/{Uri.EscapeDataString(id)}",
        "blueprint" => $"{pathBase}/console/blueprints/{Uri.EscapeDataString(id)}",
        "trust_policy" => $"{pathBase}/console/trust-policies/{Uri.EscapeDataString(id)}",
        "certificate_authority" => $"{pathBase}/console/certificate-authorities",
        "trust_mark" => $"{pathBase}/console/trust-marks/{Uri.EscapeDataString(id)}",
        "trust_mark_type" => $"{pathBase}/console/trust-mark-types/{Uri.EscapeDataString(id)}",
        "webhook" => $"{pathBase}/console/webhooks/{Uri.EscapeDataString(id)}",
        _ => null,
    };
}
