using Signet.Platform.Data;
using Signet.Platform.Http;
using Signet.Platform.Outbox;
using Signet.Server.Tenants.Storage;
using Signet.Server.Ui;

namespace Signet.Server.Tenants;

/// <summary>Changes what a tenant decides about itself. What is not named stays; colours that can't be read are refused.</summary>
public static class ChangeTenantSettings
{
    private const int MostGraceDays = 365;

    /// <param name="DisplayName">What people see; empty: the name the tenant was provisioned under.</param>
    /// <param name="Brand">An object without members: the colours Signet comes with.</param>
    /// <param name="OrphanGraceDays">0 to 365: how long agents go on once their owner left.</param>
    /// <param name="AgentLimits">All three at once; an object without members: no limits.</param>
    public sealed record Request(string? DisplayName = null, BrandChoice? Brand = null, bool? RegistrationOpen = null, AgentLimits? AgentLimits = null, int? OrphanGraceDays = null);

    /// <summary>Null where the settings may be changed so.</summary>
    public static Problem? Refuse(Request request)
    {
        if (request.DisplayName is { } name && (name.Trim().Length > 200 || name.Any(char.IsControl)))
        {
            return TenantProblems.DisplayNameInvalid;
        }

        if (request.OrphanGraceDays is < 0 or > MostGraceDays)
        {
            return TenantProblems.LimitsInvalid.WithError("orphan_grace_days", $"is to be 0 to {MostGraceDays}");
        }

        return request.AgentLimits?.Refuse() ?? request.Brand?.Read().Refusal;
    }

    /// <summary>The settings as they are afterwards. A request that changes nothing leaves no record.</summary>
    public static async Task<TenantSettings> RunAsync(Tx tx, Origin origin, Request request, CancellationToken ct)
    {
        var before = (await TenantSettingsRow.LockAsync(tx, ct)).ToSettings();
        var after = before with
        {
            DisplayName = request.DisplayName is null ? before.DisplayName : request.DisplayName.Trim() is { Length: > 0 } name ? name : null,
            RegistrationOpen = request.RegistrationOpen ?? before.RegistrationOpen,
            Limits = request.AgentLimits ?? before.Limits,
            OrphanGrace = request.OrphanGraceDays is { } days ? TimeSpan.FromDays(days) : before.OrphanGrace,
            UpdatedAt = tx.Now,
        };
        if (request.Brand is { } brand)
        {
            after = new TenantSettings(after.DisplayName, brand.IsNone ? null : brand, after.RegistrationOpen, after.UpdatedAt)
            {
                Limits = after.Limits,
                OrphanGrace = after.OrphanGrace,
            };
        }

        string[] changed =
        [
            .. after.DisplayName == before.DisplayName ? [] : (string[])["display_name"],
            .. after.Brand == before.Brand ? [] : (string[])["brand"],
            .. after.RegistrationOpen == before.RegistrationOpen ? [] : (string[])["registration_open"],
            .. after.Limits == before.Limits ? [] : (string[])["agent_limits"],
            .. after.OrphanGrace == before.OrphanGrace ? [] : (string[])["orphan_grace_days"],
        ];
        if (changed.Length == 0)
        {
            return before;
        }

        await TenantSettingsRow.SetAsync(tx, after, ct);
        tx.Emit(origin, new TenantSettingsChanged(tx.Tenant, changed, after.DisplayName, after.Brand?.Colour, after.RegistrationOpen)
        {
            MostAgents = after.Limits.Agents,
            TokensAMonth = after.Limits.TokensAMonth,
            RequestsAMinute = after.Limits.RequestsAMinute,
            OrphanGraceDays = (int)after.OrphanGrace.TotalDays,
        });
        tx.Notify(TenantSettingsDirectory.Topic, tx.Tenant.ToString());
        return after;
    }
}

/// <param name="Changed">The members that are not what they were, by their names on the wire.</param>
public sealed record TenantSettingsChanged(TenantId Tenant, IReadOnlyList<string> Changed, string? Name, string? BrandColour, bool RegistrationOpen) : TenantEvent(Tenant)
{
    public int? MostAgents { get; init; }

    public int? TokensAMonth { get; init; }

    public int? RequestsAMinute { get; init; }

    public int? OrphanGraceDays { get; init; }

    public override string Action => "tenants.settings_changed";
}
