using System.Security.Cryptography;
using System.Text;
using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Server.Federation.Storage;

namespace Signet.Server.Federation;

/// <summary>What is signed ahead.</summary>
internal enum StatementKind
{
    Configuration,
    HistoricalKeys,
    Subordinate,
}

/// <summary>A signed document as the bytes that go out.</summary>
internal sealed record SignedStatement(byte[] Bytes, string ETag, DateTimeOffset ExpiresAt)
{
    public static SignedStatement Of(StatementRow row)
    {
        var bytes = Encoding.ASCII.GetBytes(row.Jwt);
        return new SignedStatement(bytes, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\"", row.ExpiresAt);
    }
}

/// <summary>
/// What was signed ahead, from this node's copy, which goes with the commit that replaces it or takes it away. The copy is what the database has; whether it
/// has ended is for who serves it.
/// </summary>
internal sealed class StatementShelf(Db db, Notifications notifications, TimeProvider time)
{
    public const string Topic = "federation_statements";

    private readonly NodeCache<(TenantId Tenant, StatementKind Kind, string Subject), SignedStatement?> byPlace =
        new(Topic, key => KeyOf(key.Tenant, key.Subject), new NodeCacheOptions(50_000) { NegativeAge = TimeSpan.FromSeconds(1) }, notifications, time);

    public ValueTask<SignedStatement?> FindAsync(TenantId tenant, StatementKind kind, string subject, CancellationToken ct) =>
        byPlace.GetAsync((tenant, kind, subject), LoadAsync, ct);

    public static void Forget(Tx tx, string subject) => tx.Notify(Topic, KeyOf(tx.Tenant, subject));

    /// <summary>Of every tenant: a key was withdrawn, which is rare.</summary>
    public static void ForgetAll(Tx tx) => tx.Notify(Topic, NodeCache<string, string>.Everything);

    // A subject may be long; news may not be.
    private static string KeyOf(TenantId tenant, string subject) =>
        subject.Length == 0 ? tenant.ToString() : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant} {subject}")).AsSpan(0, 16));

    private Task<SignedStatement?> LoadAsync((TenantId Tenant, StatementKind Kind, string Subject) key, CancellationToken ct) =>
        db.InTenantAsync(key.Tenant, async tx => await StatementRows.FindAsync(tx, key.Kind, key.Subject, ct) is { } row ? SignedStatement.Of(row) : null, ct);
}
