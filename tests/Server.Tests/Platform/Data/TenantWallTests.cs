using Npgsql;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Xunit;

namespace Server.Tests.Platform.Data;

public sealed class DataFixtureOfIdentity : DataFixture
{
    protected override string Schema => "identity";
}

public sealed class DataFixtureOfAuth1 : DataFixture
{
    protected override string Schema => "Auth-1";
}

public sealed class TenantWallTests(DataFixture fixture) : TenantWall(fixture), IClassFixture<DataFixture>;

public sealed class TenantWallInIdentityTests(DataFixtureOfIdentity fixture) : TenantWall(fixture), IClassFixture<DataFixtureOfIdentity>;

public sealed class TenantWallInAuth1Tests(DataFixtureOfAuth1 fixture) : TenantWall(fixture), IClassFixture<DataFixtureOfAuth1>;

/// <summary>Holds in a schema of any name.</summary>
public abstract class TenantWall(DataFixture fixture)
{
    private readonly Db db = fixture.Test.Db();
    private readonly TenantId one = DataFixture.NewTenant();
    private readonly TenantId two = DataFixture.NewTenant();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tenant_sees_its_own_rows_only()
    {
        await WriteAsync(one, "of one");
        await WriteAsync(two, "of two");

        Assert.Equal(["of one"], await db.InTenantAsync(one, tx => DataFixture.ListNotesAsync(tx, Ct), Ct));
        Assert.Equal(["of two"], await db.ListInTenantAsync<string>(two, "select text from notes", null, Ct));
        Assert.Equal("of one", await db.FindInTenantAsync<string>(one, "select text from notes", null, Ct));
    }

    [Fact]
    public async Task A_tenant_cannot_write_for_another()
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => db.InTenantAsync(one, tx => tx.ExecuteAsync(
            "insert into notes values (@two, @id, 'forged')", new { two, id = tx.NewId<NoteId>() }, Ct), Ct));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task A_tenant_cannot_change_or_delete_the_rows_of_another()
    {
        await WriteAsync(two, "of two");

        var changed = await db.InTenantAsync(one, tx => tx.ExecuteAsync("update notes set text = 'taken'", null, Ct), Ct);
        var deleted = await db.InTenantAsync(one, tx => tx.ExecuteAsync("delete from notes", null, Ct), Ct);

        Assert.Equal((0, 0), (changed, deleted));
        Assert.Equal(["of two"], await db.InTenantAsync(two, tx => DataFixture.ListNotesAsync(tx, Ct), Ct));
    }

    [Fact]
    public async Task The_tenant_of_a_read_does_not_outlive_it_on_its_connection()
    {
        await WriteAsync(one, "of one");
        await db.ListInTenantAsync<string>(one, "select text from notes", null, Ct);

        await using var connection = await fixture.Test.Database.For(DatabaseRole.Application).OpenConnectionAsync(Ct);
        await using var bare = new NpgsqlCommand("select count(*) from notes", connection);

        Assert.Equal(0L, await bare.ExecuteScalarAsync(Ct));
    }

    [Fact]
    public async Task A_worker_sees_every_tenant()
    {
        await WriteAsync(one, "of one");
        await WriteAsync(two, "of two");

        var seen = await db.AcrossTenantsAsync(Origin.OfWorker("tests", "r"), "look", tx => tx.ListAsync<string>(
            "select text from notes where tenant_id in (@one, @two) order by 1", new { one, two }, Ct), Ct);

        Assert.Equal(["of one", "of two"], seen);
    }

    [Fact]
    public async Task A_connection_keeps_its_role_when_it_is_used_again_also_after_an_error()
    {
        List<string?> roles = [];
        for (var i = 0; i < 3; i++)
        {
            roles.Add(await db.InTenantAsync(one, tx => tx.ScalarAsync<string>("select current_user::text", null, Ct), Ct));
            await Assert.ThrowsAsync<PostgresException>(() => db.InTenantAsync(one, tx => tx.ExecuteAsync("select 1 / 0", null, Ct), Ct));
        }

        Assert.Equal([fixture.Test.Address.ApplicationRole], roles.Distinct());
    }

    [Fact]
    public async Task The_application_makes_no_tables()
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => db.InTenantAsync(one, tx => tx.ExecuteAsync("create table mine (id int)", null, Ct), Ct));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    private Task WriteAsync(TenantId tenant, string text) => db.InTenantAsync(tenant, tx => DataFixture.AddNoteAsync(tx, text, Ct), Ct);
}
