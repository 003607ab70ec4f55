using System.Buffers;
using System.Net;

namespace Signet.OpenIdFederation;

/// <summary>
/// The identifier of an entity: an <c>https</c> URL with a host, perhaps a port and a path, and nothing else (OIDFed §1.2). Two are the same
/// only if they are the same text: a slash more or less is another entity (OIDFed §16).
/// </summary>
public sealed record EntityId
{
    /// <summary>Longest identifier read, in characters.</summary>
    public const int MaxLength = 2048;

    private const string Scheme = "https://";
    private const int MaxHostLength = 253;
    private const int MaxLabelLength = 63;

    // RFC 3986 §3.3: pchar and "/", without "%", which is looked at by itself.
    private static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/%");

    // The underscore is no character of a host name, but of names in use, the specification's own examples among them.
    private static readonly SearchValues<char> LabelCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private EntityId(string value, string host, bool isAddress)
    {
        Value = value;
        Host = host;
        IsHostAddress = isAddress;
    }

    /// <summary>The identifier, as written.</summary>
    public string Value { get; }

    /// <summary>The host in lower case, without port and without a trailing dot: what naming constraints look at.</summary>
    public string Host { get; }

    /// <summary>Whether the host is an IP address, which no naming constraint can permit (RFC 5280 §4.2.1.10).</summary>
    public bool IsHostAddress { get; }

    /// <summary>Where the entity publishes its configuration. OIDFed §9: one trailing slash is removed first.</summary>
    public string ConfigurationUrl =>
        string.Concat(Value.AsSpan(0, Value.EndsWith('/') ? Value.Length - 1 : Value.Length), "/.well-known/openid-federation");

    /// <summary>Reads an identifier; null when it is none.</summary>
    public static EntityId? TryParse(string? text)
    {
        if (text is null || text.Length > MaxLength || !text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = text.AsSpan(Scheme.Length);
        var slash = rest.IndexOf('/');
        var authority = slash < 0 ? rest : rest[..slash];
        if (slash >= 0 && !IsPath(rest[slash..]))
        {
            return null;
        }

        return TrySplit(authority, out var host) && TryReadHost(host, out var name, out var isAddress) ? new EntityId(text, name, isAddress) : null;
    }

    /// <summary>The identifier in a string the program itself has written.</summary>
    /// <exception cref="ArgumentException">The text is no entity identifier.</exception>
    public static EntityId Parse(string text) =>
        TryParse(text) ?? throw new ArgumentException("An entity identifier is an https URL with a host, perhaps a port and a path.", nameof(text));

    /// <inheritdoc />
    public bool Equals(EntityId? other) => other is not null && string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Value);

    /// <summary>The identifier, as written.</summary>
    public override string ToString() => Value;

    internal bool Is(string? text) => string.Equals(Value, text, StringComparison.Ordinal);

    private static bool TrySplit(ReadOnlySpan<char> authority, out ReadOnlySpan<char> host)
    {
        var bracket = authority.LastIndexOf(']');
        var colon = authority[(bracket + 1)..].IndexOf(':');
        host = colon < 0 ? authority : authority[..(bracket + 1 + colon)];
        return colon < 0 || IsPort(authority[(bracket + 2 + colon)..]);
    }

    private static bool IsPort(ReadOnlySpan<char> text)
    {
        if (text.Length is < 1 or > 5 || text[0] == '0')
        {
            return false;
        }

        var port = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return false;
            }

            port = (port * 10) + (digit - '0');
        }

        return port <= ushort.MaxValue;
    }

    private static bool TryReadHost(ReadOnlySpan<char> host, out string name, out bool isAddress)
    {
        name = "";
        isAddress = false;
        if (host.StartsWith('['))
        {
            isAddress = true;
            name = host.ToString().ToLowerInvariant();
            return host.EndsWith(']') && host.Contains(':') && !host.Contains('%') && IPAddress.TryParse(host[1..^1], out _);
        }

        // A trailing dot names the same host: without it, a constraint can't be walked around.
        var bare = host.EndsWith('.') ? host[..^1] : host;
        if (!IsName(bare))
        {
            return false;
        }

        // WHATWG URL §3.5: a last label of digits makes the whole an address, however it is spelled.
        var last = bare[(bare.LastIndexOf('.') + 1)..];
        isAddress = !last.ContainsAnyExceptInRange('0', '9') || last.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        name = bare.ToString().ToLowerInvariant();
        return !isAddress || (bare.Count('.') == 3 && IPAddress.TryParse(bare, out _));
    }

    internal static bool IsName(ReadOnlySpan<char> host)
    {
        if (host.Length is 0 or > MaxHostLength)
        {
            return false;
        }

        foreach (var range in host.Split('.'))
        {
            var label = host[range];
            if (label.Length is 0 or > MaxLabelLength || label.ContainsAnyExcept(LabelCharacters))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsPath(ReadOnlySpan<char> path)
    {
        if (path.ContainsAnyExcept(PathCharacters))
        {
            return false;
        }

        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '%' && (i + 2 >= path.Length || !char.IsAsciiHexDigit(path[i + 1]) || !char.IsAsciiHexDigit(path[i + 2])))
            {
                return false;
            }
        }

        // RFC 3986 §5.2.4: what a URL parser would take out would lead to another entity's document.
        foreach (var range in path.Split('/'))
        {
            if (path[range] is "." or "..")
            {
                return false;
            }
        }

        return true;
    }
}
