using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Chains;
using Signet.OpenIdFederation.Statements;
using Signet.OpenIdFederation.TrustMarks;
using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Server.Federation.Storage;

namespace Signet.Server.Federation;

/// <summary>What a look at an entity found.</summary>
public abstract record EntityLook
{
    private EntityLook()
    {
    }

    public sealed record Found(EntityStatement Configuration) : EntityLook;

    /// <param name="IsTransient">It could not be had now; of the entity itself that says nothing.</param>
    public sealed record Refused(Problem Problem, bool IsTransient) : EntityLook;
}

/// <summary>Fetches what an entity says of itself, and checks what must hold before we vouch for it.</summary>
public sealed class LookAtEntity(FetchStatements fetch, Db db, TimeProvider time)
{
    /// <param name="known">Keys one of which must have signed it; null: its own will do.</param>
    public async Task<EntityLook> ReadAsync(EntityId entity, FederationKeys? known, CancellationToken ct)
    {
        switch (await fetch.FetchConfigurationAsync(entity, ct))
        {
            case FetchedDocument.Unavailable unavailable:
                return new EntityLook.Refused(FederationProblems.ConfigurationUnreachable with { Detail = unavailable.Detail }, IsTransient: true);
            case FetchedDocument.Missing missing:
                return new EntityLook.Refused(FederationProblems.ConfigurationUnreachable with { Detail = missing.Detail }, IsTransient: false);
            case FetchedDocument.Found found:
                var read = EntityStatement.TryReadConfiguration(found.Jwt, entity, time.GetUtcNow(), FederationRules.Standard, out var fault);
                fault ??= known is null ? null : read!.FindSignatureFault(known, FederationRules.Standard);
                return fault is null
                    ? new EntityLook.Found(read!)
                    : new EntityLook.Refused(FederationProblems.ConfigurationInvalid with { Detail = fault.Detail }, IsTransient: false);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Null where all that is asked holds; else each that does not, by name.</summary>
    public async Task<Problem?> RefuseAsync(Superior superior, EntityStatement configuration, SubordinateTerms terms, CancellationToken ct)
    {
        var (checks, entity) = (superior.Settings.Enrolment, configuration.Subject);
        var errors = new FieldErrors();
        errors.Check("authority_hints", !checks.AuthorityHint || configuration.AuthorityHints.Contains(superior.Id), $"do not name {superior.Id.Value}");
        errors.Check("contacts", !checks.Contacts || HasContacts(configuration), "are not named in its metadata");
        errors.Check("host", checks.Hosts is not { Count: > 0 } hosts || hosts.Any(host => IsWithin(entity.Host, host)), "is not one that may be enrolled");
        foreach (var type in TypesOf(configuration).Where(type => type != EntityTypes.FederationEntity && checks.EntityTypes is { Count: > 0 } allowed && !allowed.Contains(type)))
        {
            errors.Check("entity_types", false, $"include {type}, which is not one that may be enrolled");
        }

        errors.Check("metadata", configuration.Metadata is { } metadata && metadata.EnumerateObject().Any(), "is to say of what type the entity is");
        foreach (var (kid, defect) in configuration.Keys!.LeftOut)
        {
            errors.Check("jwks", false, $"have the key {kid}, which can verify nothing ({defect})");
        }

        foreach (var type in (checks.TrustMarks ?? []).Concat(terms.RequiredTrustMark is { } own ? [own] : []).Distinct(StringComparer.Ordinal))
        {
            errors.Check("trust_marks", await ShowsAsync(superior, configuration, type, ct), $"have none of {type} that was issued here and is in force");
        }

        return errors.ToProblem(FederationProblems.SubordinateRefused);
    }

    internal static IEnumerable<string> TypesOf(EntityStatement configuration) =>
        configuration.Metadata is { } metadata ? metadata.EnumerateObject().Select(type => type.Name) : [];

    private Task<bool> ShowsAsync(Superior superior, EntityStatement configuration, string type, CancellationToken ct) => db.InTenantAsync(superior.Tenant.Id, async tx =>
    {
        foreach (var entry in configuration.TrustMarks.Where(entry => entry.Type == type))
        {
            // By our own record: the signature of what was never issued is in none.
            if (TrustMark.TryParse(entry.Jwt, FederationRules.Standard, out _) is { } mark && mark.Subject == configuration.Subject && mark.Type == type
                && await MarkRows.FindJwtAsync(tx, SignMark.HashOf(entry.Jwt), ct) is { } known && ServeMarks.StatusOf(known, tx.Now) == TrustMarkStates.Active)
            {
                return true;
            }
        }

        return false;
    }, ct);

    private static bool HasContacts(EntityStatement configuration) =>
        configuration.Metadata is { } metadata && metadata.EnumerateObject().Any(type =>
            type.Value.TryGetProperty("contacts", out var contacts) && contacts.ValueKind is System.Text.Json.JsonValueKind.Array && contacts.GetArrayLength() > 0);

    private static bool IsWithin(string host, string zone) =>
        string.Equals(host, zone, StringComparison.OrdinalIgnoreCase) || host.EndsWith($".{zone}", StringComparison.OrdinalIgnoreCase);
}
