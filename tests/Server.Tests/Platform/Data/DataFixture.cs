using Signet.Platform.Data;
using Signet.Testing;
using Xunit;

namespace Server.Tests.Platform.Data;

/// <summary>A database with one tenant-owned table and one of the platform's.</summary>
public class DataFixture : IAsyncLifetime
{
    private const string Script = """
        create table notes (tenant_id uuid not null, id uuid not null, text text, primary key (tenant_id, id));
        alter table notes enable row level security;
        alter table notes force row level security;
        create policy tenant on notes to {app}
            using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
            with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
        create policy system on notes to {system} using (true) with check (true);
        grant select, insert, update, delete on notes to {app}, {system};

        create table counters (name text primary key, value int not null);
        grant select, insert, update, delete on counters to {app}, {system};
        """;

    private TestDatabase? test;

    public TestDatabase Test => test!;

    protected virtual string Schema => TestCluster.Schema;

    public static TenantId NewTenant() => TypedId.New<TenantId>(TimeProvider.System);

    public static Task AddNoteAsync(Tx tx, string text, CancellationToken ct) => tx.ExecuteAsync(
        "insert into notes (tenant_id, id, text) values (@tenant, @id, @text)", new { tenant = tx.Tenant, id = tx.NewId<NoteId>(), text }, ct);

    public static Task<List<string>> ListNotesAsync(Tx tx, CancellationToken ct) => tx.ListAsync<string>("select text from notes order by id", null, ct);

    public async ValueTask InitializeAsync() => test = await TestDatabase.CreateWithAsync(Script, Schema);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Test.DisposeAsync();
    }
}

public readonly record struct NoteId(Guid Value) : ITypedId<NoteId>
{
    public static NoteId From(Guid value) => new(value);
}
