using System.Runtime.CompilerServices;
using Signet.Platform.Cache;
using Signet.Platform.Crypto;
using Signet.Platform.Data;
using Signet.Server.Secrets.Storage;

namespace Signet.Server.Secrets;

/// <summary>
/// The data keys of tenants and persons, made when first asked for and copied on this node. A key that was made in a transaction is known to that
/// transaction only until it commits, and no copy outlives the news that its key was rotated or erased.
/// </summary>
public sealed class DataKeys
{
    internal const string TenantTopic = "data_key";
    internal const string SubjectTopic = "subject_key";
    private const int TenantCapacity = 10_000;
    private const int SubjectCapacity = 50_000;

    private readonly MasterKeys masters;
    private readonly Notifications notifications;
    private readonly BoundedMap<TenantId, TenantKeys> tenants = new(TenantCapacity);
    private readonly BoundedMap<(TenantId, Guid), SubjectKey> subjects = new(SubjectCapacity);
    private readonly ConditionalWeakTable<Tx, OfTransaction> ofTransactions = [];

    // Goes up with any news: what was read before it is not kept.
    private int epoch;

    public DataKeys(BootstrapSecrets secrets, Notifications notifications)
    {
        masters = secrets.MasterEncryption;
        this.notifications = notifications;
        notifications.Subscribe(TenantTopic, ForgetTenant, ForgetEverything);
        notifications.Subscribe(SubjectTopic, ForgetSubject, ForgetEverything);
    }

    /// <summary>The key of the person's personal data in this transaction's tenant.</summary>
    public ValueTask<SubjectKey> ForSubjectAsync(Tx tx, Guid subject, CancellationToken ct) => ForSubjectAsync(tx, tx.Tenant, subject, ct);

    /// <summary>The same where the transaction is across tenants.</summary>
    public ValueTask<SubjectKey> ForSubjectAsync(Tx tx, TenantId tenant, Guid subject, CancellationToken ct)
    {
        if (ofTransactions.TryGetValue(tx, out var own) && own.Subjects.TryGetValue((tenant, subject), out var made))
        {
            return new(made);
        }

        return notifications.Connected && subjects.TryGet((tenant, subject), out var copy)
            ? new(copy)
            : new(ReadOrMakeSubjectAsync(tx, tenant, subject, ct));
    }

    /// <summary>The newest key of the tenant. It is not for sealing directly: <see cref="FieldCipher"/> also sees to it that rotation finds the value.</summary>
    internal async ValueTask<TenantKeys> ForTenantAsync(Tx tx, TenantId tenant, CancellationToken ct)
    {
        if (ofTransactions.TryGetValue(tx, out var own) && own.Tenants.TryGetValue(tenant, out var made))
        {
            return made;
        }

        return notifications.Connected && tenants.TryGet(tenant, out var copy) ? copy : await ReadOrMakeTenantAsync(tx, tenant, ct);
    }

    /// <summary>What the database says now, whatever this node has copied.</summary>
    internal async Task<TenantKeys?> ReadTenantAsync(Tx tx, TenantId tenant, CancellationToken ct)
    {
        var before = Volatile.Read(ref epoch);
        var rows = await DataKeyRows.ListAsync(tx, tenant, ct);
        var live = rows.Where(row => row.Wrapped is not null)
            .Select(row => DataKey.Unwrap(row.Version, row.Wrapped!, masters, PlaceOf(tenant, row.Version)))
            .ToList();
        if (rows.Count == 0)
        {
            return null;
        }

        if (live.Count == 0)
        {
            throw new InvalidOperationException("The keys of this tenant were erased.");
        }

        var keys = new TenantKeys(tenant, live[^1], live, [.. rows.Where(row => row.Wrapped is null).Select(row => row.Version)]);
        // A key that this transaction made is among the rows it reads, and is gone again if it rolls back.
        if (ofTransactions.TryGetValue(tx, out var own) && own.Tenants.ContainsKey(tenant))
        {
            return keys;
        }

        tenants.Set(tenant, keys);
        if (Volatile.Read(ref epoch) != before)
        {
            tenants.Remove(tenant);
        }

        return keys;
    }

    /// <summary>At this transaction's commit the key must still be live, or its work is done again: rotation may be dropping it.</summary>
    internal void Hold(Tx tx, TenantId tenant, DataKey key)
    {
        if (ofTransactions.GetOrCreateValue(tx).Held.Add((tenant, key.Version)))
        {
            DataKeyRows.Hold(tx, tenant, key.Version);
        }
    }

    internal static string[] PlaceOf(TenantId tenant, int version) => ["data_keys", tenant.ToString(), version.ToString(System.Globalization.CultureInfo.InvariantCulture)];

    internal static string[] PlaceOf(TenantId tenant, Guid subject) => ["subject_keys", tenant.ToString(), subject.ToString()];

    internal static string NewsOf(TenantId tenant, Guid subject) => $"{tenant}/{subject}";

    private async Task<TenantKeys> ReadOrMakeTenantAsync(Tx tx, TenantId tenant, CancellationToken ct)
    {
        if (await ReadTenantAsync(tx, tenant, ct) is { } known)
        {
            return known;
        }

        var key = DataKey.New(version: 1);
        var master = await NewestMasterAsync(tx, ct);
        if (!await DataKeyRows.AddAsync(tx, tenant, key.Version, key.WrapWith(master, PlaceOf(tenant, key.Version)), master.Version, ct))
        {
            // Somebody else's was first, and is committed: the statement waited for that.
            return await ReadTenantAsync(tx, tenant, ct) ?? throw new InvalidOperationException("A data key that was there is gone.");
        }

        // Not among the copies: if this transaction is rolled back, the key has never been.
        var made = new TenantKeys(tenant, key, [key], []);
        ofTransactions.GetOrCreateValue(tx).Tenants[tenant] = made;
        return made;
    }

    private async Task<SubjectKey> ReadOrMakeSubjectAsync(Tx tx, TenantId tenant, Guid subject, CancellationToken ct)
    {
        if (await ReadSubjectAsync(tx, tenant, subject, ct) is { } known)
        {
            return known;
        }

        var key = DataKey.New(version: 1);
        var master = await NewestMasterAsync(tx, ct);
        if (!await SubjectKeyRows.AddAsync(tx, tenant, subject, key.WrapWith(master, PlaceOf(tenant, subject)), master.Version, ct))
        {
            return await ReadSubjectAsync(tx, tenant, subject, ct) ?? throw new InvalidOperationException("A subject key that was there is gone.");
        }

        var made = new SubjectKey.Live(key);
        ofTransactions.GetOrCreateValue(tx).Subjects[(tenant, subject)] = made;
        return made;
    }

    private async Task<SubjectKey?> ReadSubjectAsync(Tx tx, TenantId tenant, Guid subject, CancellationToken ct)
    {
        var before = Volatile.Read(ref epoch);
        if (await SubjectKeyRows.FindAsync(tx, tenant, subject, ct) is not { } row)
        {
            return null;
        }

        SubjectKey key = row.Wrapped is null
            ? new SubjectKey.Erased()
            : new SubjectKey.Live(DataKey.Unwrap(version: 1, row.Wrapped, masters, PlaceOf(tenant, subject)));
        subjects.Set((tenant, subject), key);
        if (Volatile.Read(ref epoch) != before)
        {
            subjects.Remove((tenant, subject));
        }

        return key;
    }

    // A node whose file is older than the database's list of versions reads the file again before it makes a key.
    private async Task<MasterKey> NewestMasterAsync(Tx tx, CancellationToken ct)
    {
        if (await SecretVersions.NewestMasterAsync(tx, ct) > masters.Newest.Version)
        {
            masters.Reload();
        }

        await SecretVersions.HoldMasterAsync(tx, masters.Newest.Version, ct);
        return masters.Newest;
    }

    private void ForgetTenant(string key)
    {
        Interlocked.Increment(ref epoch);
        if (TenantId.TryParse(key, null, out var tenant))
        {
            tenants.Remove(tenant);
        }
    }

    private void ForgetSubject(string key)
    {
        Interlocked.Increment(ref epoch);
        if (key.Split('/') is [var first, var second] && TenantId.TryParse(first, null, out var tenant) && Guid.TryParse(second, out var subject))
        {
            subjects.Remove((tenant, subject));
        }
    }

    private void ForgetEverything()
    {
        Interlocked.Increment(ref epoch);
        tenants.Clear();
        subjects.Clear();
    }

    private sealed class OfTransaction
    {
        public Dictionary<TenantId, TenantKeys> Tenants { get; } = [];

        public Dictionary<(TenantId, Guid), SubjectKey> Subjects { get; } = [];

        public HashSet<(TenantId, int)> Held { get; } = [];
    }
}
