using Microsoft.Extensions.Logging.Abstractions;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Audit;
using Signet.Server.Secrets;
using Signet.Testing;
using Signet.Transparency;
using Xunit;

namespace Server.Tests.Audit;

/// <summary>One tenant's audit log on a real database, with all that writes, seals and checks it.</summary>
internal sealed class TestAudit : IAsyncDisposable
{
    public static readonly Origin Origin = new(ActorKind.User, "0197f7a0-0000-7000-8000-00000000000a", "192.0.2.7", "Browser/1.0 (Test)", "req-1");

    private readonly TestDatabase database;
    private AuditWriter? writer;

    public TestAudit(TestDatabase database, TimeProvider? time = null, BootstrapSecrets? secrets = null, TenantId? tenant = null)
    {
        Tenant = tenant ?? TypedId.New<TenantId>(TimeProvider.System);
        this.database = database;
        Time = time ?? TimeProvider.System;
        var kept = secrets ?? Secrets;
        var derived = new DerivedKeys(kept);
        Mac = new AuditMac(derived);
        Signer = new CheckpointSigner(kept);
        Trusted = new TrustedKeys(derived, Signer);
        var notifications = new Notifications();
        RecordOnCommit? record = null;
        Db = database.Db(Time, notifications, (tx, ct) => record!.RunAsync(tx, ct));
        Personal = new PersonalFields(new DataKeys(kept, notifications), Db);
        Scribe = new AuditScribe(Mac, Personal);
        record = new RecordOnCommit(Scribe, Metrics);
        Seal = new SealAudit(Db, Signer, Trusted, Metrics, NullLogger<SealAudit>.Instance);
        Verify = new VerifyAudit(Db, Mac, Trusted);
        Prune = new PruneAudit(Db, Time);
        Find = new FindAuditEntry(Db, Mac, Personal);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static PersonalFields NoSubjects { get; } = new(null!, null!);

    public static BootstrapSecrets Secrets { get; } = SecretsWith(audit: 4);

    public TenantId Tenant { get; }

    public TimeProvider Time { get; }

    public AuditMetrics Metrics { get; } = new();

    public AuditMac Mac { get; }

    public CheckpointSigner Signer { get; }

    public TrustedKeys Trusted { get; }

    public PersonalFields Personal { get; }

    public AuditScribe Scribe { get; }

    public Db Db { get; }

    public SealAudit Seal { get; }

    public VerifyAudit Verify { get; }

    public PruneAudit Prune { get; }

    public FindAuditEntry Find { get; }

    public AuditWriter Writer => writer ??= new AuditWriter(database.Database, Scribe, new EventSubscriptions([]), Metrics, Time, NullLogger<AuditWriter>.Instance);

    public ExportAudit Export => new(Db, Trusted, Writer);

    public static BootstrapSecrets SecretsWith(byte audit) => BootstrapSecrets.Load(secret => new SecretSource.Value(
        Convert.ToHexStringLower([.. Enumerable.Repeat(secret is BootstrapSecret.Audit ? audit : (byte)(secret + 1), 32)])));

    /// <summary>Records events in one transaction.</summary>
    public Task RecordAsync(params DomainEvent[] events) => Db.InTenantAsync(Tenant, tx =>
    {
        foreach (var happened in events)
        {
            tx.Emit(Origin, happened);
        }

        return Task.CompletedTask;
    }, Ct);

    /// <summary>A sealed log of this many doors, the introduction of the key after them.</summary>
    public async Task SealDoorsAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await RecordAsync(new DoorOpened($"door-{i}", i));
        }

        await SealAllAsync();
    }

    public async Task SealAllAsync()
    {
        while (await Seal.RunAsync(Ct) > 0)
        {
        }
    }

    public Task<AuditVerification> VerifyAsync(params string[] witnessed) => Verify.RunAsync(Tenant, witnessed, Ct);

    public async Task<string> ExportTextAsync()
    {
        using var stream = new MemoryStream();
        await Export.RunAsync(Tenant, Origin, stream, Ct);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    public Task<AuditVerification> VerifyExportAsync(string export, params string[] witnessed) => VerifyExport.RunAsync(
        () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(export)), [Signer.KeyOf(Tenant)], witnessed, Ct);

    public async Task<string> CheckpointAsync() => (await new GetCheckpoint(Db, Trusted).FindAsync(Tenant, Ct))!;

    /// <summary>A checkpoint of this log with any root, signed with the real key: what a thief of the key could make.</summary>
    public string Forge(long size, TreeHash root) => Signer.Sign(Tenant, size, root, Time.GetUtcNow());

    public Task<List<T>> ListAsync<T>(string sql) => Db.ListInTenantAsync<T>(Tenant, sql, new { tenant = Tenant }, Ct);

    /// <summary>Writes as PostgreSQL's superuser: past row security, grants and triggers.</summary>
    public Task TamperAsync(string sql) => TestCluster.AdministerAsync(
        $"set search_path = {database.Address.Schema}; set session_replication_role = replica; {sql.Replace("{tenant}", $"'{Tenant}'")}", database);

    public async ValueTask DisposeAsync()
    {
        if (writer is not null)
        {
            await writer.DisposeAsync();
        }

        Metrics.Dispose();
    }
}

internal sealed record DoorOpened(string Door, int Times) : DomainEvent
{
    public override string Action => "doors.opened";

    public override Target Target => new("door", Door);
}

internal sealed record PersonMoved(Guid Person, [property: Personal] string Street, string City) : DomainEvent
{
    public override string Action => "people.moved";

    public override Target Target => new("person", Person.ToString());

    public override Guid? Subject => Person;
}
