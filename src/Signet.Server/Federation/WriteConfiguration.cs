using System.Text.Json;
using Signet.OpenIdFederation;
using Signet.OpenIdFederation.Messages;
using Signet.OpenIdFederation.Statements;
using Signet.Platform.Data;
using Signet.Server.Federation.Storage;
using Signet.Server.Tenants;

namespace Signet.Server.Federation;

/// <summary>
/// Signs our configuration and the historical keys, and puts them where they are served from; in the transaction of whatever changed, so that the two and the
/// keys are always of one moment.
/// </summary>
public sealed class WriteConfiguration(IEnumerable<FederationEndpoint> endpoints, FederationDirectory directory, FederationKeyRings rings)
{
    private readonly FederationEndpoint[] endpoints = [.. endpoints];

    /// <summary>False where federation is off or there is nothing to sign with.</summary>
    public async Task<bool> RunAsync(Tx tx, Tenant tenant, CancellationToken ct)
    {
        if (directory.IdOf(tenant) is not { } id || await FederationEntityRows.LockAsync(tx, ct) is not { } row || row.ToSettings() is not { Enabled: true } settings
            || await rings.LoadAsync(tx, settings, ct) is not { } ring)
        {
            return false;
        }

        var draft = Draft(id, settings, ring.Published, await TrustMarkParts.LoadAsync(tx, id, ring.Published, ct), tx.Now);
        await StatementRows.PutAsync(tx, StatementKind.Configuration, "", new StatementRow(draft.Sign(ring.Signing), ring.Signing.Kid, tx.Now, draft.ExpiresAt), ct);
        var historical = new HistoricalKeys { Issuer = id, IssuedAt = tx.Now, Keys = await HistoricalAsync(tx, ct) };
        await StatementRows.PutAsync(
            tx, StatementKind.HistoricalKeys, "", new StatementRow(historical.Sign(ring.Signing), ring.Signing.Kid, tx.Now, draft.ExpiresAt), ct);
        StatementShelf.Forget(tx, "");
        return true;
    }

    /// <summary>Why others would refuse a configuration with these settings; null where they would not.</summary>
    internal FederationFault? FindFault(EntityId id, FederationSettings settings, FederationKeys keys, DateTimeOffset now) =>
        Draft(id, settings, keys, TrustMarkParts.None, now).FindFault(FederationRules.Standard with { UnderstoodClaims = settings.Crit });

    private EntityConfigurationDraft Draft(EntityId id, FederationSettings settings, FederationKeys keys, TrustMarkParts marks, DateTimeOffset now) => new()
    {
        Entity = id,
        Keys = keys,
        IssuedAt = now,
        ExpiresAt = now + settings.ConfigurationLife,
        Metadata = MetadataOf(id, settings),
        AuthorityHints = [.. settings.AuthorityHints.Select(EntityId.Parse)],
        TrustAnchorHints = [.. settings.TrustAnchorHints.Select(EntityId.Parse)],
        TrustMarks = marks.Shown,
        TrustMarkIssuers = marks.Issuers,
        TrustMarkOwners = marks.Owners,
        Critical = settings.Crit,
        ExtraClaims = settings.ExtraClaims,
    };

    // OIDFed §8.7.3: when it ended, and whether it was revoked.
    private static async Task<IReadOnlyList<HistoricalKey>> HistoricalAsync(Tx tx, CancellationToken ct) =>
    [
        .. (await FederationKeyRows.ListAsync(tx, ct)).Where(row => row.State is FederationKeyState.Historical).Select(row =>
            new HistoricalKey(FederationKeySeal.PublicKeyOf(row), row.EndedAt!.Value)
            {
                IssuedAt = row.CreatedAt,
                Revocation = row.Revoked is { } reason ? new KeyRevocation(row.EndedAt!.Value, reason) : null,
            }),
    ];

    private JsonElement MetadataOf(EntityId id, FederationSettings settings)
    {
        var entity = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["organization_name"] = settings.OrganizationName,
            ["organization_uri"] = settings.OrganizationUri,
            ["display_name"] = settings.DisplayName,
            ["contacts"] = settings.Contacts.Count > 0 ? settings.Contacts : null,
            ["logo_uri"] = settings.LogoUri,
            ["policy_uri"] = settings.PolicyUri,
            ["information_uri"] = settings.InformationUri,
        };
        foreach (var member in settings.Metadata?.EnumerateObject() ?? default)
        {
            entity[member.Name] = member.Value;
        }

        foreach (var endpoint in endpoints)
        {
            entity[endpoint.Member] = $"{id.Value}{endpoint.Path}";
        }

        return JsonSerializer.SerializeToElement(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [EntityTypes.FederationEntity] = entity.Where(member => member.Value is not null).ToDictionary(member => member.Key, member => member.Value, StringComparer.Ordinal),
        });
    }
}
