using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.Tenants.Storage;
using Signet.Server.Ui;

namespace Signet.Server.Tenants;

/// <summary>What a tenant decided about itself. What it never decided is as for everybody.</summary>
/// <param name="DisplayName">What people see; null: the name it was provisioned under.</param>
/// <param name="Brand">As it was chosen; null: the colours Signet comes with.</param>
/// <param name="RegistrationOpen">Whether people may make their own accounts.</param>
/// <param name="UpdatedAt">Null: nothing was ever decided.</param>
public sealed record TenantSettings(string? DisplayName, BrandChoice? Brand, bool RegistrationOpen, DateTimeOffset? UpdatedAt)
{
    /// <summary>What agents may use.</summary>
    public AgentLimits Limits { get; init; } = AgentLimits.None;

    /// <summary>How long agents go on once their owner left; nothing: they are suspended at once.</summary>
    public TimeSpan OrphanGrace { get; init; } = TimeSpan.FromDays(7);

    public static TenantSettings Untouched { get; } = new(null, null, RegistrationOpen: true, null);

    /// <summary>Null while the pages look as Signet does.</summary>
    public BrandStylesheet? Stylesheet { get; } = Brand?.Read().Tokens is { } tokens ? new BrandStylesheet(tokens) : null;

    public BrandTokens? Tokens => Stylesheet?.Tokens;

    /// <summary>How the tenant's pages present it.</summary>
    public Brand BrandOf(Tenant tenant, string pathBase) => new(NameOf(tenant), StylesheetHref: Stylesheet?.HrefBehind(pathBase));

    public string NameOf(Tenant tenant) => DisplayName ?? tenant.Name;
}

/// <summary>Each tenant's settings, from this node's copy, which goes the moment they change.</summary>
public sealed class TenantSettingsDirectory(Db db, Notifications notifications, TimeProvider time)
{
    internal const string Topic = "tenant_settings";

    private readonly NodeCache<TenantId, TenantSettings> byTenant = new(Topic, id => id.ToString(), new NodeCacheOptions(10_000), notifications, time);

    public ValueTask<TenantSettings> FindAsync(TenantId tenant, CancellationToken ct) =>
        byTenant.GetAsync(tenant, (id, token) => db.InTenantAsync(id, async tx =>
            (await TenantSettingsRow.FindAsync(tx, token))?.ToSettings() ?? TenantSettings.Untouched, token), ct);
}
