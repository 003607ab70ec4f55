using Npgsql;

namespace Signet.Platform.Data;

/// <summary>Turns <c>postgresql://user:password@host:port/database?sslmode=require</c> into a connection string.</summary>
public static class DatabaseUrl
{
    /// <summary>Null where it is not such a URL, or names an option that is not known.</summary>
    public static string? TryParse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("postgres" or "postgresql") || url.AbsolutePath.Length < 2)
        {
            return null;
        }

        var user = url.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host,
            Port = url.Port > 0 ? url.Port : 5432,
            Database = Uri.UnescapeDataString(url.AbsolutePath[1..]),
            Username = Uri.UnescapeDataString(user[0]),
            Password = user is [_, var password] ? Uri.UnescapeDataString(password) : null,
        };
        foreach (var option in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (option.Split('=', 2) is not [var name, var value] || !TrySet(builder, name, Uri.UnescapeDataString(value)))
            {
                return null;
            }
        }

        return builder.ConnectionString;
    }

    private static bool TrySet(NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        switch (name)
        {
            // A directory: the socket in it.
            case "host":
                builder.Host = value;
                return true;
            case "sslrootcert":
                builder.RootCertificate = value;
                return true;
            case "sslmode" when Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode):
                builder.SslMode = mode;
                return true;
            case "connect_timeout" when int.TryParse(value, out var seconds):
                builder.Timeout = seconds;
                return true;
            default:
                return false;
        }
    }
}
