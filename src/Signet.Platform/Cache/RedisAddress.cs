using System.Diagnostics.CodeAnalysis;
using StackExchange.Redis;

namespace Signet.Platform.Cache;

/// <summary>Where Redis is: <c>redis://[user:password@]host[:port][/database]</c>, or <c>rediss://</c> for TLS.</summary>
public sealed record RedisAddress
{
    private RedisAddress(Uri uri, int database)
    {
        Host = uri.IdnHost;
        Port = uri.Port > 0 ? uri.Port : 6379;
        Database = database;
        Tls = uri.Scheme == "rediss";
        var colon = uri.UserInfo.IndexOf(':', StringComparison.Ordinal);
        User = colon > 0 ? Uri.UnescapeDataString(uri.UserInfo[..colon]) : null;
        Password = colon >= 0 ? Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]) : null;
    }

    public string Host { get; }

    public int Port { get; }

    public int Database { get; }

    public bool Tls { get; }

    private string? User { get; }

    private string? Password { get; }

    public static bool TryParse(string? url, [NotNullWhen(true)] out RedisAddress? address)
    {
        address = null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("redis" or "rediss") || uri.Host.Length == 0
            || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return false;
        }

        var path = uri.AbsolutePath.Trim('/');
        var database = 0;
        if (path.Length > 0 && !(int.TryParse(path, out database) && database is >= 0 and < 1024))
        {
            return false;
        }

        address = new RedisAddress(uri, database);
        return true;
    }

    /// <summary>Without the password.</summary>
    public override string ToString() => $"{Host}:{Port}/{Database}";

    // A lost server answers at once with an error, never with a queue that waits for it; connecting goes on in the background for ever.
    internal ConfigurationOptions ToOptions() => new()
    {
        EndPoints = { { Host, Port } },
        User = User,
        Password = Password,
        DefaultDatabase = Database,
        Ssl = Tls,
        AbortOnConnectFail = false,
        BacklogPolicy = BacklogPolicy.FailFast,
        ConnectTimeout = 2000,
        AsyncTimeout = 500,
        SyncTimeout = 500,
        HeartbeatInterval = TimeSpan.FromMilliseconds(500),
        ReconnectRetryPolicy = new LinearRetry(500),
        ClientName = "signet",
    };
}
