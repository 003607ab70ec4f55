using Signet.Platform.Cache;
using Signet.Platform.Data;
using Signet.Platform.Outbox;
using Signet.Server.Clients;
using Signet.Server.Consent.Storage;
using Signet.Server.Users;

namespace Signet.Server.Consent;

/// <summary>What people allowed applications, from this node's copy, which goes the moment somebody allows or withdraws.</summary>
public sealed class ConsentRecord(Db db, Notifications notifications, TimeProvider time)
{
    private const string Topic = "consents";

    private readonly NodeCache<(TenantId Tenant, UserId User, ClientId Client), string[]> scopes =
        new(Topic, key => $"{key.User}/{key.Client}", new NodeCacheOptions(50_000), notifications, time);

    /// <summary>Whether the person allowed the application all of these.</summary>
    public async ValueTask<bool> CoversAsync(TenantId tenant, UserId user, ClientId client, IReadOnlyList<string> wanted, CancellationToken ct)
    {
        var allowed = await scopes.GetAsync((tenant, user, client), (key, token) => Consents.FindAsync(db, key.Tenant, key.User, key.Client, token), ct);
        return wanted.All(allowed.Contains);
    }

    /// <summary>What the person allowed, newest first.</summary>
    public async Task<IReadOnlyList<Consented>> ListAsync(TenantId tenant, UserId user, CancellationToken ct) =>
        [.. (await Consents.OfUserAsync(db, tenant, user, ct)).Select(row => new Consented(row.ClientId, row.Scopes, row.GrantedAt))];

    public static async Task GrantAsync(Tx tx, Origin origin, UserId user, ClientId client, IReadOnlyList<string> allowed, CancellationToken ct)
    {
        await Consents.AddAsync(tx, user, client, [.. allowed], ct);
        tx.Emit(origin, new ConsentGranted(user, client, allowed));
        tx.Notify(Topic, $"{user}/{client}");
    }

    /// <summary>False where there was none.</summary>
    public static async Task<bool> WithdrawAsync(Tx tx, Origin origin, UserId user, ClientId client, CancellationToken ct)
    {
        if (!await Consents.RemoveAsync(tx, user, client, ct))
        {
            return false;
        }

        tx.Emit(origin, new ConsentWithdrawn(user, client));
        tx.Notify(Topic, $"{user}/{client}");
        return true;
    }
}

/// <summary>One application a person allowed something.</summary>
public sealed record Consented(ClientId Client, IReadOnlyList<string> Scopes, DateTimeOffset At);

public sealed record ConsentGranted(UserId User, ClientId Client, IReadOnlyList<string> Scopes) : DomainEvent
{
    public override string Action => "consents.granted";

    public override Target Target => new("client", Client.ToString());

    public override Guid? Subject => User.Value;
}

public sealed record ConsentWithdrawn(UserId User, ClientId Client) : DomainEvent
{
    public override string Action => "consents.withdrawn";

    public override Target Target => new("client", Client.ToString());

    public override Guid? Subject => User.Value;
}
