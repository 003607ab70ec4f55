using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Secrets;
using Signet.Testing;

namespace Server.Tests.Secrets;

/// <summary>One node over a database with a table <c>vault</c> whose column <c>content</c> is encrypted: its secrets, its copies of keys, its doors.</summary>
internal sealed class VaultNode
{
    public static readonly EncryptedColumn Content = new("vault", "content", "id");
    public static readonly EncryptedColumn Note = new("vault", "note", "id");
    public static readonly Origin Operator = Origin.OfOperator("test", "request-1");

    private readonly CheckSecrets check;

    private VaultNode(TestDatabase database, BootstrapSecrets secrets, TimeProvider time)
    {
        Secrets = secrets;
        Db = database.Db(time, News, KeepEvents);
        Keys = new DataKeys(secrets, News);
        Cipher = new FieldCipher(Keys, [Content, Note]);
        check = new CheckSecrets(Db, secrets);
        Rotation = new RotateSecrets(Db, secrets, check, new TenantRotation(Db, secrets, Keys, [Content, Note], NullLogger<TenantRotation>.Instance), time);
    }

    public Notifications News { get; } = new();

    public BootstrapSecrets Secrets { get; }

    public Db Db { get; }

    public DataKeys Keys { get; }

    public FieldCipher Cipher { get; }

    public RotateSecrets Rotation { get; }

    public List<DomainEvent> Events { get; } = [];

    public static Task MakeTableAsync(TestDatabase database) => TestCluster.AdministerAsync($"""
        create table {database.Address.Schema}.vault (
            tenant_id uuid not null, id uuid not null, content bytea, note bytea, primary key (tenant_id, id));
        alter table {database.Address.Schema}.vault enable row level security;
        create policy tenant on {database.Address.Schema}.vault using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
        grant select, insert, update on {database.Address.Schema}.vault to "{database.Address.ApplicationRole}";
        """, database);

    /// <summary>A node that has passed its start-up check.</summary>
    public static async Task<VaultNode> StartAsync(TestDatabase database, BootstrapSecrets secrets, TimeProvider? time = null)
    {
        var node = new VaultNode(database, secrets, time ?? TimeProvider.System);
        await node.CheckAsync();
        return node;
    }

    public Task CheckAsync() => check.RunAsync(CancellationToken.None);

    public Task PutAsync(TenantId tenant, Guid id, string text) => Db.InTenantAsync(tenant, tx => PutAsync(tx, id, text), CancellationToken.None);

    public async Task PutAsync(Tx tx, Guid id, string text)
    {
        var content = await Cipher.SealAsync(tx, Content, id.ToString(), Encoding.UTF8.GetBytes(text), CancellationToken.None);
        await tx.ExecuteAsync("""
            insert into vault (tenant_id, id, content) values (@tenant, @id, @content) on conflict (tenant_id, id) do update set content = @content
            """, new { tenant = tx.Tenant, id, content }, CancellationToken.None);
    }

    public Task<string> ReadAsync(TenantId tenant, Guid id) => Db.InTenantAsync(tenant, async tx =>
    {
        var value = await tx.GetAsync<byte[]>("select content from vault where id = @id", new { id }, CancellationToken.None);
        return await Cipher.OpenAsync(tx, Content, id.ToString(), value, CancellationToken.None) is FieldOpening.Opened opened
            ? Encoding.UTF8.GetString(opened.Plain)
            : "[erased]";
    }, CancellationToken.None);

    public Task<byte[]> RawAsync(TenantId tenant, Guid id) => Db.InTenantAsync(
        tenant, tx => tx.GetAsync<byte[]>("select content from vault where id = @id", new { id }, CancellationToken.None), CancellationToken.None);

    public Task PlantAsync(TenantId tenant, Guid id, byte[] value) => Db.InTenantAsync(
        tenant, tx => tx.ExecuteAsync("update vault set content = @value where id = @id", new { id, value }, CancellationToken.None), CancellationToken.None);

    public static TenantId NewTenant() => TypedId.New<TenantId>(TimeProvider.System);

    public static Guid NewId() => Guid.CreateVersion7();

    private ValueTask KeepEvents(Tx tx, CancellationToken ct)
    {
        Events.AddRange(tx.Events.Select(raised => raised.Event));
        return ValueTask.CompletedTask;
    }
}
