using Signet.Platform.Data;

namespace Signet.Server.Console;

/// <summary>How many of each there are, counted no further than a person cares: a tenant of millions costs no more than one of thousands.</summary>
public sealed class CountRecords(Db db)
{
    public const int Most = 1000;

    public sealed record Counts(long Users, long Clients, long Sessions);

    public async Task<Counts> RunAsync(TenantId tenant, CancellationToken ct) =>
        (await db.FindInTenantAsync<Counts>(tenant, """
            select (select count(*) from (select 1 from users where tenant_id = @tenant limit @limit) as u) as users,
                   (select count(*) from (select 1 from clients where tenant_id = @tenant limit @limit) as c) as clients,
                   (select count(*) from (select 1 from sessions where tenant_id = @tenant and ended_at is null and expires_at > now() limit @limit) as s) as sessions
            """, new { tenant, limit = Most + 1 }, ct))!;

    public static string Words(long count) => count > Most ? $"{Most:N0}+" : count.ToString("N0");
}
