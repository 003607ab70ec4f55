using Signet.Platform.Data;

namespace Signet.Platform.Jobs.Storage;

internal static class LeaseRows
{
    /// <summary>True if the owner has it now: it had it before, nobody had, or the one who had let it lapse.</summary>
    public static async Task<bool> HoldAsync(Tx tx, string name, string owner, TimeSpan duration, CancellationToken ct) => await tx.ExecuteAsync("""
        insert into leases (name, owner, until) values (@name, @owner, @until)
        on conflict (name) do update set owner = excluded.owner, until = excluded.until
          where leases.owner = excluded.owner or leases.until <= @now
        """, new { name, owner, now = tx.Now, until = tx.Now + duration }, ct) == 1;

    public static Task ReleaseAsync(Tx tx, string name, string owner, CancellationToken ct) =>
        tx.ExecuteAsync("delete from leases where name = @name and owner = @owner", new { name, owner }, ct);
}
