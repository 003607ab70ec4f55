using Signet.Platform.Data;
using Signet.Server.Users;

namespace Signet.Server.Passwords.Storage;

internal static class PasswordRows
{
    public static Task<byte[]?> FindAsync(Tx tx, UserId user, CancellationToken ct) =>
        tx.ScalarAsync<byte[]>("select hash from passwords where tenant_id = @tenant and user_id = @user", new { tenant = tx.Tenant, user }, ct);

    public static Task SetAsync(Tx tx, UserId user, byte[] hash, CancellationToken ct) =>
        tx.ExecuteAsync("""
            insert into passwords (tenant_id, user_id, hash, set_at)
            values (@tenant, @user, @hash, @now)
            on conflict (tenant_id, user_id) do update set hash = excluded.hash, set_at = excluded.set_at
            """, new { tenant = tx.Tenant, user, hash, now = tx.Now }, ct);
}
