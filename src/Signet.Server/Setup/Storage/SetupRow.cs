using Signet.Platform.Data;

namespace Signet.Server.Setup.Storage;

internal sealed record SetupRow(byte[] Seed, DateTimeOffset? CompletedAt)
{
    public static Task EnsureAsync(Tx tx, byte[] seed, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into setup (tenant_id, seed, created_at) values (@tenant, @seed, @now)
            on conflict do nothing
            """, new { tenant = tx.Tenant, seed, now = tx.Now }, ct);

    public static Task<SetupRow> GetAsync(Tx tx, CancellationToken ct) =>
        tx.GetAsync<SetupRow>("select seed, completed_at from setup where tenant_id = @tenant", new { tenant = tx.Tenant }, ct);

    /// <summary>Closes setup: of two who finish at once exactly one hears true.</summary>
    public static async Task<bool> CloseAsync(Tx tx, CancellationToken ct) =>
        await tx.ExecuteAsync(
            "update setup set completed_at = @now where tenant_id = @tenant and completed_at is null", new { tenant = tx.Tenant, now = tx.Now }, ct) == 1;
}
