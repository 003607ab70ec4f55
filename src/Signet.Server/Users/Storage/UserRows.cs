using Signet.Platform.Data;

namespace Signet.Server.Users.Storage;

internal sealed record UserRow(
    UserId UserId, byte[] Email, byte[] EmailIndex, bool EmailVerified, byte[]? DisplayName, byte[][] SearchTerms, UserState State,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>What is read back; the indexes are for looking up only.</summary>
internal sealed record StoredUser(
    UserId UserId, byte[] Email, bool EmailVerified, byte[]? DisplayName, UserState State, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

internal static class UserRows
{
    private const string Columns = "user_id, email, email_verified, display_name, state, created_at, updated_at";

    /// <summary>False where the address is taken.</summary>
    public static async Task<bool> TryInsertAsync(Tx tx, UserRow row, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            insert into users (tenant_id, user_id, email, email_index, email_verified, display_name, search_terms, state, created_at, updated_at)
            values (@Tenant, @UserId, @Email, @EmailIndex, @EmailVerified, @DisplayName, @SearchTerms, @State, @CreatedAt, @UpdatedAt)
            on conflict (tenant_id, email_index) do nothing
            """, new
        {
            tx.Tenant, row.UserId, row.Email, row.EmailIndex, row.EmailVerified, row.DisplayName, row.SearchTerms, row.State, row.CreatedAt, row.UpdatedAt,
        }, ct) == 1;

    public static Task<StoredUser?> FindAsync(Tx tx, UserId id, CancellationToken ct) =>
        tx.FindAsync<StoredUser>($"select {Columns} from users where tenant_id = @tenant and user_id = @id", new { tenant = tx.Tenant, id }, ct);

    public static Task<StoredUser?> FindByEmailAsync(Tx tx, byte[] emailIndex, CancellationToken ct) =>
        tx.FindAsync<StoredUser>($"select {Columns} from users where tenant_id = @tenant and email_index = @emailIndex", new { tenant = tx.Tenant, emailIndex }, ct);

    /// <summary>Newest first; ids are made in the order of time.</summary>
    public static Task<List<StoredUser>> ListAsync(Tx tx, UserState? state, UserId? before, int limit, CancellationToken ct) =>
        tx.ListAsync<StoredUser>($"""
            select {Columns} from users
             where tenant_id = @tenant
               {(state is null ? "" : "and state = @state")}
               {(before is null ? "" : "and user_id < @before")}
             order by user_id desc
             limit @limit
            """, new { tenant = tx.Tenant, state, before, limit }, ct);

    /// <summary>Those who have all the terms, newest first. Walks along the rows of the first term, so the one fewest have is best put first.</summary>
    public static Task<List<StoredUser>> FindByTermsAsync(Tx tx, byte[][] terms, UserState? state, UserId? before, int limit, CancellationToken ct) =>
        tx.ListAsync<StoredUser>($"""
            select {Columns}
              from user_search_terms as found
              join users using (tenant_id, user_id)
             where tenant_id = @tenant and found.term = @first
               {(state is null ? "" : "and state = @state")}
               {(before is null ? "" : "and user_id < @before")}
               and not exists (select 1 from unnest(@others) as other
                                where not exists (select 1 from user_search_terms as has
                                                   where has.tenant_id = @tenant and has.term = other and has.user_id = found.user_id))
             order by user_id desc
             limit @limit
            """, new { tenant = tx.Tenant, first = terms[0], others = terms[1..], state, before, limit }, ct);

    public static async Task<bool> UpdateAsync(
        Tx tx, UserId id, byte[]? displayName, byte[][] searchTerms, bool emailVerified, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            update users set display_name = @displayName, search_terms = @searchTerms, email_verified = @emailVerified, updated_at = @now
             where tenant_id = @tenant and user_id = @id
            """, new { tenant = tx.Tenant, id, displayName, searchTerms, emailVerified, now = tx.Now }, ct) == 1;

    /// <summary>False where there is no such person, or they are in that state already.</summary>
    public static async Task<bool> MoveAsync(Tx tx, UserId id, UserState to, CancellationToken ct) =>
        await tx.ExecuteAsync("""
            update users set state = @to, updated_at = @now
             where tenant_id = @tenant and user_id = @id and state <> @to
            """, new { tenant = tx.Tenant, id, to, now = tx.Now }, ct) == 1;

    public static async Task<bool> DeleteAsync(Tx tx, UserId id, CancellationToken ct) =>
        await tx.ExecuteAsync("delete from users where tenant_id = @tenant and user_id = @id", new { tenant = tx.Tenant, id }, ct) == 1;

    /// <summary>Counts no further than <paramref name="most"/>.</summary>
    public static Task<long> CountAsync(Tx tx, int most, CancellationToken ct) =>
        tx.ScalarAsync<long>("select count(*) from (select 1 from users where tenant_id = @tenant limit @most) as counted", new { tenant = tx.Tenant, most }, ct);
}
